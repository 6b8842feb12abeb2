package dev.tracery.grpc;

import dev.tracery.registry.Registry;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.UnknownHostException;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
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
    ListenAddress address = new ListenAddress("", 0);
    try {
      String listen = context.getProperty("tracery.listen");
      address = ListenAddress.parse(listen == null ? DEFAULT_ADDRESS : listen);
      ServerOptions options = ServerOptions.read(context::getProperty);
      String version = context.getBundle().getVersion().toString();
      try (RpcServer server = RpcServer.start(address, options, current, version)) {
        current.awaitFirst();
        server.checkItself();
        listening(address.withPort(server.port()).toString());
        Thread.sleep(Long.MAX_VALUE);
      }
    } catch (InterruptedException _) {
      // The component stops; the server is closed.
    } catch (UnknownHostException _) {
      failed("cannot listen on " + address + ": no such host; give another with --listen");
    } catch (IOException e) {
      failed("cannot listen on " + address + ": " + reason(e));
    } catch (IllegalArgumentException e) {
      failed(String.valueOf(e.getMessage()));
    } catch (StatusRuntimeException e) {
      failed("the server listens on " + address + " but does not answer itself: " + e.getMessage());
    }
  }

  private void listening(String address) {
    register(address, Map.of("tracery.listening", true, "tracery.address", address));
  }

  private void failed(String message) {
    LOG.log(Level.ERROR, message);
    register(message, Map.of("tracery.failure", message));
  }

  private void register(String value, Map<String, Object> properties) {
    Dictionary<String, Object> table = new Hashtable<>(properties);
    Supplier<String> answer = () -> value;
    context.registerService(Supplier.class, answer, table);
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
