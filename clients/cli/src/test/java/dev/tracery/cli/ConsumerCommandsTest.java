package dev.tracery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Timestamp;
import dev.tracery.client.FakeServer;
import dev.tracery.v1.AccessClass;
import dev.tracery.v1.Claim;
import dev.tracery.v1.ClaimOrigin;
import dev.tracery.v1.ClaimState;
import dev.tracery.v1.Consumer;
import dev.tracery.v1.ConsumerServiceGrpc;
import dev.tracery.v1.DeclareConsumerRequest;
import dev.tracery.v1.DeclareConsumerResponse;
import dev.tracery.v1.EventUse;
import dev.tracery.v1.FieldUse;
import dev.tracery.v1.FindUsesRequest;
import dev.tracery.v1.FindUsesResponse;
import dev.tracery.v1.GetConsumerResponse;
import dev.tracery.v1.ListConsumersResponse;
import dev.tracery.v1.Requirement;
import dev.tracery.v1.TextKeys;
import dev.tracery.v1.TextUse;
import dev.tracery.v1.Use;
import dev.tracery.v1.WithdrawConsumerResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConsumerCommandsTest {

  private static final String FILE =
      """
      name: offcputime
      version: 0.31.0
      uses:
        - event: sched/sched_switch
          access: BY_NAME
          fields: [prev_pid]
      """;

  private static final Requirement BY_NAME =
      Requirement.newBuilder()
          .addAnyOf(
              EventUse.newBuilder()
                  .setEvent("sched/sched_switch")
                  .setAccess(AccessClass.ACCESS_CLASS_BY_NAME)
                  .addFields(FieldUse.newBuilder().addNames("prev_pid"))
                  .addFields(FieldUse.newBuilder().addNames("prev_state").setInterpretsValues(true))
                  .addFields(
                      FieldUse.newBuilder().addNames("page").addNames("pfn").setOptional(true)))
          .build();

  private static final Requirement TEXT =
      Requirement.newBuilder()
          .setOptional(true)
          .addAnyOf(
              EventUse.newBuilder()
                  .setEvent("power/cpu_idle")
                  .setAccess(AccessClass.ACCESS_CLASS_PRINT_TEXT)
                  .setText(TextUse.newBuilder().setKeys(TextKeys.newBuilder().addKeys("state"))))
          .addAnyOf(
              EventUse.newBuilder()
                  .setEvent("power/power_start")
                  .setAccess(AccessClass.ACCESS_CLASS_BY_NAME))
          .build();

  private static final Claim DECLARED =
      Claim.newBuilder()
          .setConsumer(
              Consumer.newBuilder()
                  .setName("offcputime")
                  .setVersion("0.31.0")
                  .setSource("https://example.org/offcputime.py")
                  .addRequirements(BY_NAME)
                  .addRequirements(TEXT))
          .setOrigin(ClaimOrigin.CLAIM_ORIGIN_DECLARED)
          .setState(ClaimState.CLAIM_STATE_SUPERSEDED)
          .setEndedBy("0.32.0")
          .setCreateTime(Timestamp.newBuilder().setSeconds(1_700_000_000))
          .setRevision(7)
          .build();

  private static final Claim OBSERVED =
      DECLARED.toBuilder()
          .setOrigin(ClaimOrigin.CLAIM_ORIGIN_OBSERVED)
          .setState(ClaimState.CLAIM_STATE_LIVE)
          .clearEndedBy()
          .setLastSeenTime(Timestamp.newBuilder().setSeconds(1_700_100_000))
          .setLapseTime(Timestamp.newBuilder().setSeconds(1_715_000_000))
          .build();

  private final List<DeclareConsumerRequest> declared = new ArrayList<>();
  private final List<FindUsesRequest> asked = new ArrayList<>();

  private FakeServer server() {
    return FakeServer.builder()
        .unary(
            ConsumerServiceGrpc.getListConsumersMethod(),
            request ->
                request.getFilter().equals("none")
                    ? ListConsumersResponse.getDefaultInstance()
                    : ListConsumersResponse.newBuilder()
                        .addClaims(DECLARED)
                        .addClaims(OBSERVED)
                        .build())
        .unary(
            ConsumerServiceGrpc.getGetConsumerMethod(),
            request -> GetConsumerResponse.newBuilder().setClaim(OBSERVED).setRevision(9).build())
        .unary(
            ConsumerServiceGrpc.getDeclareConsumerMethod(),
            request -> {
              declared.add(request);
              return DeclareConsumerResponse.newBuilder()
                  .setClaim(OBSERVED)
                  .setRevision(8)
                  .setChanged(true)
                  .addSuperseded("0.30.0")
                  .addWarnings("consumer.requirements[0]: something odd")
                  .build();
            })
        .unary(
            ConsumerServiceGrpc.getWithdrawConsumerMethod(),
            request ->
                WithdrawConsumerResponse.newBuilder()
                    .addVersions("0.30.0")
                    .addVersions("0.31.0")
                    .setRevision(10)
                    .build())
        .unary(
            ConsumerServiceGrpc.getFindUsesMethod(),
            request -> {
              asked.add(request);
              return FindUsesResponse.newBuilder()
                  .addUses(
                      Use.newBuilder()
                          .setClaim(OBSERVED)
                          .setUse(BY_NAME.getAnyOf(0))
                          .addSeries("debian-amd64")
                          .addSeries("mainline"))
                  .addUses(
                      Use.newBuilder()
                          .setClaim(DECLARED)
                          .setUse(TEXT.getAnyOf(0))
                          .setOptional(true)
                          .setHasAlternatives(true))
                  .setUseCount(3)
                  .build();
            })
        .start();
  }

  @ParameterizedTest
  @CsvSource({
    "consumers, consumers --all",
    "consumers-json, consumers --output json",
    "consumers-none, consumers --filter none",
    "consumers-show, consumers show offcputime/0.31.0",
    "consumers-withdraw, consumers withdraw offcputime --reason gone",
    "consumers-withdraw-wrong, consumers withdraw offcputime/",
    "who-uses, who-uses sched/sched_switch.prev_state",
    "who-uses-json, who-uses sched/* --output json",
    "who-uses-wrong, who-uses sched_switch",
  })
  void answers(String golden, String line) {
    try (FakeServer server = server()) {
      Golden.check(golden, Run.at(server.address(), line.split(" ")).toString());
    }
  }

  @Test
  void aFileIsDeclaredAsItSays(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("offcputime.yaml"), FILE);
    try (FakeServer server = server()) {
      Run run =
          Run.at(
              server.address(),
              "consumers",
              "declare",
              folder.toString(),
              "--supersedes",
              "all",
              "--allow-unknown");
      assertEquals(
          new Run(
              0,
              "offcputime/0.31.0: declared, revision 8; supersedes 0.30.0\n",
              file + ": warning: consumer.requirements[0]: something odd\n"),
          run);
    }
    assertEquals(1, declared.size());
    assertEquals(List.of("*"), declared.getFirst().getSupersedesList());
    assertEquals(true, declared.getFirst().getAllowUnknownEvents());
    assertEquals(false, declared.getFirst().getValidateOnly());
    assertEquals(
        "sched/sched_switch",
        declared.getFirst().getConsumer().getRequirements(0).getAnyOf(0).getEvent());
  }

  @Test
  void nothingIsDeclaredIfOneFileIsWrong(@TempDir Path folder) throws IOException {
    Path good = Files.writeString(folder.resolve("good.yaml"), FILE);
    Path bad = Files.writeString(folder.resolve("bad.yaml"), "name: x y\n");
    try (FakeServer server = server()) {
      Run run = Run.at(server.address(), "consumers", "declare", good.toString(), bad.toString());
      assertEquals(
          new Run(
              2,
              "",
              bad
                  + ":1:7: error VALUE_INVALID: name: cannot contain the character U+0020, at"
                  + " position 2\n"
                  + bad
                  + ":1:1: error VALUE_INVALID: version: expected the tool's version but found"
                  + " nothing\n"
                  + bad
                  + ":1:1: error VALUE_INVALID: uses: expected what the tool needs but found"
                  + " nothing\n"
                  + "tracery: the files: 3 errors; nothing was declared\n"),
          run);
    }
    assertEquals(List.of(), declared);
  }

  @Test
  void anEventAndItsFieldAreTold() {
    try (FakeServer server = server()) {
      Run.at(server.address(), "who-uses", "sched/sched_switch.prev_state", "--all");
      Run.at(server.address(), "who-uses", "block/*", "--at-revision", "3");
    }
    assertEquals(
        List.of(
            FindUsesRequest.newBuilder()
                .setEvent("sched/sched_switch")
                .setField("prev_state")
                .setIncludeEnded(true)
                .build(),
            FindUsesRequest.newBuilder().setEvent("block/*").setAtRevision(3).build()),
        asked);
  }

  @Test
  void aFileThatIsNotThere() {
    Run run = Run.at("localhost:1", "consumers", "declare", "nowhere.yaml");
    assertEquals(new Run(2, "", "tracery: nowhere.yaml: no such file or directory\n"), run);
  }
}
