package dev.tracery.metrics.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.metrics.Metric;
import dev.tracery.registry.Consumers.Observations;
import dev.tracery.registry.Registry;
import dev.tracery.registry.Registry.Freshness;
import dev.tracery.registry.RegistryException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

final class MetricsServerTest {

  private static final List<String> OF_THE_PROCESS =
      List.of(
          "jvm_memory_committed_bytes",
          "jvm_memory_max_bytes",
          "jvm_memory_used_bytes",
          "process_cpu_seconds_total",
          "process_start_time_seconds");

  private final Map<String, Object> said = new TreeMap<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private MetricsServer server = new MetricsServer(context("localhost:0"));

  @AfterEach
  void stop() {
    client.close();
    server.stop();
    assertEquals(Map.of(), said);
  }

  private HttpResponse<String> ask(String method, String path, String accept)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://" + said.get("tracery.metrics.address") + path))
            .header("Accept", accept)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private Scrape scrape() throws IOException, InterruptedException {
    HttpResponse<String> response = ask("GET", "/metrics", "*/*");
    assertEquals(200, response.statusCode());
    assertEquals(
        "text/plain; version=0.0.4; charset=utf-8",
        response.headers().firstValue("Content-Type").orElse(""));
    return Scrape.parse(response.body());
  }

  @Test
  void there_are_metrics_before_there_is_a_registry() throws Exception {
    server.start();
    Scrape scrape = scrape();
    assertEquals(OF_THE_PROCESS, scrape.families());
    assertTrue(scrape.value("jvm_memory_used_bytes{area=\"heap\"}") > 0);
    assertTrue(scrape.value("process_start_time_seconds") > 1e9);
  }

  @Test
  void the_registry_and_whoever_counts_are_shown() throws Exception {
    server.start();
    server.bindRegistry(registry(new Freshness(true, Duration.ofMillis(1500), ""), true));
    server.bindSource(() ->
        List.of(
            Metric.counter(
                "tracery_grpc_calls",
                "Calls.",
                List.of(
                    new Metric.Sample(Map.of("method", "B", "code", "OK"), 3),
                    new Metric.Sample(Map.of("method", "A", "code", "OK"), 4))),
            Metric.counter("tracery_nothing", "Never.", List.of())));

    Scrape scrape = scrape();

    assertEquals(
        List.of(
            "jvm_memory_committed_bytes",
            "jvm_memory_max_bytes",
            "jvm_memory_used_bytes",
            "process_cpu_seconds_total",
            "process_start_time_seconds",
            "tracery_behind_revisions",
            "tracery_build_info",
            "tracery_events",
            "tracery_grpc_calls_total",
            "tracery_kernels",
            "tracery_layouts",
            "tracery_observations_total",
            "tracery_observations_waiting",
            "tracery_revision",
            "tracery_schema_versions",
            "tracery_servers",
            "tracery_snapshot_revision",
            "tracery_store_age_seconds",
            "tracery_store_reachable",
            "tracery_store_size_bytes",
            "tracery_tool_versions"),
        scrape.families());
    assertEquals(17, scrape.value("tracery_revision"));
    assertEquals(1.5, scrape.value("tracery_store_age_seconds"));
    assertEquals(1, scrape.value("tracery_store_reachable"));
    assertEquals(3, scrape.value("tracery_behind_revisions"));
    assertEquals(2, scrape.value("tracery_servers"));
    assertEquals(5e9, scrape.value("tracery_store_size_bytes"));
    assertEquals(1, scrape.value("tracery_build_info{store=\"postgres\",version=\"0.1.0\"}"));
    assertEquals(3, scrape.value("tracery_grpc_calls_total{code=\"OK\",method=\"B\"}"));
    assertEquals(4, scrape.value("tracery_observations_total{outcome=\"coalesced\"}"));
  }

  @Test
  void a_store_that_is_away_is_shown_also_where_nothing_else_is_known() throws Exception {
    server.start();
    server.bindRegistry(registry(new Freshness(false, Duration.ofSeconds(60), "no route"), false));

    Scrape scrape = scrape();

    assertEquals(0, scrape.value("tracery_store_reachable"));
    assertEquals(60, scrape.value("tracery_store_age_seconds"));
    assertEquals(17, scrape.value("tracery_revision"));
    assertFalse(scrape.families().contains("tracery_kernels"));
  }

  @Test
  void open_metrics_is_spoken_too() throws Exception {
    server.start();
    HttpResponse<String> response =
        ask("GET", "/metrics", "application/openmetrics-text; version=1.0.0");
    assertTrue(response.body().endsWith("# EOF\n"), response::body);
  }

  @Test
  void nothing_else_is_there() throws Exception {
    server.start();
    assertEquals(404, ask("GET", "/", "*/*").statusCode());
    assertEquals(404, ask("GET", "/metrics/x", "*/*").statusCode());
    assertEquals(405, ask("POST", "/metrics", "*/*").statusCode());
    HttpResponse<String> head = ask("HEAD", "/metrics", "*/*");
    assertEquals("200 ", head.statusCode() + " " + head.body());
  }

  @Test
  void it_is_off_by_default() {
    server = new MetricsServer(context(""));
    server.start();
    assertEquals(Map.of(), said);
  }

  @Test
  void an_address_in_use_is_one_clear_line() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + other.getLocalPort();
      server = new MetricsServer(context(address));
      server.start();
      assertEquals(
          Map.of(
              "tracery.failure",
              "cannot serve metrics on "
                  + address
                  + ": Address already in use; stop what uses it, or give another with"
                  + " --metrics-listen"),
          said);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"9411", "localhost", "localhost:65536", "::1:9411", "a b:1"})
  void an_address_that_is_none_is_one_clear_line(String address) {
    server = new MetricsServer(context(address));
    server.start();
    assertEquals(
        Map.of(
            "tracery.failure",
            "tracery.metrics.listen: expected HOST:PORT, as in localhost:9411, but found \""
                + address
                + "\""),
        said);
  }

  private static Registry registry(Freshness freshness, boolean hasStatus) {
    Registry.ServerStatus self =
        new Registry.ServerStatus("s", "a:1", "0.1.0", 17, 3, Instant.EPOCH, Instant.EPOCH, true);
    Registry.ServerStatus other =
        new Registry.ServerStatus("o", "b:1", "0.1.0", 20, 0, Instant.EPOCH, Instant.EPOCH, false);
    Registry.Status status =
        new Registry.Status(
            "0.1.0",
            17,
            2,
            3,
            4,
            5,
            6,
            new Observations(9, 4, 2, 3, 1, 7),
            "postgres",
            5_000_000_000L,
            freshness,
            16,
            List.of(other, self));
    return (Registry)
        Proxy.newProxyInstance(
            MetricsServerTest.class.getClassLoader(),
            new Class<?>[] {Registry.class},
            (_, method, _) ->
                switch (method.getName()) {
                  case "freshness" -> freshness;
                  case "head" -> 17L;
                  case "status" -> {
                    if (!hasStatus) {
                      throw new RegistryException(
                          RegistryException.Code.UNAVAILABLE, "store", "no route");
                    }
                    yield status;
                  }
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private BundleContext context(String listen) {
    return (BundleContext)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {BundleContext.class},
            (_, method, arguments) ->
                switch (method.getName()) {
                  case "getProperty" -> listen;
                  case "registerService" -> {
                    assertEquals(Supplier.class, arguments[0]);
                    yield say((Dictionary<?, ?>) arguments[2]);
                  }
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private ServiceRegistration<?> say(Dictionary<?, ?> properties) {
    properties
        .keys()
        .asIterator()
        .forEachRemaining(key -> said.put(key.toString(), properties.get(key)));
    return (ServiceRegistration<?>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ServiceRegistration.class},
            (_, _, _) -> {
              said.clear();
              return null;
            });
  }
}
