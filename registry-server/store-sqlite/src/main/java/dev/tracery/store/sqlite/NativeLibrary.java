package dev.tracery.store.sqlite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;
import org.sqlite.util.LibraryLoaderUtil;

/// SQLite's native library, kept where the next start finds it. The driver by itself unpacks it
/// into the temporary directory at each start, which takes longer and leaves a megabyte behind
/// whenever the process is killed.
final class NativeLibrary {

  private static final String PATH_PROPERTY = "org.sqlite.lib.path";
  private static final String NAME_PROPERTY = "org.sqlite.lib.name";

  private NativeLibrary() {}

  /// Unpacks the library into `directory`, unless it is there, and tells the driver. Where that is
  /// not possible the driver does as it would have done, and so it does if the library cannot be
  /// loaded from there.
  static void keepIn(Path directory) {
    if (System.getProperty(PATH_PROPERTY) != null) {
      return;
    }
    String name = LibraryLoaderUtil.getNativeLibName();
    Path file = directory.resolve(name);
    try {
      byte[] library = library(name);
      if (library == null) {
        return;
      }
      if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), library)) {
        Files.createDirectories(directory);
        Path part = Files.createTempFile(directory, name, ".part");
        Files.write(part, library);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
      System.setProperty(PATH_PROPERTY, directory.toString());
      System.setProperty(NAME_PROPERTY, name);
    } catch (IOException e) {
      System.getLogger(NativeLibrary.class.getName())
          .log(System.Logger.Level.DEBUG, "not kept in " + directory + ": " + e);
    }
  }

  private static byte @Nullable [] library(String name) throws IOException {
    String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name;
    try (InputStream in = JDBC.class.getResourceAsStream(resource)) {
      return in == null ? null : in.readAllBytes();
    }
  }
}
