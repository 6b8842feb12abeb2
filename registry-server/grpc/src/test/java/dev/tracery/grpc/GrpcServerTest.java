package dev.tracery.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.metrics.MetricSource;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.Version;

/// What the component says to the launcher.
final class GrpcServerTest {

  /// `property=value` of each service that was registered, in order.
  private final List<String> said = new CopyOnWriteArrayList<>();

  @Test
  void it_says_where_it_listens_once_it_has_a_registry() throws Exception {
    GrpcServer component = new GrpcServer(context(Map.of("tracery.listen", "localhost:0")));
    FakeRegistry registry = new FakeRegistry();
    component.start();
    component.bindRegistry(registry);
    TestServer.eventually(() -> said.size() == 2);
    assertEquals("tracery_grpc_calls", said.getFirst());
    assertTrue(
        said.get(1)
            .matches(
                "(localhost:[1-9][0-9]*) \\[tracery.address=\\1, tracery.listening=true, tracery.warnings=\\[]]"),
        said::toString);
    assertEquals(List.of("status"), registry.asked);
    String address = said.get(1).replaceAll(" .*", "");
    assertEquals(List.of(address), registry.announced);

    FakeRegistry next = new FakeRegistry();
    component.unbindRegistry(registry);
    component.bindRegistry(next);
    assertEquals(List.of(address), next.announced);
    component.unbindRegistry(next);
    component.stop();
    assertEquals(List.of(), said);
  }

  @Test
  void it_announces_what_it_is_told_to() throws Exception {
    GrpcServer component =
        new GrpcServer(
            context(
                Map.of(
                    "tracery.listen", "localhost:0",
                    "tracery.advertise", "tracery-1.example:7411")));
    FakeRegistry registry = new FakeRegistry();
    component.bindRegistry(registry);
    component.start();
    TestServer.eventually(() -> said.size() == 2);
    assertEquals(List.of("tracery-1.example:7411"), registry.announced);
    component.stop();
  }

  @Test
  void an_address_in_use_is_one_clear_line() throws Exception {
    try (TestServer other = new TestServer()) {
      String address = "localhost:" + other.server.port();
      GrpcServer component = new GrpcServer(context(Map.of("tracery.listen", address)));
      component.start();
      TestServer.eventually(() -> !said.isEmpty());
      String line =
          "cannot listen on "
              + address
              + ": the address is in use; stop what uses it, or give another with --listen";
      assertEquals(List.of(line + " [tracery.failure=" + line + "]"), said);
      component.stop();
      assertEquals(List.of(), said);
    }
  }

  @Test
  void an_address_that_is_none_is_one_clear_line() throws Exception {
    GrpcServer component = new GrpcServer(context(Map.of("tracery.listen", "here")));
    component.start();
    TestServer.eventually(() -> !said.isEmpty());
    String line = "tracery.listen: expected HOST:PORT, as in localhost:7411, but found \"here\"";
    assertEquals(List.of(line + " [tracery.failure=" + line + "]"), said);
    component.stop();
    assertEquals(List.of(), said);
  }

  @Test
  void a_server_that_cannot_answer_itself_says_so() throws Exception {
    GrpcServer component = new GrpcServer(context(Map.of("tracery.listen", "localhost:0")));
    FakeRegistry registry = new FakeRegistry();
    registry.failure = new IllegalStateException();
    component.bindRegistry(registry);
    component.start();
    TestServer.eventually(() -> !said.isEmpty());
    assertTrue(
        said.getFirst()
            .startsWith("the server listens on localhost:0 but does not answer itself: "),
        said::toString);
    component.stop();
    assertEquals(List.of(), said);
  }

  private BundleContext context(Map<String, String> properties) {
    Bundle bundle =
        (Bundle)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Bundle.class},
                (_, _, _) -> new Version(0, 1, 0));
    return (BundleContext)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {BundleContext.class},
            (_, method, arguments) ->
                switch (method.getName()) {
                  case "getProperty" -> properties.get((String) arguments[0]);
                  case "getBundle" -> bundle;
                  case "registerService" ->
                      arguments[1] instanceof MetricSource counted
                          ? say(counted.metrics().getFirst().name())
                          : say((Supplier<?>) arguments[1], (Dictionary<?, ?>) arguments[2]);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private ServiceRegistration<?> say(Supplier<?> service, Dictionary<?, ?> properties) {
    List<String> pairs = new ArrayList<>();
    properties.keys().asIterator().forEachRemaining(k -> pairs.add(k + "=" + properties.get(k)));
    return say(service.get() + " " + pairs.stream().sorted().toList());
  }

  private ServiceRegistration<?> say(String line) {
    said.add(line);
    return (ServiceRegistration<?>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ServiceRegistration.class},
            (_, _, _) -> said.remove(line) ? null : "never said");
  }
}
