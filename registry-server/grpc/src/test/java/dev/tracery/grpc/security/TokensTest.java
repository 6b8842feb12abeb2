package dev.tracery.grpc.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TokensTest {

  private final Path file;

  TokensTest(@TempDir Path folder) {
    file = folder.resolve("tokens");
  }

  private Tokens read(String text, String permissions) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    return Tokens.read(file);
  }

  private String refusal(String text, String permissions) {
    return String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> read(text, permissions))
                .getMessage())
        .replace(file.toString(), "FILE");
  }

  @Test
  void a_token_says_whose_it_is() throws IOException {
    Tokens tokens =
        read(
            """
            # who may call

            ada 0123456789abcdef
              build-farm \tABCDEFGHIJKLMNOP._~+/-==\r
            fedcba9876543210
            """,
            "rw-------");

    assertEquals(Optional.of("ada"), tokens.nameOf("0123456789abcdef"));
    assertEquals(Optional.of("build-farm"), tokens.nameOf("ABCDEFGHIJKLMNOP._~+/-=="));
    assertEquals(Optional.of("line 5"), tokens.nameOf("fedcba9876543210"));
    assertEquals(Optional.empty(), tokens.nameOf("0123456789abcdeF"));
    assertEquals(Optional.empty(), tokens.nameOf(""));
    assertEquals(Optional.empty(), tokens.nameOf("# who may call"));
  }

  @Test
  void a_file_of_comments_has_no_token() throws IOException {
    assertEquals(true, read("# nobody\n\n", "rw-------").isEmpty());
  }

  @Test
  void the_group_may_read_it_and_nobody_else() throws IOException {
    assertEquals(false, read("0123456789abcdef\n", "r--r-----").isEmpty());
    for (String open : new String[] {"rw-r--r--", "rw--w----", "rw-----w-"}) {
      assertEquals(
          "the token file FILE is open to other users; close it: chmod 600 FILE",
          refusal("0123456789abcdef\n", open));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          short           | FILE:1: a token has 16 to 1024 characters; `openssl rand -hex 32` makes one
          ada a b         | FILE:1: expected TOKEN or NAME TOKEN
          a!a 0123456789abcdef | FILE:1: a name is 1 to 64 letters, digits and . _ @ -
          0123456789äbcdef | FILE:1: a token is letters, digits and - . _ ~ + / and = at its end
          0123456789=bcdef | FILE:1: a token is letters, digits and - . _ ~ + / and = at its end
          """)
  void a_line_that_is_wrong_is_named_and_not_shown(String line, String message) {
    assertEquals("the token file " + message, refusal(line + "\n", "rw-------"));
  }

  @Test
  void two_holders_of_one_token_are_refused() {
    assertEquals(
        "the token file FILE:2: the token is that of ada",
        refusal("ada 0123456789abcdef\nbob 0123456789abcdef\n", "rw-------"));
  }

  @Test
  void a_file_that_is_not_there_is_named() {
    assertEquals(
        "there is no file " + file + " for the token file",
        assertThrows(IllegalArgumentException.class, () -> Tokens.read(file)).getMessage());
  }
}
