package dev.tracery.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ResourceInfo;
import dev.tracery.client.TraceryException.FieldViolation;
import dev.tracery.client.TraceryException.Resource;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import dev.tracery.diagnostic.SourceLocation;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.model.Target;
import dev.tracery.v1.ByteOrder;
import dev.tracery.v1.EventFormat;
import dev.tracery.v1.EventStruct;
import dev.tracery.v1.FindMissingLayoutsRequest;
import dev.tracery.v1.FindMissingLayoutsResponse;
import dev.tracery.v1.KernelTypes;
import dev.tracery.v1.RegisterKernelHeader;
import dev.tracery.v1.RegisterKernelRequest;
import dev.tracery.v1.RegisterKernelResponse;
import dev.tracery.v1.RegistryServiceGrpc;
import dev.tracery.v1.SystemNode;
import dev.tracery.v1.Tracepoint;
import dev.tracery.v1.WordSize;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class KernelRegistrarTest {

  private static final KernelIdentity IDENTITY =
      new KernelIdentity("6.1.0-56-amd64", "#1 SMP", "x86_64", Target.LITTLE_64, 4096);
  private static final Sha256 KNOWN = sha("known");
  private static final Sha256 UNKNOWN = sha("unknown");
  // What Python's hashlib and struct make of the documented form of the systems below.
  private static final Sha256 A =
      Sha256.parse("ab5bac69f6a3497e4f76c1973c652a74aa94c7ce457c7cbe4f4286cbe7114dba");
  private static final Sha256 B =
      Sha256.parse("89be119975f63ddbe148986aa2b30539daefc48520168bb5d4b0c1b167b16502");

  @Test
  void sendsWhatBtfSaysInMessagesOfBoundedSize() {
    KernelTypes.Builder types = KernelTypes.newBuilder();
    for (int i = 0; i < 1_000; i++) {
      types.addTracepoints(Tracepoint.newBuilder().setName("t".repeat(1_500) + i));
      types.addStructs(EventStruct.newBuilder().setName("s".repeat(1_500) + i));
    }
    List<RegisterKernelRequest> received = new ArrayList<>();
    try (FakeServer server =
            FakeServer.builder()
                .unary(RegistryServiceGrpc.getFindMissingLayoutsMethod(), request -> missing())
                .collecting(
                    RegistryServiceGrpc.getRegisterKernelMethod(),
                    requests -> {
                      received.addAll(requests);
                      return RegisterKernelResponse.getDefaultInstance();
                    })
                .start();
        TraceryClient client = connect(server)) {
      client.register(
          new Registration(
              IDENTITY, Optional.empty(), false, List.of(), Optional.of(types.build())));
    }
    KernelTypes.Builder sent = KernelTypes.newBuilder();
    for (RegisterKernelRequest request : received) {
      assertTrue(request.getSerializedSize() < 1_100_000, () -> "" + request.getSerializedSize());
      sent.mergeFrom(request.getTypes());
    }
    assertEquals(types.build(), sent.build());
    assertEquals(4, received.size());
  }

  @Test
  void sendsTheHeaderFirstAndTextsOnlyOfUnknownLayoutsOnce() {
    List<RegisterKernelRequest> received = new ArrayList<>();
    List<FindMissingLayoutsRequest> asked = new ArrayList<>();
    try (FakeServer server =
            FakeServer.builder()
                .unary(
                    RegistryServiceGrpc.getFindMissingLayoutsMethod(),
                    request -> {
                      asked.add(request);
                      return missing(UNKNOWN);
                    })
                .collecting(
                    RegistryServiceGrpc.getRegisterKernelMethod(),
                    requests -> {
                      received.addAll(requests);
                      return RegisterKernelResponse.newBuilder().setRevision(7).build();
                    })
                .start();
        TraceryClient client = connect(server)) {
      RegisterKernelResponse answer =
          client.register(
              new Registration(
                  IDENTITY,
                  Optional.of("debian"),
                  true,
                  List.of(
                      event("a/known", 1, KNOWN, KernelRegistrarTest::neverAsked),
                      event("a/unknown", 2, UNKNOWN, () -> bytes("text")),
                      event("b/unknown", 3, UNKNOWN, KernelRegistrarTest::neverAsked))));

      assertEquals(RegisterKernelResponse.newBuilder().setRevision(7).build(), answer);
      assertEquals(
          List.of(
              FindMissingLayoutsRequest.newBuilder()
                  .addSystemHashes(wire(A))
                  .addSystemHashes(wire(B))
                  .build(),
              FindMissingLayoutsRequest.newBuilder()
                  .addLayoutHashes(wire(KNOWN))
                  .addLayoutHashes(wire(UNKNOWN))
                  .build()),
          asked);
      assertEquals(
          List.of(
              RegisterKernelRequest.newBuilder()
                  .setHeader(
                      RegisterKernelHeader.newBuilder()
                          .setIdentity(
                              dev.tracery.v1.KernelIdentity.newBuilder()
                                  .setRelease("6.1.0-56-amd64")
                                  .setBuild("#1 SMP")
                                  .setMachine("x86_64")
                                  .setWordSize(WordSize.WORD_SIZE_64)
                                  .setByteOrder(ByteOrder.BYTE_ORDER_LITTLE_ENDIAN)
                                  .setPageSize(4096))
                          .setSeries("debian")
                          .setValidateOnly(true))
                  .build(),
              RegisterKernelRequest.newBuilder()
                  .setEvents(
                      dev.tracery.v1.EventFormats.newBuilder()
                          .addEvents(format("a/known", 1, KNOWN, ""))
                          .addEvents(format("a/unknown", 2, UNKNOWN, "text"))
                          .addEvents(format("b/unknown", 3, UNKNOWN, "")))
                  .build()),
          received);
    }
  }

  @Test
  void systemsThatTheRegistryKnowsStandForTheirEvents() {
    List<RegisterKernelRequest> received = new ArrayList<>();
    List<FindMissingLayoutsRequest> asked = new ArrayList<>();
    try (FakeServer server =
            FakeServer.builder()
                .unary(
                    RegistryServiceGrpc.getFindMissingLayoutsMethod(),
                    request -> {
                      asked.add(request);
                      return request.getSystemHashesCount() > 0
                          ? FindMissingLayoutsResponse.newBuilder()
                              .addKnownSystems(0)
                              // A place that was not asked for.
                              .addKnownSystems(7)
                              .build()
                          : missing();
                    })
                .collecting(
                    RegistryServiceGrpc.getRegisterKernelMethod(),
                    requests -> {
                      received.addAll(requests);
                      return RegisterKernelResponse.getDefaultInstance();
                    })
                .start();
        TraceryClient client = connect(server)) {
      client.register(
          new Registration(
              IDENTITY,
              Optional.empty(),
              false,
              List.of(
                  event("b/unknown", 3, UNKNOWN, KernelRegistrarTest::neverAsked),
                  event("a/unknown", 2, UNKNOWN, KernelRegistrarTest::neverAsked),
                  event("a/known", 1, KNOWN, KernelRegistrarTest::neverAsked))));
    }
    assertEquals(2, asked.size());
    assertEquals(List.of(wire(UNKNOWN)), asked.getLast().getLayoutHashesList());
    assertEquals(
        dev.tracery.v1.EventFormats.newBuilder()
            .addSystems(SystemNode.newBuilder().setSystem("a").setHash(wire(A)).setFirstId(1))
            .addEvents(format("b/unknown", 3, UNKNOWN, ""))
            .build(),
        received.getLast().getEvents());
    assertEquals(2, received.size());
  }

  @Test
  void splitsWhatIsLargerThanAMessage() {
    byte[] text = new byte[300_000];
    List<EventSource> events =
        IntStream.range(0, 20)
            .mapToObj(i -> event("a/e" + i, i, sha("layout " + i), () -> text))
            .toList();
    List<RegisterKernelRequest> received = new ArrayList<>();
    try (FakeServer server =
            FakeServer.builder()
                .unary(
                    RegistryServiceGrpc.getFindMissingLayoutsMethod(),
                    request ->
                        FindMissingLayoutsResponse.newBuilder()
                            .addAllMissing(request.getLayoutHashesList())
                            .build())
                .collecting(
                    RegistryServiceGrpc.getRegisterKernelMethod(),
                    requests -> {
                      received.addAll(requests);
                      return RegisterKernelResponse.getDefaultInstance();
                    })
                .start();
        TraceryClient client = connect(server)) {
      client.register(new Registration(IDENTITY, Optional.empty(), false, events));

      assertEquals(
          List.of(0, 3, 3, 3, 3, 3, 3, 2),
          received.stream().map(request -> request.getEvents().getEventsCount()).toList());
      assertEquals(
          IntStream.range(0, 20).boxed().toList(),
          received.stream()
              .flatMap(request -> request.getEvents().getEventsList().stream())
              .map(EventFormat::getId)
              .toList());
    }
  }

  @Test
  void tellsEverythingThatARefusalSays() {
    com.google.rpc.Status refusal =
        com.google.rpc.Status.newBuilder()
            .setCode(Code.INVALID_ARGUMENT_VALUE)
            .setMessage("2 formats have errors")
            .addDetails(
                Any.pack(
                    BadRequest.newBuilder()
                        .addFieldViolations(
                            BadRequest.FieldViolation.newBuilder()
                                .setField("events")
                                .setDescription("have errors"))
                        .build()))
            .addDetails(
                Any.pack(
                    dev.tracery.v1.Diagnostic.newBuilder()
                        .setSeverity(dev.tracery.v1.Severity.SEVERITY_ERROR)
                        .setCode("FIELD_OVERLAPS")
                        .setFile("a/e/format")
                        .setLine(7)
                        .setColumn(2)
                        .setByteOffset(120)
                        .setMessage("x overlaps y")
                        .setHint("look")
                        .build()))
            .addDetails(
                Any.pack(
                    ResourceInfo.newBuilder()
                        .setResourceType("layout")
                        .setResourceName("ab")
                        .build()))
            .addDetails(
                Any.newBuilder()
                    .setTypeUrl("type.googleapis.com/google.rpc.BadRequest")
                    .setValue(ByteString.copyFromUtf8("\7damaged"))
                    .build())
            .build();
    try (FakeServer server = refusing(StatusProto.toStatusRuntimeException(refusal));
        TraceryClient client = connect(server)) {
      TraceryException failure =
          assertThrows(
              TraceryException.class,
              () ->
                  client.register(new Registration(IDENTITY, Optional.empty(), false, List.of())));

      assertEquals(Code.INVALID_ARGUMENT, failure.code());
      assertEquals("2 formats have errors", failure.getMessage());
      assertEquals(List.of(new FieldViolation("events", "have errors")), failure.fieldViolations());
      assertEquals(
          List.of(
              new Diagnostic(
                  Severity.ERROR,
                  "FIELD_OVERLAPS",
                  new SourceLocation("a/e/format", 7, 2, 120),
                  "x overlaps y",
                  "look")),
          failure.diagnostics());
      assertEquals(Optional.of(new Resource("layout", "ab")), failure.resource());
    }
  }

  @Test
  void aRefusalInTheMiddleOfALargeRegistrationEndsIt() {
    byte[] text = new byte[900_000];
    List<EventSource> events =
        IntStream.range(0, 100)
            .mapToObj(i -> event("a/e" + i, i, sha("layout " + i), () -> text))
            .toList();
    try (FakeServer server =
            refusing(
                io.grpc.Status.RESOURCE_EXHAUSTED
                    .withDescription("too much")
                    .asRuntimeException());
        TraceryClient client = connect(server)) {
      TraceryException failure =
          assertThrows(
              TraceryException.class,
              () -> client.register(new Registration(IDENTITY, Optional.empty(), false, events)));

      assertEquals(Code.RESOURCE_EXHAUSTED, failure.code());
      assertEquals("too much", failure.getMessage());
    }
  }

  private static FakeServer refusing(StatusRuntimeException refusal) {
    return FakeServer.builder()
        .unary(
            RegistryServiceGrpc.getFindMissingLayoutsMethod(),
            request ->
                FindMissingLayoutsResponse.newBuilder()
                    .addAllMissing(request.getLayoutHashesList())
                    .build())
        .refusing(RegistryServiceGrpc.getRegisterKernelMethod(), refusal)
        .start();
  }

  private static TraceryClient connect(FakeServer server) {
    return TraceryClient.connect(server.address(), ClientOptions.defaults());
  }

  private static FindMissingLayoutsResponse missing(Sha256... hashes) {
    return FindMissingLayoutsResponse.newBuilder()
        .addAllMissing(Arrays.stream(hashes).map(KernelRegistrarTest::wire).toList())
        .build();
  }

  private static EventSource event(String name, int id, Sha256 hash, Supplier<byte[]> text) {
    return new EventSource(EventName.parse(name), id, hash, text);
  }

  private static EventFormat format(String name, int id, Sha256 hash, String text) {
    return EventFormat.newBuilder()
        .setEvent(name)
        .setId(id)
        .setLayoutHash(wire(hash))
        .setText(ByteString.copyFromUtf8(text))
        .build();
  }

  private static byte[] neverAsked() {
    throw new AssertionError("the text of a layout that need not be sent");
  }

  private static ByteString wire(Sha256 hash) {
    return ByteString.copyFrom(hash.bytes());
  }

  private static Sha256 sha(String text) {
    return Sha256.of(bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
