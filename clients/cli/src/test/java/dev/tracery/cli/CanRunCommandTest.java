package dev.tracery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.client.FakeServer;
import dev.tracery.v1.AccessClass;
import dev.tracery.v1.CanRunRequest;
import dev.tracery.v1.CanRunResponse;
import dev.tracery.v1.CompatibilityServiceGrpc;
import dev.tracery.v1.Consumer;
import dev.tracery.v1.EventUse;
import dev.tracery.v1.FieldFit;
import dev.tracery.v1.FieldUse;
import dev.tracery.v1.FitReason;
import dev.tracery.v1.KernelFit;
import dev.tracery.v1.KnownTool;
import dev.tracery.v1.Requirement;
import dev.tracery.v1.RequirementFit;
import dev.tracery.v1.RunOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CanRunCommandTest {

  private static final Consumer TOOL =
      Consumer.newBuilder()
          .setName("offcputime")
          .setVersion("0.31.0")
          .setSource("https://example.org/offcputime.py")
          .addRequirements(
              Requirement.newBuilder()
                  .addAnyOf(
                      EventUse.newBuilder()
                          .setEvent("sched/sched_switch")
                          .setAccess(AccessClass.ACCESS_CLASS_BY_NAME)
                          .addFields(FieldUse.newBuilder().addNames("prev_pid"))
                          .addFields(
                              FieldUse.newBuilder()
                                  .addNames("prev_state")
                                  .addNames("state")
                                  .setOptional(true))))
          .addRequirements(
              Requirement.newBuilder()
                  .setOptional(true)
                  .addAnyOf(
                      EventUse.newBuilder()
                          .setEvent("sched/sched_waking")
                          .setAccess(AccessClass.ACCESS_CLASS_RAW_ARGS))
                  .addAnyOf(
                      EventUse.newBuilder()
                          .setEvent("sched/sched_wakeup")
                          .setAccess(AccessClass.ACCESS_CLASS_BY_NAME)))
          .build();

  private static final RequirementFit EXACT =
      RequirementFit.newBuilder()
          .setOutcome(RunOutcome.RUN_OUTCOME_ACCEPTED)
          .setReason(FitReason.FIT_REASON_EXACT)
          .build();

  private static final KernelFit ACCEPTED =
      kernel("0000000000000001", "6.1", RunOutcome.RUN_OUTCOME_ACCEPTED, EXACT, EXACT);

  private static final KernelFit DEGRADED =
      kernel(
          "0000000000000002",
          "6.6",
          RunOutcome.RUN_OUTCOME_DEGRADED,
          EXACT.toBuilder()
              .setOutcome(RunOutcome.RUN_OUTCOME_DEGRADED)
              .addFields(
                  FieldFit.newBuilder()
                      .setName("prev_pid")
                      .setReason(FitReason.FIT_REASON_MOVED)
                      .setUsable(true)
                      .setExplanation("offset 24 → 32"))
              .addFields(
                  FieldFit.newBuilder()
                      .setName("prev_state")
                      .setReason(FitReason.FIT_REASON_MISSING)
                      .setExplanation("there is no field prev_state or state"))
              .build(),
          EXACT);

  private static final KernelFit UNKNOWN =
      kernel(
          "0000000000000003",
          "6.12",
          RunOutcome.RUN_OUTCOME_UNKNOWN,
          EXACT,
          RequirementFit.newBuilder()
              .setOutcome(RunOutcome.RUN_OUTCOME_UNKNOWN)
              .setReason(FitReason.FIT_REASON_NO_BTF)
              .setExplanation("the kernel's BTF is not known")
              .build());

  private static final KernelFit REJECTED =
      kernel(
          "0000000000000004",
          "6.13\u001b[2J",
          RunOutcome.RUN_OUTCOME_REJECTED,
          RequirementFit.newBuilder()
              .setOutcome(RunOutcome.RUN_OUTCOME_REJECTED)
              .setReason(FitReason.FIT_REASON_MISSING)
              .setExplanation("there is no event sched/sched_switch")
              .build(),
          EXACT);

  private final List<CanRunRequest> asked = new ArrayList<>();

  @Test
  void aSeriesIsAMatrix() {
    Golden.check(
        "can-run-series",
        run(
                List.of(ACCEPTED, DEGRADED, UNKNOWN, REJECTED),
                "offcputime/0.31.0",
                "--series",
                "debian-amd64",
                "--at-revision",
                "9")
            .toString());
    assertEquals(
        List.of(
            CanRunRequest.newBuilder()
                .setKnown(KnownTool.newBuilder().setName("offcputime").setVersion("0.31.0"))
                .setSeries("debian-amd64")
                .setAtRevision(9)
                .build()),
        asked);
  }

  @Test
  void oneKernel() {
    Golden.check(
        "can-run-kernel", run(List.of(DEGRADED), "offcputime", "--kernel", "6.6").toString());
    assertEquals(
        List.of(
            CanRunRequest.newBuilder()
                .setKnown(KnownTool.newBuilder().setName("offcputime"))
                .setKernel("6.6")
                .build()),
        asked);
  }

  @Test
  void json() {
    Golden.check(
        "can-run-json",
        run(List.of(ACCEPTED, UNKNOWN), "offcputime", "--series", "s", "--output", "json")
            .toString());
  }

  @Test
  void onlyAToolThatCanRunEverywhereGetsA0() {
    assertEquals(0, status(ACCEPTED));
    assertEquals(0, status(ACCEPTED, DEGRADED));
    assertEquals(1, status(ACCEPTED, UNKNOWN));
    assertEquals(1, status(REJECTED, ACCEPTED));
  }

  @Test
  void aFileIsATool(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("mine.yaml"),
            """
            name: mine
            version: 2
            uses:
              - event: a/e
                access: BY_NAME
                fields: [x]
            """);
    assertEquals(0, run(List.of(ACCEPTED), file.toString(), "--kernel", "6.1").status());
    assertEquals("mine", asked.getFirst().getConsumer().getName());
    assertEquals("2", asked.getFirst().getConsumer().getVersion());
    assertEquals("a/e", asked.getFirst().getConsumer().getRequirements(0).getAnyOf(0).getEvent());

    Files.writeString(file, "name: mine\nversion: 2\nuses:\n  - event: a/e\n    access: RAW\n");
    Run bad = run(List.of(ACCEPTED), file.toString(), "--kernel", "6.1");
    assertEquals(2, bad.status());
    assertTrue(bad.err().contains("mine.yaml:5:"), bad.err());
    assertTrue(bad.err().contains("nothing was asked"), bad.err());
    assertEquals(
        "tracery: " + folder.resolve("no.yml") + ": no such file or directory\n",
        run(List.of(), folder.resolve("no.yml").toString(), "--kernel", "6.1").err());
    assertEquals(1, asked.size());
  }

  @Test
  void whereIsNeeded() {
    Run expected =
        new Run(
            2, "", "tracery: expected either --series or --kernel; see `tracery can-run --help`\n");
    assertEquals(expected, Run.of("can-run", "t"));
    assertEquals(expected, Run.of("can-run", "t", "--series", "s", "--kernel", "k"));
  }

  private int status(KernelFit... fits) {
    return run(Arrays.asList(fits), "t", "--series", "s").status();
  }

  private Run run(List<KernelFit> fits, String... arguments) {
    List<String> line = new ArrayList<>(List.of("can-run"));
    line.addAll(Arrays.asList(arguments));
    try (FakeServer server =
        FakeServer.builder()
            .unary(
                CompatibilityServiceGrpc.getCanRunMethod(),
                request -> {
                  asked.add(request);
                  return CanRunResponse.newBuilder()
                      .setConsumer(TOOL)
                      .addAllKernels(fits)
                      .setRevision(9)
                      .build();
                })
            .start()) {
      return Run.at(server.address(), line.toArray(String[]::new));
    }
  }

  private static KernelFit kernel(
      String id, String release, RunOutcome outcome, RequirementFit... fits) {
    return KernelFit.newBuilder()
        .setKernel(id)
        .setRelease(release)
        .setOutcome(outcome)
        .addAllRequirements(List.of(fits))
        .build();
  }
}
