package dev.tracery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Timestamp;
import dev.tracery.client.FakeServer;
import dev.tracery.v1.ChangeKind;
import dev.tracery.v1.CompatibilityServiceGrpc;
import dev.tracery.v1.GetPolicyResponse;
import dev.tracery.v1.GiveWaiverResponse;
import dev.tracery.v1.ListWaiversResponse;
import dev.tracery.v1.SeriesMode;
import dev.tracery.v1.SeriesModeRule;
import dev.tracery.v1.StabilityClass;
import dev.tracery.v1.StabilityRule;
import dev.tracery.v1.UpdatePolicyRequest;
import dev.tracery.v1.UpdatePolicyResponse;
import dev.tracery.v1.Waiver;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `waive`, `waivers` and `policy`.
final class RulingCommandsTest {

  private static final Waiver WAIVER =
      Waiver.newBuilder()
          .setName("prev-state-2026")
          .setReason("old-tool is gone from our images")
          .setAuthor("ops@example.org")
          .setSeries("debian-amd64")
          .setEvent("sched/sched_switch")
          .setField("prev_state")
          .build();

  private static final GetPolicyResponse POLICY =
      GetPolicyResponse.newBuilder()
          .setDefaultMode(SeriesMode.SERIES_MODE_ADVISE)
          .addModes(
              SeriesModeRule.newBuilder()
                  .setSeries("debian-amd64")
                  .setMode(SeriesMode.SERIES_MODE_ENFORCE))
          .addStability(
              StabilityRule.newBuilder()
                  .setEvents("mine/*")
                  .setStability(StabilityClass.STABILITY_CLASS_STABLE))
          .addStability(
              StabilityRule.newBuilder()
                  .setEvents("kprobes/*")
                  .setStability(StabilityClass.STABILITY_CLASS_DYNAMIC)
                  .setBuiltIn(true))
          .setRevision(9)
          .build();

  private final List<Waiver> given = new ArrayList<>();
  private final List<UpdatePolicyRequest> changed = new ArrayList<>();

  private FakeServer server() {
    return FakeServer.builder()
        .unary(
            CompatibilityServiceGrpc.getGiveWaiverMethod(),
            request -> {
              given.add(request.getWaiver());
              return GiveWaiverResponse.newBuilder()
                  .setWaiver(
                      request.getWaiver().toBuilder()
                          .setCreateTime(Timestamp.newBuilder().setSeconds(1_700_000_000))
                          .setRevision(12))
                  .setRevision(12)
                  .build();
            })
        .unary(
            CompatibilityServiceGrpc.getListWaiversMethod(),
            request ->
                request.getSeries().equals("none")
                    ? ListWaiversResponse.getDefaultInstance()
                    : ListWaiversResponse.newBuilder()
                        .addWaivers(
                            WAIVER.toBuilder()
                                .setCreateTime(Timestamp.newBuilder().setSeconds(1_700_000_000)))
                        .addWaivers(
                            WAIVER.toBuilder()
                                .setName("w2")
                                .setReason("so\u001b[31m what\nelse")
                                .setConsumer("old-tool")
                                .setKind(ChangeKind.CHANGE_KIND_FIELD_REMOVED)
                                .setKernel("6.12")
                                .clearField()
                                .setCreateTime(Timestamp.newBuilder().setSeconds(1_700_100_000)))
                        .build())
        .unary(CompatibilityServiceGrpc.getGetPolicyMethod(), request -> POLICY)
        .unary(
            CompatibilityServiceGrpc.getUpdatePolicyMethod(),
            request -> {
              changed.add(request);
              return UpdatePolicyResponse.newBuilder().setPolicy(POLICY).build();
            })
        .start();
  }

  @ParameterizedTest
  @CsvSource({
    "waive, waive w --series s --event a/b --reason r --by me",
    "waive-json, waive w --series s --event a/b --reason r --by me --output json",
    "waive-wrong-kind, waive w --series s --event a/b --reason r --by me --change gone",
    "waive-wrong-field, waive w --series s --event a/b. --reason r --by me",
    "waive-no-reason, waive w --series s --event a/b --by me",
    "waivers, waivers",
    "waivers-json, waivers --output json",
    "waivers-none, waivers --series none",
    "policy, policy",
    "policy-json, policy --output json",
    "policy-set, policy set --series debian-amd64 --mode enforce",
    "policy-set-wrong-mode, policy set --series debian-amd64 --mode on",
    "policy-set-both, policy set --series s --mode enforce --events a/* --class stable",
    "policy-set-half, policy set --events a/*",
  })
  void answers(String golden, String line) {
    try (FakeServer server = server()) {
      Golden.check(golden, Run.at(server.address(), line.split(" ")).toString());
    }
  }

  @Test
  void aWaiverIsGivenAsItIsSaid() {
    try (FakeServer server = server()) {
      Run.at(
          server.address(),
          "waive",
          WAIVER.getName(),
          "--series",
          WAIVER.getSeries(),
          "--event",
          "sched/sched_switch.prev_state",
          "--reason",
          WAIVER.getReason(),
          "--by",
          WAIVER.getAuthor(),
          "--consumer",
          "old-tool",
          "--change",
          "field_removed",
          "--kernel",
          "6.12");
    }
    assertEquals(
        List.of(
            WAIVER.toBuilder()
                .setConsumer("old-tool")
                .setKind(ChangeKind.CHANGE_KIND_FIELD_REMOVED)
                .setKernel("6.12")
                .build()),
        given);
  }

  @Test
  void thePolicyIsChangedAsItIsSaid() {
    try (FakeServer server = server()) {
      Run.at(server.address(), "policy", "set", "--series", "*", "--mode", "default");
      Run.at(server.address(), "policy", "set", "--events", "sched/*", "--class", "internal");
    }
    assertEquals(
        List.of(
            UpdatePolicyRequest.newBuilder()
                .addModes(SeriesModeRule.newBuilder().setSeries("*"))
                .build(),
            UpdatePolicyRequest.newBuilder()
                .addStability(
                    StabilityRule.newBuilder()
                        .setEvents("sched/*")
                        .setStability(StabilityClass.STABILITY_CLASS_INTERNAL))
                .build()),
        changed);
  }
}
