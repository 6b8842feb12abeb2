package dev.tracery.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.util.tracker.ServiceTracker;

/// Felix with the registry's bundles in it. Between [#start] and [#close] it either listens or has
/// thrown; there is no state between.
final class RegistryFramework implements AutoCloseable {

  /// What a bundle registers when the server listens, or will not (decision record 0501).
  private static final String OUTCOME =
      "(&(objectClass=java.util.function.Supplier)"
          + "(|(tracery.listening=true)(tracery.failure=*)))";

  private static final long STOP_MILLIS = 10_000;
  private static final long GIVE_UP_MILLIS = 2_000;

  /// How long a component may wait for a service after every bundle has started.
  private static final long UNSATISFIED_SECONDS = 10;

  private final Framework framework;
  private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
  private volatile boolean listened;

  private RegistryFramework(Framework framework) {
    this.framework = framework;
  }

  /// How a start ended, as the bundles say.
  private sealed interface Outcome {}

  private record Failed(String why) implements Outcome {}

  /// The registry listens.
  ///
  /// @param address `HOST:PORT`
  /// @param warnings what the person who started it should know
  record Listening(String address, List<String> warnings) implements Outcome {}

  /// Starts the bundles of `distribution`; nothing runs before [#awaitListening] is called.
  ///
  /// @param settings framework properties that the bundles read
  /// @param cache a directory for Felix, emptied first; one framework at a time may have it
  static RegistryFramework create(
      Distribution distribution, Map<String, String> settings, Path cache) {
    var properties = new HashMap<>(settings);
    properties.put(Constants.FRAMEWORK_STORAGE, cache.toString());
    properties.put(
        Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
    properties.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, exports(distribution));
    // Why: Felix' URL handlers reach into java.base, which Java 25 does not open.
    properties.put("felix.service.urlhandlers", "false");
    properties.put("felix.log.level", "1");
    // Why: a translator that is updated stands beside the old one until no stream uses that.
    properties.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE);
    // Why: what fails is said in one line; the stack traces are there for who asks for them.
    properties.put("ds.log.enabled", System.getProperty("ds.log.enabled", "false"));
    return new RegistryFramework(new FrameworkFactory().newFramework(properties));
  }

  private static String exports(Distribution distribution) {
    try {
      return String.join(",", Files.readAllLines(distribution.exportedPackages()));
    } catch (IOException e) {
      throw LaunchException.failed(
          "the distribution in " + distribution.home() + " is incomplete (" + e + "): build it");
    }
  }

  /// Installs and starts `bundles` and waits until the registry listens.
  Listening awaitListening(List<Path> bundles, long timeoutSeconds) {
    var starter = new Starter(bundles);
    Thread thread = Thread.ofPlatform().name("start").daemon().start(starter);
    long lastStarting = System.nanoTime();
    long deadline = lastStarting + TimeUnit.SECONDS.toNanos(timeoutSeconds);
    try {
      while (true) {
        Outcome outcome = outcomes.poll(20, TimeUnit.MILLISECONDS);
        switch (outcome) {
          case Listening listening -> {
            listened = true;
            return listening;
          }
          case Failed(String why) -> throw LaunchException.failed(why);
          case null -> {}
        }
        Optional<String> failure = starter.failure();
        if (failure.isPresent()) {
          throw LaunchException.failed(failure.get());
        }
        long now = System.nanoTime();
        boolean late = now > deadline;
        if (thread.isAlive()) {
          lastStarting = now;
        } else if (outcomes.isEmpty()) {
          boolean patient = now - lastStarting < TimeUnit.SECONDS.toNanos(UNSATISFIED_SECONDS);
          Optional<String> diagnosis =
              ComponentDiagnosis.of(framework.getBundleContext(), late || !patient);
          if (diagnosis.isPresent()) {
            throw LaunchException.failed(diagnosis.get());
          }
        }
        if (late) {
          throw LaunchException.failed(
              "the registry does not listen after "
                  + timeoutSeconds
                  + " s; a larger tracery.start.timeout-seconds gives it more time");
        }
      }
    } catch (InterruptedException e) {
      throw LaunchException.failed("interrupted");
    }
  }

  /// Where metrics are served, if they are; known once the registry listens.
  Optional<String> metricsAddress() {
    try {
      return Stream.ofNullable(
              framework
                  .getBundleContext()
                  .getServiceReferences(Supplier.class.getName(), "(tracery.metrics.address=*)"))
          .flatMap(Stream::of)
          .map(reference -> String.valueOf(reference.getProperty("tracery.metrics.address")))
          .findFirst();
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Blocks until the framework has stopped.
  void awaitStop() throws InterruptedException {
    framework.waitForStop(0);
  }

  /// Stops the bundles in the reverse order of their start. Takes 10 seconds at most, and 2 after a
  /// failed start, where a component may hang.
  @Override
  public void close() {
    try {
      framework.stop();
      framework.waitForStop(listened ? STOP_MILLIS : GIVE_UP_MILLIS);
    } catch (BundleException | InterruptedException e) {
      System.err.println("tracery: the registry did not stop cleanly: " + e.getMessage());
    }
  }

  /// Starts the framework and its bundles on a thread of its own, because a component's constructor
  /// runs in it and may hang.
  private final class Starter implements Runnable {
    private final List<Path> bundles;
    private volatile @Nullable String failure;

    Starter(List<Path> bundles) {
      this.bundles = bundles;
    }

    Optional<String> failure() {
      return Optional.ofNullable(failure);
    }

    @Override
    public void run() {
      try {
        framework.init();
        BundleContext context = framework.getBundleContext();
        new ServiceTracker<>(context, context.createFilter(OUTCOME), new OutcomeReader(context))
            .open();
        framework.start();
        List<Bundle> installed = new ArrayList<>();
        for (Path bundle : bundles) {
          installed.add(context.installBundle("reference:" + bundle.toUri(), null));
        }
        for (Bundle bundle : installed) {
          bundle.start(Bundle.START_TRANSIENT);
        }
      } catch (BundleException e) {
        failure =
            "the registry's bundles do not fit together: "
                + FailureLine.ofResolution(e)
                + "; build the distribution again";
      } catch (InvalidSyntaxException | RuntimeException | LinkageError e) {
        failure = "the registry cannot start: " + FailureLine.of(e);
      }
    }
  }

  private final class OutcomeReader
      implements org.osgi.util.tracker.ServiceTrackerCustomizer<Object, Object> {
    private final BundleContext context;

    OutcomeReader(BundleContext context) {
      this.context = context;
    }

    @Override
    public Object addingService(ServiceReference<Object> reference) {
      Object failure = reference.getProperty("tracery.failure");
      if (failure != null) {
        outcomes.add(new Failed(failure.toString()));
      } else {
        Object address = reference.getProperty("tracery.address");
        if (address == null && context.getService(reference) instanceof Supplier<?> supplier) {
          address = supplier.get();
        }
        List<String> warnings =
            reference.getProperty("tracery.warnings") instanceof List<?> said
                ? said.stream().map(String::valueOf).toList()
                : List.of();
        outcomes.add(new Listening(String.valueOf(address), warnings));
      }
      return reference;
    }

    @Override
    public void modifiedService(ServiceReference<Object> reference, Object service) {}

    @Override
    public void removedService(ServiceReference<Object> reference, Object service) {}
  }
}
