package dev.tracery.grpc.security;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The tokens that callers may send. Only their hashes are kept.
///
/// A line of the file is `TOKEN` or `NAME TOKEN`, or empty, or begins with `#`.
record Tokens(List<Known> known) {

  /// @param name who has it
  /// @param hash the SHA-256 of its characters
  private record Known(String name, byte[] hash) {}

  private static final int SHORTEST = 16;
  private static final int LONGEST = 1024;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

  // RFC 6750, section 2.1, with its `=` at the end.
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

  /// Reads a file. There may be no token in it.
  ///
  /// @throws IllegalArgumentException if others may read it, or a line is none; tokens are not in
  ///   the message
  static Tokens read(Path file) {
    String text = SmallFile.read("the token file", file);
    if (SmallFile.isOpenToOthers(file)) {
      throw new IllegalArgumentException(
          "the token file " + file + " is open to other users; close it: chmod 600 " + file);
    }
    List<Known> known = new ArrayList<>();
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      String stripped = line.strip();
      if (!stripped.isEmpty() && !stripped.startsWith("#")) {
        known.add(read(stripped, file, number, known));
      }
    }
    return new Tokens(List.copyOf(known));
  }

  private static Known read(String line, Path file, int number, List<Known> before) {
    String[] words = line.split("\\s+");
    String token = words[words.length - 1];
    String name = words.length == 2 ? words[0] : "line " + number;
    if (words.length > 2) {
      throw wrong(file, number, "expected TOKEN or NAME TOKEN");
    }
    if (words.length == 2 && !NAME.matcher(name).matches()) {
      throw wrong(file, number, "a name is 1 to 64 letters, digits and . _ @ -");
    }
    if (!TOKEN.matcher(token).matches()) {
      throw wrong(file, number, "a token is letters, digits and - . _ ~ + / and = at its end");
    }
    if (token.length() < SHORTEST || token.length() > LONGEST) {
      throw wrong(
          file,
          number,
          "a token has "
              + SHORTEST
              + " to "
              + LONGEST
              + " characters; `openssl rand -hex 32` makes one");
    }
    byte[] hash = hash(token);
    for (Known other : before) {
      if (MessageDigest.isEqual(hash, other.hash)) {
        throw wrong(file, number, "the token is that of " + other.name);
      }
    }
    return new Known(name, hash);
  }

  private static IllegalArgumentException wrong(Path file, int number, String problem) {
    return new IllegalArgumentException("the token file " + file + ":" + number + ": " + problem);
  }

  /// Whose token this is. Takes as long for one that is nearly right as for any other.
  Optional<String> nameOf(String token) {
    byte[] hash = hash(token);
    Optional<String> name = Optional.empty();
    for (Known one : known) {
      if (MessageDigest.isEqual(hash, one.hash)) {
        name = Optional.of(one.name);
      }
    }
    return name;
  }

  boolean isEmpty() {
    return known.isEmpty();
  }

  private static byte[] hash(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
