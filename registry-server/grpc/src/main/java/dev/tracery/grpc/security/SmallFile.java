package dev.tracery.grpc.security;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/// A file that a person names and that is read at once.
final class SmallFile {

  private static final int MAX_BYTES = 1 << 20;

  private SmallFile() {}

  /// The whole text, as ISO 8859-1: what is no ASCII is no part of what we read.
  ///
  /// @param what the file is, for messages: `the TLS certificate`
  /// @throws IllegalArgumentException saying why it cannot be read
  static String read(String what, Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IllegalArgumentException(what + " " + file + " is larger than 1 MiB");
      }
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("there is no file " + file + " for " + what, e);
    } catch (AccessDeniedException e) {
      throw new IllegalArgumentException(
          what + " " + file + " cannot be read: permission denied", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          what + " " + file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /// Whether others than the owner and its group may read it, or others than the owner write it.
  /// Not where the file system knows no such thing.
  static boolean isOpenToOthers(Path file) {
    Set<PosixFilePermission> open =
        EnumSet.of(
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.GROUP_WRITE);
    try {
      open.retainAll(Files.getPosixFilePermissions(file));
      return !open.isEmpty();
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
