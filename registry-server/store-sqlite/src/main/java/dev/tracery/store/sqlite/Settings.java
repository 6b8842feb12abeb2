package dev.tracery.store.sqlite;

import dev.tracery.store.StoreException;
import dev.tracery.store.StoreException.Reason;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;

/// What the framework tells the store, and the store the launcher.
final class Settings {

  private static final String FILE_NAME = "registry.db";

  private Settings() {}

  /// The store's file.
  static Path path(BundleContext context) {
    String path = context.getProperty("tracery.store.path");
    String directory = context.getProperty("tracery.data");
    try {
      if (path != null) {
        return Path.of(path);
      }
      if (directory != null) {
        return Path.of(directory, FILE_NAME);
      }
    } catch (InvalidPathException e) {
      throw new StoreException(Reason.UNUSABLE, "the store's path is no path: " + e.getMessage());
    }
    throw new StoreException(
        Reason.UNUSABLE, "nothing says where the store is: set tracery.store.path to its file");
  }

  /// Leaves word for the launcher, who would otherwise hear only of what lacks a store.
  static void sayFailure(BundleContext context, StoreException e) {
    String message = String.valueOf(e.getMessage());
    Dictionary<String, Object> properties = new Hashtable<>();
    properties.put("tracery.failure", message);
    Supplier<String> failure = () -> message;
    context.registerService(Supplier.class, failure, properties);
  }
}
