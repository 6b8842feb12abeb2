package dev.tracery.client.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.client.FakeServer;
import dev.tracery.client.conformance.Vectors;
import dev.tracery.v1.FieldFit;
import dev.tracery.v1.FitReason;
import dev.tracery.v1.NegotiateResponse;
import dev.tracery.v1.NegotiationServiceGrpc;
import dev.tracery.v1.RequirementFit;
import dev.tracery.v1.RunOutcome;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The example as a user starts it: a process of its own.
class SwitchesTest {

  private static final Path SOURCE = Path.of("src/test/java/Switches.java");

  @TempDir Path folder;

  @Test
  void the_readme_shows_the_tool_to_the_letter_in_under_40_lines() throws IOException {
    String source = Files.readString(SOURCE);
    assertTrue(
        Files.readString(Path.of("README.md")).contains("```java\n" + source + "```\n"),
        "README.md has another text than " + SOURCE);
    assertTrue(source.lines().count() < 40, source.lines().count() + " lines");
  }

  @Test
  void it_prints_who_gave_the_processor_to_whom() throws Exception {
    NegotiateResponse.Builder answer =
        NegotiateResponse.newBuilder()
            .setOutcome(RunOutcome.RUN_OUTCOME_DEGRADED)
            .addEvents(Vectors.schedSwitch())
            .addRequirements(
                RequirementFit.newBuilder()
                    .setOutcome(RunOutcome.RUN_OUTCOME_DEGRADED)
                    .addFields(
                        FieldFit.newBuilder()
                            .setName("prev_state")
                            .setReason(FitReason.FIT_REASON_MISSING)
                            .setExplanation("is not to be relied on")));
    try (FakeServer server = server(answer.build())) {
      assertEquals(
          """
          swapper/0:0 [R] ==> kworker/0:1:23
          bash:77 [S|D] ==> postgres:5
          sched/sched_switch.prev_state: is not to be relied on
          0
          """,
          run(WarmSwitches.class.getName(), server.address()));
    }
  }

  @Test
  void it_ends_with_1_and_the_reasons_where_it_cannot_run() throws Exception {
    NegotiateResponse.Builder answer =
        NegotiateResponse.newBuilder()
            .setOutcome(RunOutcome.RUN_OUTCOME_REJECTED)
            .addRequirements(
                RequirementFit.newBuilder()
                    .setOutcome(RunOutcome.RUN_OUTCOME_REJECTED)
                    .setExplanation("the event is missing"));
    try (FakeServer server = server(answer.build())) {
      assertEquals(
          """
          switches 1.0 cannot run on this kernel: sched/sched_switch: the event is missing
          1
          """,
          run(WarmSwitches.class.getName(), server.address()));
    }
  }

  @Test
  void it_ends_with_3_where_the_registry_cannot_be_reached_and_nothing_is_kept() throws Exception {
    String nobody;
    try (ServerSocket socket = new ServerSocket(0)) {
      nobody = "localhost:" + socket.getLocalPort();
    }
    String output = run("Switches", nobody);
    assertTrue(
        output.startsWith("the registry cannot be reached (") && output.endsWith("\n3\n"), output);
  }

  private static FakeServer server(NegotiateResponse answer) {
    return FakeServer.builder()
        .unary(NegotiationServiceGrpc.getNegotiateMethod(), _ -> answer)
        .start();
  }

  /// What it prints, then what it complains of, then the exit status.
  private String run(String main, String server) throws IOException, InterruptedException {
    Path tracefs = Files.createDirectories(folder.resolve("tracing/events")).getParent();
    Path records = folder.resolve("records");
    Files.write(
        records,
        concat(record("swapper/0", 0, 0, "kworker/0:1", 23), record("bash", 77, 3, "postgres", 5)));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                    "--sun-misc-unsafe-memory-access=allow",
                    "--enable-native-access=ALL-UNNAMED",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Duser.home=" + folder,
                    "-cp",
                    System.getProperty("java.class.path", ""),
                    main,
                    server,
                    records.toString(),
                    String.valueOf(tracefs),
                    "6.1.0-56-amd64",
                    "#1",
                    "x86_64",
                    "64",
                    "little",
                    "4096"))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    process.getOutputStream().close();
    assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    return Files.readString(out) + Files.readString(err) + process.exitValue() + "\n";
  }

  /// As 6.1 writes it, after its length.
  private static byte[] record(String prev, int prevPid, long state, String next, int nextPid) {
    ByteBuffer record = ByteBuffer.allocate(68).order(ByteOrder.LITTLE_ENDIAN).putInt(64);
    record.put(12, prev.getBytes(StandardCharsets.US_ASCII)).putInt(28, prevPid).putLong(36, state);
    record.put(44, next.getBytes(StandardCharsets.US_ASCII)).putInt(60, nextPid);
    return record.array();
  }

  private static byte[] concat(byte[] one, byte[] two) {
    return ByteBuffer.allocate(one.length + two.length).put(one).put(two).array();
  }
}
