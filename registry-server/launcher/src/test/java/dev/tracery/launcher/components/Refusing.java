package dev.tracery.launcher.components;

import java.util.Hashtable;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;

/// Says that it will not listen.
public final class Refusing {
  public Refusing(BundleContext context) {
    var properties = new Hashtable<String, Object>();
    properties.put("tracery.failure", "localhost:7411 is in use; choose another with --listen");
    context.registerService(Supplier.class, () -> "", properties);
  }
}
