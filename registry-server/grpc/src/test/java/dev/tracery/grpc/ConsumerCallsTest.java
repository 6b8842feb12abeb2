package dev.tracery.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import dev.tracery.consumer.AccessClass;
import dev.tracery.consumer.Consumer;
import dev.tracery.consumer.ConsumerWriter;
import dev.tracery.consumer.EventUse;
import dev.tracery.consumer.FieldUse;
import dev.tracery.consumer.Requirement;
import dev.tracery.model.EventName;
import dev.tracery.registry.Consumers.Origin;
import dev.tracery.registry.Consumers.Use;
import dev.tracery.registry.Registry.RegistryChange;
import dev.tracery.v1.Claim;
import dev.tracery.v1.ClaimOrigin;
import dev.tracery.v1.ClaimState;
import dev.tracery.v1.ConsumerServiceGrpc;
import dev.tracery.v1.ConsumerServiceGrpc.ConsumerServiceBlockingStub;
import dev.tracery.v1.DeclareConsumerRequest;
import dev.tracery.v1.DeclareConsumerResponse;
import dev.tracery.v1.FindUsesRequest;
import dev.tracery.v1.FindUsesResponse;
import dev.tracery.v1.GetConsumerRequest;
import dev.tracery.v1.ListConsumersRequest;
import dev.tracery.v1.ListConsumersResponse;
import dev.tracery.v1.WatchRequest;
import dev.tracery.v1.WithdrawConsumerRequest;
import dev.tracery.v1.WithdrawConsumerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ConsumerCallsTest {

  private final TestServer server = new TestServer();
  private final FakeConsumers consumers = server.registry.consumers;

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aToolIsDeclared() {
    Consumer tool = tool("t", "1");
    DeclareConsumerResponse declared =
        calls()
            .declareConsumer(
                DeclareConsumerRequest.newBuilder()
                    .setConsumer(ConsumerWriter.write(tool))
                    .addSupersedes("*")
                    .setAllowUnknownEvents(true)
                    .build());
    assertEquals(
        DeclareConsumerResponse.newBuilder()
            .setClaim(
                Claim.newBuilder()
                    .setConsumer(ConsumerWriter.write(tool))
                    .setOrigin(ClaimOrigin.CLAIM_ORIGIN_DECLARED)
                    .setState(ClaimState.CLAIM_STATE_LIVE)
                    .setCreateTime(Timestamp.newBuilder().setSeconds(1_000))
                    .setRevision(3))
            .setRevision(4)
            .setChanged(true)
            .addSuperseded("0")
            .addWarnings("a warning")
            .build(),
        declared);
    assertEquals(List.of("declare t [*] true false"), consumers.asked);
  }

  @Test
  void everythingThatIsWrongWithAToolIsNamedAndNothingIsStored() {
    assertEquals(
        """
        INVALID_ARGUMENT: consumer.name: cannot contain the character U+0007, at position 2 (and 3 more)
        ErrorInfo { reason: "REQUEST_INVALID" domain: "tracery.dev" }
        BadRequest { \
        field_violations { field: "consumer.name" description: "cannot contain the character U+0007, at position 2" } \
        field_violations { field: "consumer.requirements[0].any_of[0].access" description: "expected how the event is read, ACCESS_CLASS_BY_NAME (1) to ACCESS_CLASS_PINNED_KERNEL (7), but found 99" } \
        field_violations { field: "consumer.requirements[1].any_of[0].fields[1].names[0]" description: "\\"x\\" is listed twice; consumer.requirements[1].any_of[0].fields[0].names[0] has it, too" } \
        field_violations { field: "supersedes[1]" description: "expected the tool\\'s version but found nothing" } }
        """,
        TestServer.refusal(() ->
            calls()
                .declareConsumer(
                    DeclareConsumerRequest.newBuilder()
                        .setConsumer(
                            dev.tracery.v1.Consumer.newBuilder()
                                .setName("a\u0007")
                                .setVersion("1")
                                .addRequirements(
                                    dev.tracery.v1.Requirement.newBuilder()
                                        .addAnyOf(
                                            dev.tracery.v1.EventUse.newBuilder()
                                                .setEvent("a/b")
                                                .setAccessValue(99)))
                                .addRequirements(
                                    dev.tracery.v1.Requirement.newBuilder()
                                        .addAnyOf(
                                            dev.tracery.v1.EventUse.newBuilder()
                                                .setEvent("a/b")
                                                .setAccessValue(1)
                                                .addFields(
                                                    dev.tracery.v1.FieldUse.newBuilder()
                                                        .addNames("x"))
                                                .addFields(
                                                    dev.tracery.v1.FieldUse.newBuilder()
                                                        .addNames("x")))))
                        .addSupersedes("*")
                        .addSupersedes("")
                        .build())));
    assertEquals(List.of(), consumers.asked);
  }

  @Test
  void aHundredThousandRequirementsAreRefused() {
    dev.tracery.v1.Consumer.Builder tool =
        dev.tracery.v1.Consumer.newBuilder().setName("t").setVersion("1");
    for (int i = 0; i < 100_000; i++) {
      tool.addRequirementsBuilder();
    }
    String refusal =
        TestServer.refusal(() ->
            calls().declareConsumer(DeclareConsumerRequest.newBuilder().setConsumer(tool).build()));
    assertTrue(
        refusal.startsWith(
            "INVALID_ARGUMENT: consumer.requirements: at most 1000 are allowed, not 100000\n"),
        refusal);
  }

  @Test
  void aToolIsWithdrawn() {
    assertEquals(
        WithdrawConsumerResponse.newBuilder()
            .addVersions("1")
            .addVersions("2")
            .setRevision(5)
            .build(),
        calls()
            .withdrawConsumer(
                WithdrawConsumerRequest.newBuilder().setName("t").setReason("old").build()));
    assertEquals(List.of("withdraw t/ old"), consumers.asked);
    String refusal =
        TestServer.refusal(() ->
            calls()
                .withdrawConsumer(WithdrawConsumerRequest.newBuilder().setReason("a\nb").build()));
    assertTrue(
        refusal.startsWith(
            "INVALID_ARGUMENT: name: expected a tool's name but found nothing (and 1 more)\n"),
        refusal);
  }

  @Test
  void oneToolIsRead() {
    consumers.claims.add(FakeConsumers.claim(tool("t", "1"), Origin.OBSERVED));
    Claim claim =
        calls().getConsumer(GetConsumerRequest.newBuilder().setName("t").build()).getClaim();
    assertEquals(ClaimOrigin.CLAIM_ORIGIN_OBSERVED, claim.getOrigin());
    assertEquals(2_000, claim.getLastSeenTime().getSeconds());
    assertEquals(2_500, claim.getLapseTime().getSeconds());
  }

  @Test
  void toolsAreListedInPages() {
    for (int i = 0; i < 5; i++) {
      consumers.claims.add(FakeConsumers.claim(tool("t", "v" + i), Origin.DECLARED));
    }
    List<String> versions = new ArrayList<>();
    String token = "";
    do {
      ListConsumersResponse page =
          calls()
              .listConsumers(
                  ListConsumersRequest.newBuilder().setPageSize(2).setPageToken(token).build());
      page.getClaimsList().forEach(claim -> versions.add(claim.getConsumer().getVersion()));
      assertTrue(page.getClaimsCount() <= 2);
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    assertEquals(List.of("v0", "v1", "v2", "v3", "v4"), versions);
  }

  @Test
  void aPageOfLargeClaimsIsShorter() {
    String field = "f".repeat(250);
    List<FieldUse> fields = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      fields.add(new FieldUse(List.of(field + i), false, false, 0, null, false));
    }
    for (int i = 0; i < 20; i++) {
      consumers.claims.add(
          FakeConsumers.claim(
              new Consumer("t", "v" + i, "", List.of(new Requirement(List.of(use(fields)), false))),
              Origin.DECLARED));
    }
    ListConsumersResponse page = calls().listConsumers(ListConsumersRequest.getDefaultInstance());
    assertTrue(page.getSerializedSize() < 4 << 20, page.getSerializedSize() + " bytes");
    assertTrue(page.getClaimsCount() > 1 && page.getClaimsCount() < 20);
    assertTrue(!page.getNextPageToken().isEmpty());
  }

  @Test
  void usesAreFound() {
    EventUse use = use(List.of());
    consumers.uses.add(
        new Use(
            FakeConsumers.claim(tool("t", "1"), Origin.DECLARED), use, true, true, List.of("s")));
    FindUsesResponse found =
        calls()
            .findUses(
                FindUsesRequest.newBuilder().setEvent("sched/*").setField("prev_pid").build());
    assertEquals(1, found.getUseCount());
    assertEquals(
        dev.tracery.v1.Use.newBuilder()
            .setClaim(
                Claim.newBuilder()
                    .setConsumer(dev.tracery.v1.Consumer.newBuilder().setName("t").setVersion("1"))
                    .setOrigin(ClaimOrigin.CLAIM_ORIGIN_DECLARED)
                    .setState(ClaimState.CLAIM_STATE_LIVE)
                    .setCreateTime(Timestamp.newBuilder().setSeconds(1_000))
                    .setRevision(3))
            .setUse(ConsumerWriter.write(use))
            .setOptional(true)
            .setHasAlternatives(true)
            .addSeries("s")
            .build(),
        found.getUses(0));
    assertEquals(List.of("uses sched/* prev_pid false 10000"), consumers.asked);
    String refusal =
        TestServer.refusal(() -> calls().findUses(FindUsesRequest.getDefaultInstance()));
    assertTrue(refusal.startsWith("INVALID_ARGUMENT: event: name an event"), refusal);
  }

  @Test
  void thoseWhoWatchAreTold() {
    var claim = FakeConsumers.claim(tool("t", "1"), Origin.DECLARED);
    server.registry.append(
        List.of(
            new RegistryChange.ConsumerDeclared(claim), new RegistryChange.ConsumerEnded(claim)));
    var answers = server.calls().watch(WatchRequest.getDefaultInstance());
    var changes = answers.next().getChangesList();
    assertEquals(1, changes.get(0).getConsumerDeclared().getConsumer().getRequirementsCount());
    assertEquals(0, changes.get(1).getConsumerEnded().getConsumer().getRequirementsCount());
    assertEquals("t", changes.get(1).getConsumerEnded().getConsumer().getName());
  }

  private ConsumerServiceBlockingStub calls() {
    return ConsumerServiceGrpc.newBlockingStub(server.channel)
        .withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  private static Consumer tool(String name, String version) {
    return new Consumer(
        name, version, "", List.of(new Requirement(List.of(use(List.of())), false)));
  }

  private static EventUse use(List<FieldUse> fields) {
    return new EventUse(
        EventName.parse("sched/sched_switch"),
        AccessClass.BY_NAME,
        fields,
        false,
        "",
        null,
        List.of(),
        "",
        null);
  }
}
