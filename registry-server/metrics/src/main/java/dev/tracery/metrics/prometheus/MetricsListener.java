package dev.tracery.metrics.prometheus;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tracery.metrics.Metric;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Answers `GET /metrics`, and nothing else.
final class MetricsListener implements AutoCloseable {

  private static final String PATH = "/metrics";
  private static final Pattern ADDRESS =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.%]+)]|([^\\s:\\[\\]]+)):(\\d{1,5})");

  private final HttpServer server;
  private final ExecutorService threads;
  private final Supplier<List<Metric>> metrics;
  private final String host;

  private MetricsListener(HttpServer server, Supplier<List<Metric>> metrics, String host) {
    this.server = server;
    this.metrics = metrics;
    this.host = host;
    this.threads = Executors.newVirtualThreadPerTaskExecutor();
  }

  /// Binds and listens.
  ///
  /// @param address `HOST:PORT`, an IPv6 address in brackets; port 0 takes a free one
  /// @param metrics asked at each scrape
  /// @throws IllegalArgumentException if that is not possible, with a line that says what to do
  static MetricsListener listen(String address, Supplier<List<Metric>> metrics) {
    Matcher matcher = ADDRESS.matcher(address);
    if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > 65535) {
      throw new IllegalArgumentException(
          "tracery.metrics.listen: expected HOST:PORT, as in localhost:9411, but found \""
              + address
              + "\"");
    }
    String host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
    try {
      var where =
          new InetSocketAddress(InetAddress.getByName(host), Integer.parseInt(matcher.group(3)));
      MetricsListener listener = new MetricsListener(HttpServer.create(where, 0), metrics, host);
      listener.start();
      return listener;
    } catch (UnknownHostException _) {
      throw new IllegalArgumentException(
          "cannot serve metrics on "
              + address
              + ": no such host; give another with"
              + " --metrics-listen");
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "cannot serve metrics on "
              + address
              + ": "
              + e.getMessage()
              + "; stop what uses it, or give another with --metrics-listen",
          e);
    }
  }

  private void start() {
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /// `HOST:PORT` that was bound.
  String address() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdown();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      if (!exchange.getRequestURI().getPath().equals(PATH)) {
        text(exchange, 404, "there is only " + PATH + " here\n");
      } else if (!method.equals("GET") && !method.equals("HEAD")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        text(exchange, 405, "GET it\n");
      } else {
        Exposition shown =
            Exposition.of(metrics.get(), exchange.getRequestHeaders().getFirst("Accept"));
        send(exchange, 200, shown.contentType(), shown.body());
      }
    }
  }

  private static void text(HttpExchange exchange, int status, String text) throws IOException {
    send(exchange, status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
    } else {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
