package dev.tracery.registry.core;

import java.util.Dictionary;
import java.util.Hashtable;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;

/// Leaves word for the launcher, who would otherwise hear only of what lacks a registry.
final class Failures {

  private Failures() {}

  /// The step's result; where it fails, the failure is said and thrown.
  static <T> T said(BundleContext context, Supplier<T> step) {
    try {
      return step.get();
    } catch (RuntimeException e) {
      String message = String.valueOf(e.getMessage());
      Dictionary<String, Object> properties = new Hashtable<>();
      properties.put("tracery.failure", message);
      Supplier<String> failure = () -> message;
      context.registerService(Supplier.class, failure, properties);
      throw e;
    }
  }
}
