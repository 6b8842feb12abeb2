package dev.tracery.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import dev.tracery.registry.Registry;
import dev.tracery.v1.Change;
import dev.tracery.v1.ChangeKind;
import dev.tracery.v1.DecodePlan;
import dev.tracery.v1.DiffKernelsRequest;
import dev.tracery.v1.DiffKernelsResponse;
import dev.tracery.v1.DiffSchemasRequest;
import dev.tracery.v1.DiffSchemasResponse;
import dev.tracery.v1.EventDiff;
import dev.tracery.v1.FindMissingLayoutsRequest;
import dev.tracery.v1.FindMissingLayoutsResponse;
import dev.tracery.v1.GetKernelRequest;
import dev.tracery.v1.GetKernelResponse;
import dev.tracery.v1.GetKernelTypesRequest;
import dev.tracery.v1.GetKernelTypesResponse;
import dev.tracery.v1.GetSchemaRequest;
import dev.tracery.v1.GetSchemaResponse;
import dev.tracery.v1.KernelEvent;
import dev.tracery.v1.KernelTypes;
import dev.tracery.v1.Layout;
import dev.tracery.v1.ListEventsRequest;
import dev.tracery.v1.ListEventsResponse;
import dev.tracery.v1.ListKernelsRequest;
import dev.tracery.v1.ListKernelsResponse;
import dev.tracery.v1.SchemaPart;
import dev.tracery.v1.Tracepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RegistryCallsTest {

  private final TestServer server = new TestServer();
  private final FakeRegistry registry = server.registry;

  @BeforeEach
  void twoRevisions() {
    registry.append(List.of());
    registry.append(List.of());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void missing_layouts_are_told_in_the_requests_order() {
    ByteString a = ByteString.copyFrom(Samples.HASH.bytes());
    ByteString known = ByteString.copyFrom(FakeRegistry.KNOWN.bytes());
    ByteString b = ByteString.copyFrom(new byte[32]);

    FindMissingLayoutsResponse answer =
        server
            .calls()
            .findMissingLayouts(
                FindMissingLayoutsRequest.newBuilder()
                    .addLayoutHashes(b)
                    .addLayoutHashes(known)
                    .addLayoutHashes(a)
                    .build());

    assertEquals(
        FindMissingLayoutsResponse.newBuilder().addMissing(b).addMissing(a).setRevision(2).build(),
        answer);
  }

  @Test
  void known_systems_are_told_by_their_places() {
    ByteString known = ByteString.copyFrom(FakeRegistry.KNOWN.bytes());
    ByteString unknown = ByteString.copyFrom(new byte[32]);

    assertEquals(
        FindMissingLayoutsResponse.newBuilder()
            .addKnownSystems(1)
            .addKnownSystems(2)
            .setRevision(2)
            .build(),
        server
            .calls()
            .findMissingLayouts(
                FindMissingLayoutsRequest.newBuilder()
                    .addSystemHashes(unknown)
                    .addSystemHashes(known)
                    .addSystemHashes(known)
                    .build()));
  }

  @Test
  void a_kernel_is_answered_whole_with_the_revision_that_was_read() {
    registry.kernels.add(Samples.kernel("00000000000000aa"));

    GetKernelResponse now =
        server
            .calls()
            .getKernel(GetKernelRequest.newBuilder().setKernel("6.1.0-32-powerpc").build());
    GetKernelResponse then =
        server
            .calls()
            .getKernel(
                GetKernelRequest.newBuilder()
                    .setKernel("00000000000000aa")
                    .setAtRevision(1)
                    .build());

    GetKernelResponse expected =
        GetKernelResponse.newBuilder()
            .setKernel(Samples.kernelMessage("00000000000000aa"))
            .setRevision(2)
            .build();
    assertEquals(expected, now);
    assertEquals(expected.toBuilder().setRevision(1).build(), then);
    assertEquals(List.of("kernel 6.1.0-32-powerpc 0", "kernel 00000000000000aa 1"), registry.asked);
  }

  @Test
  void types_are_answered_with_the_kernels_id_and_the_revision() {
    registry.kernels.add(Samples.kernel("00000000000000aa"));
    GetKernelTypesRequest request =
        GetKernelTypesRequest.newBuilder()
            .setKernel("6.1.0-32-powerpc")
            .setFilter("sched_*")
            .build();
    GetKernelTypesResponse expected =
        GetKernelTypesResponse.newBuilder().setKernel("00000000000000aa").setRevision(2).build();
    assertEquals(expected, server.calls().getKernelTypes(request));

    KernelTypes types =
        KernelTypes.newBuilder().addTracepoints(Tracepoint.newBuilder().setName("a")).build();
    registry.types = types;
    assertEquals(
        expected.toBuilder().setTypes(types).setRevision(1).build(),
        server.calls().getKernelTypes(request.toBuilder().setAtRevision(1).build()));
    assertEquals(
        List.of(
            "kernel 6.1.0-32-powerpc 0",
            "types 6.1.0-32-powerpc sched_* 0",
            "kernel 6.1.0-32-powerpc 1",
            "types 6.1.0-32-powerpc sched_* 1"),
        registry.asked);
  }

  @Test
  void kernels_come_in_pages_that_all_read_the_first_pages_revision() {
    for (int i = 0; i < 5; i++) {
      registry.kernels.add(Samples.kernel("000000000000000" + i));
    }
    List<String> ids = new ArrayList<>();
    ListKernelsRequest.Builder request =
        ListKernelsRequest.newBuilder().setPageSize(2).setSeries("debian");
    ListKernelsResponse page;
    do {
      page = server.calls().listKernels(request.build());
      page.getKernelsList().forEach(kernel -> ids.add(kernel.getId()));
      assertEquals(2, page.getRevision());
      request.setPageToken(page.getNextPageToken());
      registry.append(List.of());
    } while (!page.getNextPageToken().isEmpty());

    assertEquals(
        List.of(
            "0000000000000000",
            "0000000000000001",
            "0000000000000002",
            "0000000000000003",
            "0000000000000004"),
        ids);
    assertEquals(
        List.of("kernels debian 0 3 0", "kernels debian 2 3 2", "kernels debian 4 3 2"),
        registry.asked);
  }

  @Test
  void events_come_in_pages_that_go_on_after_the_last_name() {
    for (int i = 0; i < 3; i++) {
      registry.events.add(Samples.event("sched/e" + i, 300 + i));
    }
    ListEventsRequest request =
        ListEventsRequest.newBuilder().setKernel("k").setFilter("sched/*").setPageSize(2).build();

    ListEventsResponse first = server.calls().listEvents(request);
    ListEventsResponse second =
        server
            .calls()
            .listEvents(request.toBuilder().setPageToken(first.getNextPageToken()).build());

    assertEquals(
        ListEventsResponse.newBuilder()
            .addEvents(event("sched/e0", 300))
            .addEvents(event("sched/e1", 301))
            .setNextPageToken(first.getNextPageToken())
            .setRevision(2)
            .build(),
        first);
    assertEquals(
        ListEventsResponse.newBuilder().addEvents(event("sched/e2", 302)).setRevision(2).build(),
        second);
    assertEquals(
        List.of("events k sched/* null 3 0", "events k sched/* sched/e1 3 2"), registry.asked);
  }

  @Test
  void a_lineage_has_no_id_and_no_layout() {
    registry.events.add(new Registry.KernelEvent(Samples.SWITCH, 0, Optional.empty(), 7));

    assertEquals(
        ListEventsResponse.newBuilder()
            .addEvents(KernelEvent.newBuilder().setEvent("sched/sched_switch").setSchemaVersion(7))
            .setRevision(2)
            .build(),
        server.calls().listEvents(ListEventsRequest.getDefaultInstance()));
  }

  @Test
  void a_schema_is_asked_for_by_each_selector_and_answered_with_each_part() {
    FileDescriptorSet files = Samples.schedSwitch();
    DecodePlan plan = DecodePlan.newBuilder().setEvent("sched/sched_switch").build();
    Layout layout = Layout.newBuilder().setHash(Samples.HASH_BYTES).build();
    registry.schema =
        new Registry.Schema(
            Samples.SWITCH,
            3,
            "linux.sched.SchedSwitch",
            Optional.of(files),
            Optional.of("syntax"),
            Optional.of(plan),
            Optional.of(layout),
            2);
    GetSchemaRequest latest = GetSchemaRequest.newBuilder().setEvent("sched/sched_switch").build();

    GetSchemaResponse answer =
        server
            .calls()
            .getSchema(
                latest.toBuilder()
                    .setLayoutHash(Samples.HASH_BYTES)
                    .addParts(SchemaPart.SCHEMA_PART_DESCRIPTOR)
                    .addParts(SchemaPart.SCHEMA_PART_IMPORTS)
                    .addParts(SchemaPart.SCHEMA_PART_PROTO)
                    .addParts(SchemaPart.SCHEMA_PART_DECODE_PLAN)
                    .addParts(SchemaPart.SCHEMA_PART_LAYOUT)
                    .build());
    server.calls().getSchema(latest);
    server.calls().getSchema(latest.toBuilder().setVersion(3).build());
    server.calls().getSchema(latest.toBuilder().setKernel("6.1").setAtRevision(1).build());

    assertEquals(
        GetSchemaResponse.newBuilder()
            .setEvent("sched/sched_switch")
            .setVersion(3)
            .setMessageName("linux.sched.SchedSwitch")
            .setDescriptorSet(files)
            .setProto("syntax")
            .setDecodePlan(plan)
            .setLayout(layout)
            .setRevision(2)
            .build(),
        answer);
    assertEquals(
        List.of(
            "schema sched/sched_switch ByLayout[layoutHash="
                + Samples.HASH
                + "] [DESCRIPTOR, IMPORTS, PROTO, DECODE_PLAN, LAYOUT] 0",
            "schema sched/sched_switch Latest[] [DESCRIPTOR] 0",
            "schema sched/sched_switch ByVersion[version=3] [DESCRIPTOR] 0",
            "schema sched/sched_switch ByKernel[kernel=6.1] [DESCRIPTOR] 1"),
        registry.asked);
  }

  @Test
  void kernels_are_compared_with_every_kind_of_change() {
    List<Registry.Change> changes = new ArrayList<>();
    EventDiff.Builder event =
        EventDiff.newBuilder().setEvent("sched/sched_switch").setFromVersion(1).setToVersion(2);
    for (Registry.ChangeKind kind : Registry.ChangeKind.values()) {
      changes.add(new Registry.Change(kind, "f", 1, "old", "new"));
      event.addChanges(
          Change.newBuilder()
              .setKind(ChangeKind.forNumber(kind.ordinal() + 1))
              .setField("f")
              .setOccurrence(1)
              .setFrom("old")
              .setTo("new"));
    }
    Registry.EventDiff diff = new Registry.EventDiff(Samples.SWITCH, changes, 1, 2, 2);
    registry.kernelDiff =
        new Registry.KernelDiff(List.of(diff), 11, List.of(changes.getFirst()), 2);
    registry.eventDiff = diff;

    assertEquals(
        DiffKernelsResponse.newBuilder()
            .addEvents(event)
            .setUnchanged(11)
            .addCommonChanges(event.getChanges(0))
            .setRevision(2)
            .build(),
        server
            .calls()
            .diffKernels(
                DiffKernelsRequest.newBuilder()
                    .setFromKernel("a")
                    .setToKernel("b")
                    .setFilter("*")
                    .setAtRevision(2)
                    .build()));
    assertEquals(
        DiffSchemasResponse.newBuilder().setDiff(event).setRevision(2).build(),
        server
            .calls()
            .diffSchemas(
                DiffSchemasRequest.newBuilder()
                    .setEvent("sched/sched_switch")
                    .setFromVersion(1)
                    .build()));
    assertEquals(List.of("diff a b * 2", "diffVersions sched/sched_switch 1 0 0"), registry.asked);
  }

  private static KernelEvent event(String name, int id) {
    return KernelEvent.newBuilder()
        .setEvent(name)
        .setId(id)
        .setLayoutHash(Samples.HASH_BYTES)
        .setSchemaVersion(2)
        .build();
  }
}
