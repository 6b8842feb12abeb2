package dev.tracery.translate.people;

import dev.tracery.translator.KernelTranslator;
import java.util.Dictionary;
import java.util.Hashtable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/// Registers a translator that behaves as the bundle's manifest says.
public final class PeoplesActivator implements BundleActivator {

  @Override
  public void start(BundleContext context) throws InterruptedException {
    String behaviour = context.getBundle().getHeaders().get("Test-Behaviour");
    if (behaviour.equals("THROW_IN_START")) {
      throw new IllegalStateException("it does not want to start");
    }
    if (behaviour.equals("HANG_IN_START")) {
      Thread.sleep(Long.MAX_VALUE);
    }
    Dictionary<String, Object> properties = new Hashtable<>();
    properties.put(Constants.SERVICE_RANKING, 10);
    context.registerService(KernelTranslator.class, new PeoplesTranslator(behaviour), properties);
  }

  @Override
  public void stop(BundleContext context) {}
}
