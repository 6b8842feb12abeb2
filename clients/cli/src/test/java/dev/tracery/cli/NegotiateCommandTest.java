package dev.tracery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Duration;
import dev.tracery.client.FakeServer;
import dev.tracery.v1.EventReading;
import dev.tracery.v1.FieldFit;
import dev.tracery.v1.FitReason;
import dev.tracery.v1.NegotiateRequest;
import dev.tracery.v1.NegotiateResponse;
import dev.tracery.v1.NegotiationServiceGrpc;
import dev.tracery.v1.RequirementFit;
import dev.tracery.v1.RunOutcome;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NegotiateCommandTest {

  private static final NegotiateResponse DEGRADED =
      NegotiateResponse.newBuilder()
          .setOutcome(RunOutcome.RUN_OUTCOME_DEGRADED)
          .addRequirements(
              RequirementFit.newBuilder()
                  .setOutcome(RunOutcome.RUN_OUTCOME_ACCEPTED)
                  .setReason(FitReason.FIT_REASON_EXACT)
                  .addFields(
                      FieldFit.newBuilder()
                          .setName("x")
                          .setUsable(true)
                          .setReason(FitReason.FIT_REASON_EXACT)))
          .addRequirements(
              RequirementFit.newBuilder()
                  .setOutcome(RunOutcome.RUN_OUTCOME_DEGRADED)
                  .setReason(FitReason.FIT_REASON_MISSING)
                  .setExplanation("there is no event b/g"))
          .addEvents(
              EventReading.newBuilder()
                  .setEvent("a/e")
                  .setLayoutHash(ByteString.copyFrom(new byte[32]))
                  .setSchemaVersion(2)
                  .setMessageName("linux.a.E")
                  .setFile(FileDescriptorProto.newBuilder().setName("linux/a/e.proto")))
          .setKernel("0123456789abcdef")
          .setCacheFor(Duration.newBuilder().setSeconds(3600))
          .setRevision(7)
          .build();
  private static final NegotiateResponse REJECTED =
      NegotiateResponse.newBuilder()
          .setOutcome(RunOutcome.RUN_OUTCOME_REJECTED)
          .addRequirements(
              RequirementFit.newBuilder()
                  .setOutcome(RunOutcome.RUN_OUTCOME_REJECTED)
                  .setReason(FitReason.FIT_REASON_MISSING)
                  .addFields(
                      FieldFit.newBuilder()
                          .setName("x")
                          .setReason(FitReason.FIT_REASON_MISSING)
                          .setExplanation("there is no field x")))
          .setRevision(7)
          .build();

  @TempDir private Path folder = Path.of("");
  private final List<NegotiateRequest> asked = new ArrayList<>();

  private FakeServer registry(NegotiateResponse answer) {
    return FakeServer.builder()
        .unary(
            NegotiationServiceGrpc.getNegotiateMethod(),
            request -> {
              asked.add(request);
              return answer;
            })
        .start();
  }

  private String[] line(String... more) {
    Path input = Formats.in(folder.resolve("in")).event("a/e", 17, "int x;8;4;1").folder();
    return Stream.concat(
            Stream.of(
                "negotiate",
                input.toString(),
                "--release",
                "6.1.0-50-s390x",
                "--machine",
                "s390x",
                "--cache",
                folder.resolve("cache").toString(),
                "--tool",
                "mine/1.0",
                "--require",
                "a/e:x"),
            Stream.of(more))
        .toArray(String[]::new);
  }

  @Test
  void tellsWhatBecameOfEachNeed() {
    try (FakeServer server = registry(DEGRADED)) {
      Run run = Run.at(server.address(), line("--optional", "b/g", "--dry-run"));
      Golden.check("negotiate", run.toString());
      NegotiateRequest request = asked.getFirst();
      assertEquals("mine 1.0", request.getTool().getName() + " " + request.getTool().getVersion());
      assertEquals(true, request.getDryRun());
      assertEquals(1, request.getEventsCount());
      assertEquals(17, request.getEvents(0).getId());
    }
  }

  @Test
  void answersInJson() {
    try (FakeServer server = registry(DEGRADED)) {
      Golden.check(
          "negotiate-json",
          Run.at(server.address(), line("--optional", "b/g", "--output", "json")).toString());
    }
  }

  @Test
  void aRefusalIsAVerdictAgainst() {
    try (FakeServer server = registry(REJECTED)) {
      Golden.check("negotiate-rejected", Run.at(server.address(), line()).toString());
    }
  }

  @Test
  void aFieldThatATranslatorFillsIsSaidToBe() {
    String why = "bridged from y * 512 by my.bridge";
    NegotiateResponse bridged =
        NegotiateResponse.newBuilder()
            .setOutcome(RunOutcome.RUN_OUTCOME_ACCEPTED)
            .addRequirements(
                RequirementFit.newBuilder()
                    .setOutcome(RunOutcome.RUN_OUTCOME_ACCEPTED)
                    .setReason(FitReason.FIT_REASON_BRIDGED)
                    .setExplanation(why)
                    .addFields(
                        FieldFit.newBuilder()
                            .setName("x")
                            .setUsable(true)
                            .setReason(FitReason.FIT_REASON_BRIDGED)
                            .setExplanation(why)))
            .addEvents(DEGRADED.getEvents(0).toBuilder().setSchemaVersion(3))
            .setRevision(7)
            .build();
    try (FakeServer server = registry(bridged)) {
      Golden.check("negotiate-bridged", Run.at(server.address(), line()).toString());
    }
  }

  @Test
  void thatItIsNotKnownIsNoYes() {
    NegotiateResponse unknown =
        NegotiateResponse.newBuilder()
            .setOutcome(RunOutcome.RUN_OUTCOME_UNKNOWN)
            .addRequirements(
                RequirementFit.newBuilder()
                    .setOutcome(RunOutcome.RUN_OUTCOME_UNKNOWN)
                    .setReason(FitReason.FIT_REASON_NO_BTF)
                    .setExplanation("the kernel's BTF is not known"))
            .setRevision(7)
            .build();
    try (FakeServer server = registry(unknown)) {
      Golden.check("negotiate-unknown", Run.at(server.address(), line()).toString());
    }
  }

  @Test
  void aFileSaysWhoAsksAndWhatItNeeds() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("mine.yaml"),
            """
            name: mine
            version: 1.0
            uses:
              - event: a/e
                access: BY_NAME
                fields: [x]
              - event: b/g
                access: BY_NAME
                optional: true
            """);
    Path input = Formats.in(folder.resolve("in")).event("a/e", 17, "int x;8;4;1").folder();
    String[] line = {
      "negotiate",
      input.toString(),
      "--release",
      "6.1.0-50-s390x",
      "--machine",
      "s390x",
      "--no-cache",
      "--file",
      file.toString()
    };
    try (FakeServer server = registry(DEGRADED)) {
      Golden.check("negotiate-file", Run.at(server.address(), line).toString());
      Run both =
          Run.at(
              server.address(),
              Stream.concat(Stream.of(line), Stream.of("--tool", "other/1"))
                  .toArray(String[]::new));
      assertEquals(
          new Run(2, "", "tracery: --file: the file says what --tool and --require say, too\n"),
          both);
      Files.writeString(file, "name: mine\nversion: 1\nuses:\n  - event: a/e\n    access: RAW\n");
      Run bad = Run.at(server.address(), line);
      assertEquals(2, bad.status());
      assertTrue(bad.err().contains("mine.yaml:5:"), bad.err());
      assertTrue(bad.err().contains("nothing was asked"), bad.err());
    }
    assertEquals(1, asked.size());
    assertEquals(
        "mine 1.0",
        asked.getFirst().getTool().getName() + " " + asked.getFirst().getTool().getVersion());
    assertEquals(2, asked.getFirst().getTool().getRequirementsCount());
    assertEquals(true, asked.getFirst().getTool().getRequirements(1).getOptional());
  }

  @Test
  void answersFromWhatWasKept() throws IOException {
    try (FakeServer server = registry(DEGRADED)) {
      Run.at(server.address(), line("--optional", "b/g"));
      Run again = Run.at(server.address(), line("--optional", "b/g"));
      assertTrue(
          again.out().contains("(kept from the registry's revision 7, still good)"), again.out());
      Run.at(server.address(), line("--optional", "b/g", "--no-cache"));
      assertEquals(2, asked.size());
    }
  }

  @Test
  void saysThatNothingWasKept() throws IOException {
    int freePort;
    try (ServerSocket socket = new ServerSocket(0)) {
      freePort = socket.getLocalPort();
    }
    Run run = Run.at("localhost:" + freePort, line());
    assertEquals(3, run.status());
    assertEquals("", run.out());
    assertTrue(
        run.err().contains("there is no answer of an earlier start of mine 1.0 on this kernel in "),
        run.err());
  }

  @Test
  void wrongUseIsSaidBeforeAnythingIsAsked() {
    List<String> said = new ArrayList<>();
    for (List<String> wrong :
        List.of(
            List.<String>of(),
            List.of("--tool", "mine"),
            List.of("--tool", "mine/1"),
            List.of("--tool", "mine/1", "--require", "sched:sched_switch"),
            List.of("--tool", "mine/1", "--require", "a/e:x,,y"),
            List.of("--tool", "mine/1", "--require", "a/e:x,x"),
            List.of("--tool", "mine/1", "--require", "a/e", "--release", "6.1"),
            List.of("--tool", "mine/1", "--require", "a/e", "--access", "RAW"))) {
      Run run =
          Run.of(Stream.concat(Stream.of("negotiate"), wrong.stream()).toArray(String[]::new));
      assertEquals(2, run.status(), wrong.toString());
      said.add(String.join(" ", wrong) + "\n  " + run.err().strip() + "\n");
    }
    Golden.check("negotiate-wrong-use", String.join("", said));
  }
}
