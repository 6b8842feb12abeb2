package dev.tracery.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import dev.tracery.consumer.Consumer;
import dev.tracery.consumer.ConsumerWriter;
import dev.tracery.registry.Compatibility.FieldFit;
import dev.tracery.registry.Compatibility.FitReason;
import dev.tracery.registry.Compatibility.KernelFit;
import dev.tracery.registry.Compatibility.RequirementFit;
import dev.tracery.registry.Compatibility.RunOutcome;
import dev.tracery.registry.Consumers.Origin;
import dev.tracery.v1.CanRunRequest;
import dev.tracery.v1.CanRunResponse;
import dev.tracery.v1.ChangeKind;
import dev.tracery.v1.CompatibilityServiceGrpc;
import dev.tracery.v1.CompatibilityServiceGrpc.CompatibilityServiceBlockingStub;
import dev.tracery.v1.GetPolicyRequest;
import dev.tracery.v1.GetPolicyResponse;
import dev.tracery.v1.GiveWaiverRequest;
import dev.tracery.v1.GiveWaiverResponse;
import dev.tracery.v1.KnownTool;
import dev.tracery.v1.ListWaiversRequest;
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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The calls of `CompatibilityService` that are not streams.
final class CompatibilityCallsTest {

  private static final Waiver WAIVER =
      Waiver.newBuilder()
          .setName("w-1")
          .setReason("old-tool is gone")
          .setAuthor("ops@example.org")
          .setSeries("debian")
          .setKernel("6.12")
          .setConsumer("old-tool")
          .setEvent("sched/sched_switch")
          .setField("prev_state")
          .setKind(ChangeKind.CHANGE_KIND_FIELD_REMOVED)
          .build();

  private final TestServer server = new TestServer();
  private final FakeCompatibility compatibility = server.registry.compatibility;

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_waiver_is_given() {
    assertEquals(
        GiveWaiverResponse.newBuilder()
            .setWaiver(
                WAIVER.toBuilder()
                    .setCreateTime(Timestamp.newBuilder().setSeconds(1_000))
                    .setRevision(8))
            .setRevision(8)
            .build(),
        calls().giveWaiver(GiveWaiverRequest.newBuilder().setWaiver(WAIVER).build()));
  }

  @Test
  void everything_that_is_wrong_with_a_waiver_is_named() {
    assertEquals(
        """
        INVALID_ARGUMENT: waiver.name: a waiver needs a name, by which reports speak of it (and 5 more)
        ErrorInfo { reason: "REQUEST_INVALID" domain: "tracery.dev" }
        BadRequest { \
        field_violations { field: "waiver.name" description: "a waiver needs a name, by which reports speak of it" } \
        field_violations { field: "waiver.reason" description: "a waiver needs a reason: say why the break is accepted" } \
        field_violations { field: "waiver.author" description: "a waiver needs an author: say who accepts the break" } \
        field_violations { field: "waiver.series" description: "a waiver is for one series; name it" } \
        field_violations { field: "waiver.event" description: "expected system/name but found \\"\\", which has no \\'/\\'" } \
        field_violations { field: "waiver.kind" description: "expected a constant of ChangeKind but found 999" } }
        """,
        TestServer.refusal(() ->
            calls()
                .giveWaiver(
                    GiveWaiverRequest.newBuilder()
                        .setWaiver(Waiver.newBuilder().setReason(" \n").setKindValue(999))
                        .build())));
    assertEquals(List.of(), compatibility.asked);
  }

  @Test
  void waivers_are_listed_in_pages() {
    for (int i = 0; i < 5; i++) {
      calls()
          .giveWaiver(
              GiveWaiverRequest.newBuilder()
                  .setWaiver(WAIVER.toBuilder().setName("w" + i))
                  .build());
    }
    List<String> names = new ArrayList<>();
    ListWaiversRequest.Builder request =
        ListWaiversRequest.newBuilder().setSeries("debian").setPageSize(2);
    do {
      ListWaiversResponse page = calls().listWaivers(request.build());
      assertTrue(page.getWaiversCount() <= 2);
      page.getWaiversList().forEach(waiver -> names.add(waiver.getName()));
      request.setPageToken(page.getNextPageToken());
    } while (!request.getPageToken().isEmpty());
    assertEquals(List.of("w0", "w1", "w2", "w3", "w4"), names);
  }

  @Test
  void a_listing_of_waivers_that_cannot_be_is_refused() {
    assertEquals(
        """
        INVALID_ARGUMENT: series: expected up to 200 letters, digits and `._+~-` but found "a/b" (and 2 more)
        ErrorInfo { reason: "REQUEST_INVALID" domain: "tracery.dev" }
        BadRequest { \
        field_violations { field: "series" description: "expected up to 200 letters, digits and `._+~-` but found \\"a/b\\"" } \
        field_violations { field: "page_size" description: "expected 1 to 1000, or 0 for 100, but found 1001" } \
        field_violations { field: "page_token" description: "not a token of this listing; take `next_page_token` from the last answer as it is, and change no other field but `page_size`" } }
        """,
        TestServer.refusal(() ->
            calls()
                .listWaivers(
                    ListWaiversRequest.newBuilder()
                        .setSeries("a/b")
                        .setPageSize(1001)
                        .setPageToken("mine")
                        .build())));
    for (int i = 0; i < 2; i++) {
      calls()
          .giveWaiver(
              GiveWaiverRequest.newBuilder()
                  .setWaiver(WAIVER.toBuilder().setName("w" + i))
                  .build());
    }
    String token =
        calls()
            .listWaivers(ListWaiversRequest.newBuilder().setPageSize(1).build())
            .getNextPageToken();
    String refusal =
        TestServer.refusal(() ->
            calls()
                .listWaivers(
                    ListWaiversRequest.newBuilder().setSeries("b").setPageToken(token).build()));
    assertTrue(refusal.startsWith("INVALID_ARGUMENT: page_token: "), refusal);
  }

  @Test
  void the_policy_is_read() {
    assertEquals(
        policy(), calls().getPolicy(GetPolicyRequest.newBuilder().setAtRevision(0).build()));
    String refusal =
        TestServer.refusal(
            () -> calls().getPolicy(GetPolicyRequest.newBuilder().setAtRevision(7).build()));
    assertTrue(
        refusal.startsWith(
            "OUT_OF_RANGE: at_revision: expected a revision up to 0, the latest, but found 7\n"),
        refusal);
  }

  @Test
  void the_policy_is_changed() {
    assertEquals(
        UpdatePolicyResponse.newBuilder().setPolicy(policy()).build(),
        calls()
            .updatePolicy(
                UpdatePolicyRequest.newBuilder()
                    .addModes(
                        SeriesModeRule.newBuilder()
                            .setSeries("debian")
                            .setMode(SeriesMode.SERIES_MODE_ENFORCE))
                    .addModes(SeriesModeRule.newBuilder().setSeries("*"))
                    .addStability(
                        StabilityRule.newBuilder()
                            .setEvents("mine/*")
                            .setStability(StabilityClass.STABILITY_CLASS_STABLE))
                    .build()));
    assertEquals(
        "updatePolicy [ModeRule[series=debian, mode=ENFORCE], ModeRule[series=*, mode=null]]"
            + " [StabilityRule[events=mine/*, stability=STABLE, builtIn=false]]",
        compatibility.asked.getFirst());
  }

  @Test
  void everything_that_is_wrong_with_a_change_of_the_policy_is_named() {
    assertEquals(
        """
        INVALID_ARGUMENT: modes[0].series: name a series, or * for all that have no mode (and 6 more)
        ErrorInfo { reason: "REQUEST_INVALID" domain: "tracery.dev" }
        BadRequest { \
        field_violations { field: "modes[0].series" description: "name a series, or * for all that have no mode" } \
        field_violations { field: "modes[1].mode" description: "expected a constant of SeriesMode but found 77" } \
        field_violations { field: "stability[0].events" description: "give a glob over system/name, such as sched/*" } \
        field_violations { field: "stability[1].events" description: "has the control character U+001B at position 3" } \
        field_violations { field: "stability[1].stability" description: "expected a constant of StabilityClass but found -1" } \
        field_violations { field: "stability[2].events" description: "at most 512 characters are allowed, not 600" } \
        field_violations { field: "stability[2].built_in" description: "is the registry\\'s to say" } }
        """,
        TestServer.refusal(() ->
            calls()
                .updatePolicy(
                    UpdatePolicyRequest.newBuilder()
                        .addModes(
                            SeriesModeRule.newBuilder().setMode(SeriesMode.SERIES_MODE_ADVISE))
                        .addModes(SeriesModeRule.newBuilder().setSeries("a").setModeValue(77))
                        .addStability(StabilityRule.getDefaultInstance())
                        .addStability(
                            StabilityRule.newBuilder()
                                .setEvents("a/\u001b[2J")
                                .setStabilityValue(-1))
                        .addStability(
                            StabilityRule.newBuilder().setEvents("a".repeat(600)).setBuiltIn(true))
                        .build())));
    assertEquals(List.of(), compatibility.asked);
  }

  @Test
  void a_hundred_thousand_rules_are_refused() {
    UpdatePolicyRequest.Builder request = UpdatePolicyRequest.newBuilder();
    for (int i = 0; i < 50_000; i++) {
      request.addModes(SeriesModeRule.newBuilder().setSeries("s"));
    }
    String refusal = TestServer.refusal(() -> calls().updatePolicy(request.build()));
    assertTrue(
        refusal.startsWith("INVALID_ARGUMENT: modes: at most 1000 rules are allowed, not 50000\n"),
        refusal);
  }

  @Test
  void a_tool_that_is_known_is_asked_about_in_a_series() {
    Consumer tool = new Consumer("t", "1", "", List.of());
    server.registry.consumers.claims.add(FakeConsumers.claim(tool, Origin.DECLARED));
    compatibility.fits.add(new KernelFit("k1", "6.1", RunOutcome.ACCEPTED, List.of()));
    compatibility.fits.add(
        new KernelFit(
            "k2",
            "6.2",
            RunOutcome.UNKNOWN,
            List.of(
                new RequirementFit(
                    RunOutcome.UNKNOWN,
                    1,
                    FitReason.NO_BTF,
                    "no BTF",
                    List.of(new FieldFit("x", FitReason.MOVED, true, "8 → 16"))))));
    assertEquals(
        CanRunResponse.newBuilder()
            .setConsumer(ConsumerWriter.write(tool))
            .addKernels(
                dev.tracery.v1.KernelFit.newBuilder()
                    .setKernel("k1")
                    .setRelease("6.1")
                    .setOutcome(dev.tracery.v1.RunOutcome.RUN_OUTCOME_ACCEPTED))
            .addKernels(
                dev.tracery.v1.KernelFit.newBuilder()
                    .setKernel("k2")
                    .setRelease("6.2")
                    .setOutcome(dev.tracery.v1.RunOutcome.RUN_OUTCOME_UNKNOWN)
                    .addRequirements(
                        dev.tracery.v1.RequirementFit.newBuilder()
                            .setOutcome(dev.tracery.v1.RunOutcome.RUN_OUTCOME_UNKNOWN)
                            .setChosen(1)
                            .setReason(dev.tracery.v1.FitReason.FIT_REASON_NO_BTF)
                            .setExplanation("no BTF")
                            .addFields(
                                dev.tracery.v1.FieldFit.newBuilder()
                                    .setName("x")
                                    .setReason(dev.tracery.v1.FitReason.FIT_REASON_MOVED)
                                    .setUsable(true)
                                    .setExplanation("8 → 16"))))
            .build(),
        calls()
            .canRun(
                CanRunRequest.newBuilder()
                    .setKnown(KnownTool.newBuilder().setName("t").setVersion("1"))
                    .setSeries("debian")
                    .build()));
    assertEquals(List.of("canRunIn t debian 10000 0"), compatibility.asked);
    assertEquals(List.of("consumer t/1 at 0"), server.registry.consumers.asked);
  }

  @Test
  void a_tool_that_is_given_is_asked_about_on_a_kernel() {
    compatibility.fits.add(new KernelFit("k1", "6.1", RunOutcome.REJECTED, List.of()));
    dev.tracery.v1.Consumer tool =
        dev.tracery.v1.Consumer.newBuilder()
            .setName("t")
            .setVersion("1")
            .addRequirements(
                dev.tracery.v1.Requirement.newBuilder()
                    .addAnyOf(
                        dev.tracery.v1.EventUse.newBuilder().setEvent("a/b").setAccessValue(1)))
            .build();
    calls().canRun(CanRunRequest.newBuilder().setConsumer(tool).setKernel("6.1").build());
    assertEquals(List.of("canRunOn t 6.1 0"), compatibility.asked);
    Consumer asked = compatibility.tool.get();
    assertEquals(tool, asked == null ? null : ConsumerWriter.write(asked));
    assertEquals(List.of(), server.registry.consumers.asked);
  }

  @Test
  void questions_about_nothing_are_refused() {
    assertEquals(
        """
        INVALID_ARGUMENT: where: name a series or a kernel (and 1 more)
        ErrorInfo { reason: "REQUEST_INVALID" domain: "tracery.dev" }
        BadRequest { \
        field_violations { field: "where" description: "name a series or a kernel" } \
        field_violations { field: "tool" description: "name a tool that the registry knows, or give one" } }
        """,
        TestServer.refusal(() -> calls().canRun(CanRunRequest.getDefaultInstance())));
    assertEquals(
        """
        INVALID_ARGUMENT: series: name a series (and 2 more)
        ErrorInfo { reason: "REQUEST_INVALID" domain: "tracery.dev" }
        BadRequest { \
        field_violations { field: "series" description: "name a series" } \
        field_violations { field: "known.name" description: "name a tool" } \
        field_violations { field: "known.version" description: "has the control character U+0007 at position 2" } }
        """,
        TestServer.refusal(() ->
            calls()
                .canRun(
                    CanRunRequest.newBuilder()
                        .setSeries("")
                        .setKnown(KnownTool.newBuilder().setVersion("1\u0007"))
                        .build())));
    assertEquals(List.of(), compatibility.asked);
  }

  @Test
  void a_given_tool_is_checked_before_the_registry_is_asked() {
    String refusal =
        TestServer.refusal(() ->
            calls()
                .canRun(
                    CanRunRequest.newBuilder()
                        .setKernel("6.1")
                        .setConsumer(
                            dev.tracery.v1.Consumer.newBuilder()
                                .setName("t")
                                .setVersion("1")
                                .addRequirements(
                                    dev.tracery.v1.Requirement.newBuilder()
                                        .addAnyOf(
                                            dev.tracery.v1.EventUse.newBuilder()
                                                .setEvent("a/b")
                                                .setAccessValue(99))))
                        .build()));
    assertTrue(
        refusal.startsWith("INVALID_ARGUMENT: consumer.requirements[0].any_of[0].access: "),
        refusal);
    assertEquals(List.of(), compatibility.asked);
  }

  @Test
  void a_revision_that_is_not_there_is_out_of_range() {
    server.registry.consumers.claims.add(
        FakeConsumers.claim(new Consumer("t", "1", "", List.of()), Origin.DECLARED));
    String refusal =
        TestServer.refusal(() ->
            calls()
                .canRun(
                    CanRunRequest.newBuilder()
                        .setKnown(KnownTool.newBuilder().setName("t"))
                        .setSeries("debian")
                        .setAtRevision(-1)
                        .build()));
    assertTrue(
        refusal.startsWith(
            "OUT_OF_RANGE: at_revision: expected a revision up to 0, the latest, but found"
                + " 18446744073709551615\n"),
        refusal);
    assertNull(compatibility.tool.get());
  }

  private static GetPolicyResponse policy() {
    return GetPolicyResponse.newBuilder()
        .setDefaultMode(SeriesMode.SERIES_MODE_ADVISE)
        .addModes(
            SeriesModeRule.newBuilder().setSeries("debian").setMode(SeriesMode.SERIES_MODE_ENFORCE))
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
  }

  private CompatibilityServiceBlockingStub calls() {
    return CompatibilityServiceGrpc.newBlockingStub(server.channel)
        .withDeadlineAfter(30, TimeUnit.SECONDS);
  }
}
