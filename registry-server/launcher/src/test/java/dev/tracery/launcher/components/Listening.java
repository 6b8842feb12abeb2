package dev.tracery.launcher.components;

import java.util.Hashtable;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;

/// Says that it listens where `tracery.listen` tells it to.
public final class Listening {
  public Listening(BundleContext context) {
    var properties = new Hashtable<String, Object>();
    properties.put("tracery.listening", true);
    properties.put("tracery.address", String.valueOf(context.getProperty("tracery.listen")));
    context.registerService(Supplier.class, () -> "", properties);
  }
}
