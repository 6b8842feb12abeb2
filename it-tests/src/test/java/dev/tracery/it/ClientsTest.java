package dev.tracery.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/// Every client library: built, tested by itself, with the data of `clients/conformance`, with a
/// real server, and with its example on records of every sample kernel. Two clients run at a time;
/// what their scripts print is in `target/clients`.
class ClientsTest {

  private static final Duration SETUP = Duration.ofMinutes(20);
  private static final Duration TEST = Duration.ofMinutes(15);
  private static final Duration EXAMPLE = Duration.ofMinutes(1);
  private static final String NOBODY = "localhost:1";
  private static final int UNREACHABLE = 3;
  private static final int TRIES = 5;
  private static final List<String> SUITES = List.of("layouts", "plans", "records", "negotiations");
  private static final Path TABLE = Path.of("target", "conformance.md");

  @TempDir static Path folder;

  private static final Map<String, Integer> CASES = new LinkedHashMap<>();
  private static final List<String> ROWS = new ArrayList<>();
  private static final ExecutorService TWO = Executors.newFixedThreadPool(2, daemon());
  private static final List<SampleKernel> KERNELS = SampleKernel.all();
  private static final Map<String, SwitchRecords> SWITCHES = new HashMap<>();
  private static ClientsServer server;

  private static java.util.concurrent.ThreadFactory daemon() {
    return Thread.ofPlatform().daemon().factory();
  }

  @BeforeAll
  static void start() throws IOException {
    count();
    server = new ClientsServer(Files.createDirectory(folder.resolve("server")));
    for (SampleKernel kernel : KERNELS) {
      Path of = Files.createDirectory(folder.resolve(kernel.id()));
      ClientsServer.writeTracefs(
          new SampleKernel(
              kernel.id(),
              kernel.identity(),
              kernel.formats().subMap(event("sched/"), event("sched0/"))),
          of.resolve("tracing"));
      SWITCHES.put(kernel.id(), SwitchRecords.of(kernel, of));
    }
  }

  private static dev.tracery.model.EventName event(String system) {
    return new dev.tracery.model.EventName(system.replace("/", ""), "a");
  }

  @AfterAll
  static void end() throws IOException {
    TWO.shutdownNow();
    server.close();
    List<String> table = new ArrayList<>();
    table.add("| client | suite | cases | passed |");
    table.add("|---|---|---:|---:|");
    synchronized (ROWS) {
      ROWS.stream()
          .sorted(java.util.Comparator.comparingInt(ClientsTest::place))
          .forEach(table::add);
    }
    Files.write(TABLE, table);
    System.out.println(String.join("\n", table));
  }

  private static int place(String row) {
    return ClientScript.CLIENTS.indexOf(row.split("\\|")[1].strip());
  }

  // ---------------------------------------------------------------- the data

  /// How many cases the data has, told from its JSON.
  private static void count() throws IOException {
    JsonArray plans = data("records.json").getAsJsonArray("plans");
    int refused = 0;
    int records = 0;
    for (var plan : plans) {
      if (plan.getAsJsonObject().has("refused")) {
        refused++;
      } else {
        records += plan.getAsJsonObject().getAsJsonArray("records").size();
      }
    }
    CASES.put("layouts", data("layouts.json").getAsJsonArray("cases").size());
    CASES.put("plans", refused);
    CASES.put("records", records);
    CASES.put("negotiations", data("negotiations.json").getAsJsonArray("cases").size());
  }

  private static JsonObject data(String file) throws IOException {
    return JsonParser.parseString(
            Files.readString(Path.of("..", "clients", "conformance").resolve(file)))
        .getAsJsonObject();
  }

  // ---------------------------------------------------------------- the tests

  @TestFactory
  List<DynamicNode> each_client_library() {
    List<DynamicNode> all = new ArrayList<>();
    // Why chains: what a client's steps do they do one after the other, but beside another
    // client's.
    for (String client : ClientScript.CLIENTS) {
      all.add(dynamicContainer(client, tests(new ClientScript(client))));
    }
    return all;
  }

  private static List<DynamicNode> tests(ClientScript client) {
    Map<String, Executable> steps = new LinkedHashMap<>();
    steps.put("is built", () -> setUp(client));
    steps.put("passes its own tests and every case of the conformance data", () -> test(client));
    steps.put("works with a real server", () -> integrate(client));
    for (SampleKernel kernel : KERNELS) {
      steps.put(
          "its example prints what trace-cmd or the kernel printed of " + kernel.id(),
          () -> example(client, kernel));
    }
    steps.put("its example says why it cannot run on a kernel", () -> refused(client));
    steps.put("its example says that nobody answers", () -> unreachable(client));
    Map<String, Throwable> failures = new HashMap<>();
    Future<?> chain =
        TWO.submit(() -> {
          Throwable stopped = null;
          int examples = 0;
          for (var step : steps.entrySet()) {
            Throwable failure = stopped;
            if (stopped == null) {
              try {
                step.getValue().execute();
              } catch (Throwable e) {
                failure = e;
              }
            }
            if (failure != null) {
              failures.put(step.getKey(), failure);
            } else if (step.getKey().startsWith("its example")) {
              examples++;
            }
            if (step.getKey().equals("is built")) {
              stopped = failure == null ? null : notBuilt(failure);
            }
          }
          row(client, "example", KERNELS.size() + 2, examples);
        });
    return steps.keySet().stream()
        .map(step -> (DynamicNode) dynamicTest(step, () -> tell(chain, failures, step)))
        .toList();
  }

  /// Why a skip only where the toolchain is missing: what is not built does not pass.
  private static Throwable notBuilt(Throwable failure) {
    return failure instanceof TestAbortedException
        ? failure
        : new AssertionError("it is not built");
  }

  private static void tell(Future<?> chain, Map<String, Throwable> failures, String step)
      throws Throwable {
    try {
      chain.get();
    } catch (ExecutionException e) {
      throw Objects.requireNonNull(e.getCause());
    }
    Throwable failure = failures.get(step);
    if (failure != null) {
      throw failure;
    }
  }

  private static void row(ClientScript client, String suite, Object cases, Object passed) {
    synchronized (ROWS) {
      ROWS.add("| %s | %s | %s | %s |".formatted(client.client(), suite, cases, passed));
    }
  }

  private static void setUp(ClientScript client) {
    assertTrue(Files.isExecutable(client.file()), () -> "there is no " + client.file());
    ClientScript.Ended ended = client.run("setup", SETUP, Map.of(), "setup");
    if (ended.status() == ClientScript.NO_TOOLCHAIN) {
      String skipped = "THE CLIENT " + client.client() + " IS NOT TESTED:\n" + ended.log();
      System.out.println(skipped);
      row(client, "toolchain missing", "-", "-");
      if ("true".equals(System.getenv("CI"))) {
        fail(skipped);
      }
      throw new TestAbortedException(skipped);
    }
    ended.fine();
  }

  private static void test(ClientScript client) throws IOException {
    Path report = folder.resolve(client.client() + ".conformance");
    ClientScript.Ended ended =
        client.run("test", TEST, Map.of("TRACERY_CONFORMANCE_REPORT", report.toString()), "test");
    Map<String, String> counts = new HashMap<>();
    if (Files.exists(report)) {
      for (String line : Files.readAllLines(report)) {
        String[] words = line.split("\t");
        counts.put(words[0], words[1] + " " + words[2]);
      }
    }
    Map<String, String> expected = new HashMap<>();
    for (String suite : SUITES) {
      String[] words = counts.getOrDefault(suite, "0 0").split(" ");
      row(client, suite, words[0], words[1]);
      expected.put(suite, CASES.get(suite) + " " + CASES.get(suite));
    }
    ended.fine();
    assertEquals(expected, counts);
  }

  private static void integrate(ClientScript client) throws IOException {
    boolean passed = false;
    try {
      Map<String, String> environment = new HashMap<>(server.environment());
      client.run("integration", TEST, environment, "integration").fine();
      passed = true;
    } finally {
      row(client, "integration", 1, passed ? 1 : 0);
    }
  }

  // ---------------------------------------------------------------- the example

  private static void example(ClientScript client, SampleKernel kernel) {
    SwitchRecords switches = Objects.requireNonNull(SWITCHES.get(kernel.id()));
    assertTrue(switches.printed().size() > 100, () -> "only " + switches.printed().size());
    Path tracing = folder.resolve(kernel.id()).resolve("tracing");
    ClientScript.Ended ended = run(kernel.id(), client, kernel, server.address(), tracing);
    assertEquals(String.join("\n", switches.printed()), ended.fine().out().strip());
  }

  private static void refused(ClientScript client) throws IOException {
    Path tracing = folder.resolve(client.client() + "-tracing");
    Files.createDirectories(tracing.resolve("events/sched"));
    ClientScript.Ended ended =
        run("refused", client, KERNELS.getFirst(), server.address(), tracing);
    assertEquals(1, ended.status(), ended.log());
    assertTrue(
        ended.log().contains("sched/sched_switch: there is no event sched/sched_switch"),
        ended.log());
    assertEquals("", ended.out());
  }

  private static void unreachable(ClientScript client) {
    SampleKernel kernel = KERNELS.getFirst();
    ClientScript.Ended ended =
        run("unreachable", client, kernel, NOBODY, folder.resolve(kernel.id()).resolve("tracing"));
    assertEquals(UNREACHABLE, ended.status(), ended.log());
    assertEquals("", ended.out());
  }

  /// @param what names the files of the output, and the folder of kept answers
  private static ClientScript.Ended run(
      String what, ClientScript client, SampleKernel kernel, String address, Path tracing) {
    List<String> words = new ArrayList<>(List.of("example", address));
    words.add(Objects.requireNonNull(SWITCHES.get(kernel.id())).records().toString());
    words.add(tracing.toString());
    words.addAll(ClientScript.arguments(kernel));
    Map<String, String> environment = new HashMap<>();
    environment.put(
        "XDG_CACHE_HOME", folder.resolve("cache-" + client.client() + "-" + what).toString());
    // Why: Go keeps what it compiled there, too.
    String go = System.getenv("GOCACHE");
    environment.put(
        "GOCACHE",
        go == null
            ? Path.of(System.getProperty("user.home"), ".cache", "go-build").toString()
            : go);
    ClientScript.Ended ended;
    int tries = 0;
    // Why again: a tool gives up after two seconds, and the other client's build has this machine's
    // cores.
    do {
      ended = client.run("example-" + what, EXAMPLE, environment, words.toArray(String[]::new));
    } while (ended.status() == UNREACHABLE && !address.equals(NOBODY) && ++tries < TRIES);
    return ended;
  }
}
