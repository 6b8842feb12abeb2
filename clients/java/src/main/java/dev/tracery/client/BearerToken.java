package dev.tracery.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a registry knows a caller by. It is sent over TLS or to this machine only. Thread-safe.
public final class BearerToken {

  // RFC 6750, section 2.1.
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

  private final @Nullable Path file;
  private volatile Read last;

  /// @param modified of the file, when this was read
  private record Read(String token, @Nullable FileTime modified) {}

  private BearerToken(@Nullable Path file, Read read) {
    this.file = file;
    this.last = read;
  }

  /// This token.
  ///
  /// @throws IllegalArgumentException if it has other characters than a token may have
  public static BearerToken of(String token) {
    if (!FORM.matcher(token).matches()) {
      // Why not shown: logs are no place for it.
      throw new IllegalArgumentException(
          "the token has characters that are no letters, digits or - . _ ~ + /");
    }
    return new BearerToken(null, new Read(token, null));
  }

  /// The token in this file, which is read when a client connects, and again when it has changed.
  /// It is the first line that is neither empty nor begins with `#`; if that has two words, the
  /// second, so that the server's own file will do.
  public static BearerToken ofFile(Path file) {
    return new BearerToken(file, new Read("", null));
  }

  /// Reads the file, if there is one.
  ///
  /// @throws IllegalArgumentException saying why there is no token in it
  void check() {
    if (file != null) {
      last = read(file);
    }
  }

  /// The token of now. A file that cannot be read any more leaves the last one in use.
  String value() {
    if (file != null) {
      try {
        if (!Files.getLastModifiedTime(file).equals(last.modified)) {
          last = read(file);
        }
      } catch (IOException | IllegalArgumentException _) {
        // Why: it may be about to be replaced; if it is not, the server says that it knows no such
        // token any more.
      }
    }
    return last.token;
  }

  private static Read read(Path file) {
    try {
      FileTime modified = Files.getLastModifiedTime(file);
      Optional<String> line =
          // Why not UTF-8: a file that is none would be said to be malformed, and is no token.
          Files.readString(file, StandardCharsets.ISO_8859_1)
              .lines()
              .map(String::strip)
              .filter(text -> !text.isEmpty() && !text.startsWith("#"))
              .findFirst();
      if (line.isEmpty()) {
        throw new IllegalArgumentException("there is no token in " + file);
      }
      String[] words = line.get().split("\\s+");
      String token = words[words.length - 1];
      if (words.length > 2 || !FORM.matcher(token).matches()) {
        throw new IllegalArgumentException(
            "the first line of "
                + file
                + " is no token: expected letters, digits and - . _ ~ + /, perhaps after a name");
      }
      return new Read(token, modified);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("there is no file " + file + " for the token", e);
    } catch (AccessDeniedException e) {
      throw new IllegalArgumentException(
          "the token file " + file + " cannot be read: permission denied", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the token file " + file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /// Does not show the token.
  @Override
  public String toString() {
    return file == null ? "BearerToken[...]" : "BearerToken[" + file + "]";
  }
}
