package dev.tracery.it.launcher;

import dev.tracery.it.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Supplier;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.util.tracker.ServiceTracker;

/// The bundles of the distribution in a Felix of this process, so that a test can install others
/// beside them.
final class FelixServer implements AutoCloseable {

  private final Framework framework;
  private final String address;

  /// Starts a registry in an empty folder and waits until it listens.
  FelixServer(Path folder) throws IOException, BundleException, InterruptedException {
    var distribution = new dev.tracery.launcher.Distribution(Distribution.HOME);
    Map<String, String> settings = new HashMap<>();
    Properties defaults = new Properties();
    try (var file = Files.newBufferedReader(distribution.settings())) {
      defaults.load(file);
    }
    defaults.stringPropertyNames().forEach(name -> settings.put(name, defaults.getProperty(name)));
    settings.put("tracery.listen", "localhost:0");
    settings.put("tracery.data", Files.createDirectories(folder.resolve("data")).toString());
    settings.put(Constants.FRAMEWORK_STORAGE, folder.resolve("cache").toString());
    settings.put(
        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
        String.join(",", Files.readAllLines(distribution.exportedPackages())));
    settings.put("felix.service.urlhandlers", "false");
    framework = new FrameworkFactory().newFramework(settings);
    framework.start();
    BundleContext context = framework.getBundleContext();
    try {
      var listening =
          new ServiceTracker<Supplier<?>, Supplier<?>>(
              context,
              context.createFilter(
                  "(&(objectClass=java.util.function.Supplier)(tracery.listening=true))"),
              null);
      listening.open();
      List<Bundle> installed = new ArrayList<>();
      for (Path bundle : distribution.bundles()) {
        if (bundle.getFileName().toString().startsWith("store-postgres-")) {
          continue;
        }
        installed.add(context.installBundle(bundle.toUri().toString()));
      }
      for (Bundle bundle : installed) {
        bundle.start();
      }
      if (listening.waitForService(60_000) == null) {
        throw new IllegalStateException("the registry does not listen");
      }
      Object said = listening.getServiceReference().getProperty("tracery.address");
      address = String.valueOf(said == null ? listening.getService().get() : said);
    } catch (org.osgi.framework.InvalidSyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /// `HOST:PORT`.
  String address() {
    return address;
  }

  /// Installs a bundle and starts it.
  Bundle install(Path jar) throws BundleException {
    Bundle bundle = framework.getBundleContext().installBundle(jar.toUri().toString());
    bundle.start();
    return bundle;
  }

  @Override
  public void close() throws BundleException {
    framework.stop();
    try {
      framework.waitForStop(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
