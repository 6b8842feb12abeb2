package dev.tracery.it;

import dev.tracery.api.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// What a server with TLS needs, made for the test: an authority, a certificate for this machine,
/// and tokens.
///
/// @param authority of the server's certificate
/// @param folder where the files are
public record ServerFiles(TestAuthority authority, Path folder) {

  /// The token that [#make] writes.
  public static final String TOKEN = "a-token-of-the-tests-0123456789";

  /// Writes all files into `folder`.
  public static ServerFiles make(Path folder) throws IOException {
    Files.createDirectories(folder);
    ServerFiles files = new ServerFiles(new TestAuthority("tests"), folder);
    files.authority().write(files.ca());
    files
        .authority()
        .issue("localhost", "127.0.0.1", "::1")
        .write(files.certificate(), files.key());
    files.writeTokens("tests " + TOKEN);
    return files;
  }

  /// The PEM file that clients must trust.
  public Path ca() {
    return folder.resolve("ca.pem");
  }

  /// The server's certificate.
  public Path certificate() {
    return folder.resolve("server.pem");
  }

  /// The server's private key.
  public Path key() {
    return folder.resolve("server.key");
  }

  /// The tokens that the server knows.
  public Path tokens() {
    return folder.resolve("tokens");
  }

  /// Replaces the tokens.
  ///
  /// @param lines `TOKEN` or `NAME TOKEN`
  public void writeTokens(String... lines) throws IOException {
    if (!Files.exists(tokens())) {
      Files.createFile(
          tokens(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.write(tokens(), List.of(lines));
  }

  /// The options of `tracery serve` that make a server use these.
  public String[] options() {
    return new String[] {
      "--tls-cert", certificate().toString(),
      "--tls-key", key().toString(),
      "--token-file", tokens().toString()
    };
  }
}
