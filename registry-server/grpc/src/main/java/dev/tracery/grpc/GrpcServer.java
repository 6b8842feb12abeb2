package dev.tracery.grpc;

import dev.tracery.grpc.security.Security;
import dev.tracery.grpc.security.SecurityOptions;
import dev.tracery.metrics.MetricSource;
import dev.tracery.registry.Registry;
import dev.tracery.translation.Translation;
import dev.tracery.translation.TranslatorBundles;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.UnknownHostException;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/// Starts the server with the bundle and stops it with it. Until there is a registry the server
/// listens and answers UNAVAILABLE; it says that it is ready, by a service, once it has a registry
/// and has answered a call to itself (`docs/decisions/0501`).
@Component(
    immediate = true,
    service = {})
public final class GrpcServer {

  private static final Logger LOG = System.getLogger(GrpcServer.class.getName());
  private static final String DEFAULT_ADDRESS = "localhost:7411";

  private final BundleContext context;
  private final CurrentRegistry current = new CurrentRegistry();
  private final CurrentTranslation translation = new CurrentTranslation();
  private final Thread starter =
      Thread.ofPlatform().daemon().name("tracery-grpc-start").unstarted(this::run);

  @Activate
  public GrpcServer(BundleContext context) {
    this.context = context;
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "unbindRegistry")
  void bindRegistry(Registry registry) {
    current.set(registry);
  }

  void unbindRegistry(Registry registry) {
    current.clear(registry);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "unbindTranslation")
  void bindTranslation(Translation there) {
    translation.set(there);
  }

  void unbindTranslation(Translation gone) {
    translation.unset(gone);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "unbindBundles")
  void bindBundles(TranslatorBundles there) {
    translation.set(there);
  }

  void unbindBundles(TranslatorBundles gone) {
    translation.unset(gone);
  }

  /// Begins to start, on a thread of its own, while the registry's bundle reads its log.
  @Activate
  void start() {
    starter.start();
  }

  @Deactivate
  void stop() throws InterruptedException {
    starter.interrupt();
    starter.join();
  }

  private void run() {
    try {
      String failure = serve();
      LOG.log(Level.ERROR, failure);
      say(failure, Map.of("tracery.failure", failure));
    } catch (InterruptedException _) {
      // The component stops; the server is closed, and nothing is said any more.
    }
  }

  /// Serves until the thread is interrupted.
  ///
  /// @return why that is not possible
  private String serve() throws InterruptedException {
    @Nullable String given = context.getProperty("tracery.listen");
    String address = given == null ? DEFAULT_ADDRESS : given;
    try {
      ListenAddress listen = ListenAddress.parse(address);
      ServerOptions options = ServerOptions.read(context::getProperty);
      TranslationOptions translations = TranslationOptions.read(context::getProperty);
      String version =
          context.getBundle().getVersion().toString().replace(".SNAPSHOT", "-SNAPSHOT");
      try (Security security =
              Security.open(
                  SecurityOptions.read(context::getProperty), listen.resolve().getAddress());
          RpcServer server =
              RpcServer.start(
                  listen, options, translations, security, current, translation, version)) {
        current.awaitFirst();
        server.checkItself();
        String bound = listen.withPort(server.port()).toString();
        announce(listen.withPort(server.port()));
        ServiceRegistration<?> counted =
            context.registerService(MetricSource.class, server.metrics(), new Hashtable<>());
        try {
          return say(
              bound,
              Map.of(
                  "tracery.listening",
                  true,
                  "tracery.address",
                  bound,
                  "tracery.warnings",
                  security.warnings()));
        } finally {
          counted.unregister();
        }
      }
    } catch (UnknownHostException _) {
      return "cannot listen on " + address + ": no such host; give another with --listen";
    } catch (IOException e) {
      return "cannot listen on " + address + ": " + reason(e);
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    } catch (StatusRuntimeException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      return "the server listens on " + address + " but does not answer itself: " + e.getMessage();
    }
  }

  /// Lets the other servers know, through this registry and each that replaces it.
  private void announce(ListenAddress bound) {
    @Nullable String given = context.getProperty("tracery.advertise");
    String address =
        given == null || given.isBlank() ? bound.fromElsewhere().toString() : given.strip();
    current.onChange(_ -> announce(address));
    announce(address);
  }

  private void announce(String address) {
    Registry registry = current.orNull();
    if (registry != null) {
      registry.announce(address);
    }
  }

  /// Says something for as long as the component lives.
  ///
  /// @return never
  private String say(String text, Map<String, Object> properties) throws InterruptedException {
    Dictionary<String, Object> table = new Hashtable<>(properties);
    Supplier<String> service = () -> text;
    ServiceRegistration<?> said = context.registerService(Supplier.class, service, table);
    try {
      new CountDownLatch(1).await();
      return text;
    } finally {
      said.unregister();
    }
  }

  /// Netty wraps the system's words, the innermost of which say most.
  private static String reason(IOException e) {
    Throwable innermost = e;
    while (innermost.getCause() != null && innermost.getCause() != innermost) {
      innermost = innermost.getCause();
    }
    String words = String.valueOf(innermost.getMessage());
    return words.contains("in use")
        ? "the address is in use; stop what uses it, or give another with --listen"
        : words;
  }
}
