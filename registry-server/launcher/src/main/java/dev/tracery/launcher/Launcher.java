package dev.tracery.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;

/// The process of `tracery serve`. Its exit status: 0 stopped, 2 wrong use, 3 failed; a signal that
/// ends it gives 128 and the signal's number, as usual.
public final class Launcher {
  private static final Logger LOG = Logger.getLogger("dev.tracery");

  // Why: gRPC warns, with a stack trace, of every client that leaves in the middle of an answer.
  private static final Logger TRANSPORT_LOG = Logger.getLogger("io.grpc.netty");

  private Launcher() {}

  /// Runs until it is stopped. The system property `tracery.home` names the distribution.
  public static void main(String[] arguments) {
    try {
      serve(List.of(arguments));
    } catch (LaunchException e) {
      System.err.println("tracery: " + e.getMessage());
      System.exit(e.exitStatus());
    } catch (InterruptedException e) {
      System.exit(LaunchException.FAILED);
    }
    System.exit(0);
  }

  private static void serve(List<String> arguments) throws InterruptedException {
    ServeOptions options = ServeOptions.parse(arguments, System.getenv());
    if (options.help()) {
      System.out.print(ServeOptions.USAGE);
      return;
    }
    var distribution = new Distribution(home());
    Map<String, String> settings =
        Settings.read(distribution.settings(), options.config(), System.getProperties());
    settings.putAll(options.settings());
    StoreChoice store = StoreChoice.of(settings, distribution.bundles());
    int timeout = Settings.positive(settings, "tracery.start.timeout-seconds");
    Path data = prepare(options.data());
    DataLock lock = DataLock.take(data);
    // Why: a log that others write to, too, is not this server's to fill.
    boolean first = store.isEmbedded() && Files.notExists(data.resolve("registry.db"));
    settings.put("tracery.listen", options.listen().toString());
    settings.put("tracery.data", data.toString());

    // Why: two libraries that begin to log at once make SLF4J tell of itself.
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    var framework =
        RegistryFramework.create(distribution, settings, data.resolve("framework-cache"));
    var stopping = new CountDownLatch(1);
    var stop =
        new Thread(
            () -> {
              stopping.countDown();
              framework.close();
            },
            "stop");
    Runtime.getRuntime().addShutdownHook(stop);
    TRANSPORT_LOG.setLevel(Level.SEVERE);
    // Why: what fails before the registry listens is said in one line.
    LOG.setLevel(Level.OFF);
    RegistryFramework.Listening listening =
        framework.awaitListening(store.select(distribution.bundles()), timeout);
    LOG.setLevel(null);
    listening.warnings().forEach(warning -> System.err.println("tracery: warning: " + warning));
    System.out.println("listening on " + listening.address());
    framework
        .metricsAddress()
        .ifPresent(address -> System.out.println("metrics at http://" + address + "/metrics"));
    new SampleKernels(distribution, listening.address(), settings)
        .offer(options.withSamples(), first);
    framework.awaitStop();
    if (stopping.getCount() > 0 || !lock.isHeld()) {
      throw LaunchException.failed("the registry stopped by itself");
    }
    stop.join();
  }

  private static Path home() {
    String home = System.getProperty("tracery.home");
    if (home == null) {
      throw LaunchException.wrongUse("start the server with the tracery script");
    }
    return Path.of(home).toAbsolutePath().normalize();
  }

  /// Makes the data directory; only its owner may look into it.
  private static Path prepare(Path data) {
    try {
      if (Files.notExists(data)) {
        Files.createDirectories(
            data,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
    } catch (IOException e) {
      throw LaunchException.failed(
          "cannot make the data directory "
              + data
              + " ("
              + reason(e)
              + "); choose another with --data");
    }
    if (!Files.isDirectory(data)) {
      throw LaunchException.failed(
          "the data directory " + data + " is a file; choose another with --data");
    }
    if (!Files.isWritable(data)) {
      throw LaunchException.failed(
          "the data directory "
              + data
              + " cannot be written to; change its owner or choose another with --data");
    }
    return data;
  }

  private static String reason(IOException e) {
    return e.getClass().getSimpleName().replaceFirst("Exception$", "") + ": " + e.getMessage();
  }
}
