package dev.tracery.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Target;
import dev.tracery.v1.AdminServiceGrpc;
import dev.tracery.v1.CompatibilityServiceGrpc;
import dev.tracery.v1.ConsumerServiceGrpc;
import dev.tracery.v1.DeclareConsumerRequest;
import dev.tracery.v1.DeclareConsumerResponse;
import dev.tracery.v1.FindMissingLayoutsResponse;
import dev.tracery.v1.GetKernelResponse;
import dev.tracery.v1.GetStatusResponse;
import dev.tracery.v1.GiveWaiverResponse;
import dev.tracery.v1.NegotiateRequest;
import dev.tracery.v1.NegotiateResponse;
import dev.tracery.v1.NegotiationServiceGrpc;
import dev.tracery.v1.RegisterKernelResponse;
import dev.tracery.v1.RegistryServiceGrpc;
import dev.tracery.v1.Waiver;
import dev.tracery.v1.WatchResponse;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Servers that follow one log: `clients/conformance/README.md`.
final class OneLogTest {

  private static final Registration REGISTRATION =
      new Registration(
          new KernelIdentity("6.1.0-56-amd64", "#1 SMP", "x86_64", Target.LITTLE_64, 4096),
          Optional.empty(),
          false,
          List.of());
  private static final StatusRuntimeException LOST = Status.UNAVAILABLE.asRuntimeException();

  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

  /// Says with each answer what `said` has.
  private record Said(Map<String, String> said, List<String> wanted) implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      wanted.add(String.valueOf(headers.get(key("tracery-at-least-revision"))));
      return next.startCall(
          new SimpleForwardingServerCall<>(call) {
            private boolean begun;

            @Override
            public void sendHeaders(Metadata first) {
              begun = true;
              say(first);
              super.sendHeaders(first);
            }

            @Override
            public void close(Status status, Metadata trailers) {
              if (!begun) {
                say(trailers);
              }
              super.close(status, trailers);
            }
          },
          headers);
    }

    private void say(Metadata metadata) {
      said.forEach((name, value) -> metadata.put(key(name), value));
    }

    private static Metadata.Key<String> key(String name) {
      return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }
  }

  private static StatusRuntimeException refusal(Code code, String reason) {
    return StatusProto.toStatusRuntimeException(
        com.google.rpc.Status.newBuilder()
            .setCode(code.getNumber())
            .setMessage(reason)
            .addDetails(
                Any.pack(ErrorInfo.newBuilder().setReason(reason).setDomain("tracery.dev").build()))
            .build());
  }

  private static FakeServer.Builder server() {
    return FakeServer.builder()
        .unary(AdminServiceGrpc.getGetStatusMethod(), q -> GetStatusResponse.getDefaultInstance())
        .unary(
            RegistryServiceGrpc.getGetKernelMethod(), q -> GetKernelResponse.getDefaultInstance())
        .unary(
            ConsumerServiceGrpc.getDeclareConsumerMethod(),
            q -> DeclareConsumerResponse.getDefaultInstance())
        .unary(
            RegistryServiceGrpc.getFindMissingLayoutsMethod(),
            q -> FindMissingLayoutsResponse.getDefaultInstance());
  }

  private FakeServer waiving(
      String name, @org.jspecify.annotations.Nullable RuntimeException refusal) {
    return server()
        .unary(
            CompatibilityServiceGrpc.getGiveWaiverMethod(),
            q -> {
              asked.add(name);
              if (refusal != null) {
                throw refusal;
              }
              return GiveWaiverResponse.getDefaultInstance();
            })
        .start();
  }

  private FakeServer registering(
      String name, @org.jspecify.annotations.Nullable RuntimeException refusal) {
    return server()
        .collecting(
            RegistryServiceGrpc.getRegisterKernelMethod(),
            q -> {
              asked.add(name);
              if (refusal != null) {
                throw refusal;
              }
              return RegisterKernelResponse.newBuilder().setRevision(9).build();
            })
        .start();
  }

  private static TraceryClient connect(String... addresses) {
    return TraceryClient.connect(String.join(",", addresses), ClientOptions.defaults());
  }

  @Test
  void tellsHowFreshTheLastAnswerIs() {
    var said =
        new Said(Map.of("tracery-revision", "41", "tracery-age-ms", "1500"), new ArrayList<>());
    var alone =
        new Said(
            Map.of("tracery-revision", "40", "tracery-age-ms", "9", "tracery-store", "unreachable"),
            new ArrayList<>());
    try (FakeServer a = server().intercepted(said).start();
        FakeServer b =
            FakeServer.builder()
                .intercepted(alone)
                .unary(
                    RegistryServiceGrpc.getGetKernelMethod(),
                    q -> {
                      throw Status.NOT_FOUND.asRuntimeException();
                    })
                .start();
        FakeServer old = server().start();
        TraceryClient ofA = connect(a.address());
        TraceryClient ofB = connect(b.address());
        TraceryClient ofOld = connect(old.address())) {
      assertEquals(Optional.empty(), ofA.freshness());
      ofA.kernel("6", 0);
      assertEquals(Optional.of(new Freshness(41, Duration.ofMillis(1500), true)), ofA.freshness());
      assertThrows(TraceryException.class, () -> ofB.kernel("6", 0));
      assertEquals(Optional.of(new Freshness(40, Duration.ofMillis(9), false)), ofB.freshness());
      ofOld.kernel("6", 0);
      assertEquals(Optional.empty(), ofOld.freshness());
    }
  }

  @Test
  void readsWhatItWroteAndWhatItIsToldToAndNothingElse() {
    var said = new Said(Map.of("tracery-revision", "41"), new ArrayList<>());
    try (FakeServer a = server().intercepted(said).start();
        TraceryClient client = connect(a.address())) {
      client.kernel("6", 0);
      client.kernel("6", 0);
      client.declare(DeclareConsumerRequest.getDefaultInstance());
      client.kernel("6", 0);
      client.atLeast(50);
      client.atLeast(45);
      client.kernel("6", 0);
      // The declaration is two calls: one finds out that the server is there.
      assertEquals(List.of("null", "null", "null", "null", "41", "50"), said.wanted());
    }
  }

  @Test
  void aRegistrationIsAWriteAndANegotiationWantsItToo() {
    var said = new Said(Map.of("tracery-revision", "9"), new ArrayList<>());
    try (FakeServer a =
            server()
                .intercepted(said)
                .collecting(
                    RegistryServiceGrpc.getRegisterKernelMethod(),
                    q -> RegisterKernelResponse.getDefaultInstance())
                .unary(
                    NegotiationServiceGrpc.getNegotiateMethod(),
                    q -> NegotiateResponse.getDefaultInstance())
                .start();
        TraceryClient client =
            TraceryClient.connect(a.address(), ClientOptions.defaults().withAtLeastRevision(7))) {
      client.register(REGISTRATION);
      client.negotiate(NegotiateRequest.getDefaultInstance(), Duration.ofSeconds(30));
      assertEquals(List.of("7", "7", "9"), said.wanted());
    }
  }

  @Test
  void whatIsNoNumberIsNotThere() {
    for (String revision : List.of("", "-1", "x", "1.5", "99999999999999999999")) {
      var said = new Said(Map.of("tracery-revision", revision), new ArrayList<>());
      try (FakeServer a = server().intercepted(said).start();
          TraceryClient client = connect(a.address())) {
        client.declare(DeclareConsumerRequest.getDefaultInstance());
        client.kernel("6", 0);
        assertEquals(Optional.empty(), client.freshness());
        assertEquals(List.of("null", "null", "null"), said.wanted());
      }
    }
  }

  @Test
  void aSilentServerIsPassedOverByWhatReadsAndByWhatWritesAndByAWatch() {
    try (SilentServer silent = SilentServer.start();
        FakeServer b =
            server()
                .collecting(
                    RegistryServiceGrpc.getRegisterKernelMethod(),
                    q -> RegisterKernelResponse.newBuilder().setRevision(9).build())
                .unary(
                    CompatibilityServiceGrpc.getGiveWaiverMethod(),
                    q -> GiveWaiverResponse.newBuilder().setRevision(8).build())
                .unary(
                    NegotiationServiceGrpc.getNegotiateMethod(),
                    q -> NegotiateResponse.newBuilder().setRevision(7).build())
                .streaming(
                    RegistryServiceGrpc.getWatchMethod(),
                    (q, answers) ->
                        answers.onNext(WatchResponse.newBuilder().setRevision(4).build()))
                .start()) {
      String both = silent.address() + "," + b.address();
      try (TraceryClient client = connect(both)) {
        client.kernel("6", 0);
      }
      try (TraceryClient client = connect(both)) {
        assertEquals(9, client.register(REGISTRATION).getRevision());
      }
      try (TraceryClient client = connect(both)) {
        assertEquals(8, client.waive(Waiver.getDefaultInstance()).getRevision());
      }
      try (TraceryClient client = connect(both);
          ChangeWatcher watcher = client.watch(3, e -> {})) {
        assertEquals(4, watcher.next().getRevision());
      }
      try (TraceryClient client = connect(both)) {
        assertEquals(
            7,
            client
                .negotiate(NegotiateRequest.getDefaultInstance(), Duration.ofSeconds(30))
                .getRevision());
      }
      assertTrue(silent.connections() >= 5);
    }
  }

  @Test
  void silenceEverywhereIsNoAnswerInTime() {
    try (SilentServer a = SilentServer.start();
        SilentServer b = SilentServer.start();
        TraceryClient client =
            TraceryClient.connect(
                a.address() + "," + b.address(),
                ClientOptions.defaults().withDeadline(Duration.ofSeconds(3)))) {
      TraceryException failure = assertThrows(TraceryException.class, () -> client.kernel("6", 0));
      assertEquals(Code.DEADLINE_EXCEEDED, failure.code());
      assertEquals(
          a.address() + ": no answer in time; " + b.address() + ": no answer in time",
          failure.getMessage());
    }
  }

  @Test
  void anAnswerThatTakesLongComesInALaterRound() {
    try (FakeServer slow =
            FakeServer.builder()
                .unary(
                    RegistryServiceGrpc.getGetKernelMethod(),
                    q -> {
                      sleep(2_500);
                      return GetKernelResponse.getDefaultInstance();
                    })
                .start();
        SilentServer silent = SilentServer.start();
        TraceryClient client = connect(silent.address(), slow.address())) {
      client.kernel("6", 0);
    }
  }

  @Test
  void aServerThatHasNotReadTheRevisionOrHasLostItsStoreSendsToTheNext() {
    for (String reason : List.of("REVISION_NOT_HERE", "STORE_UNAVAILABLE")) {
      asked.clear();
      try (FakeServer a = waiving("a", refusal(Code.UNAVAILABLE, reason));
          FakeServer b = waiving("b", null);
          TraceryClient client = connect(a.address(), b.address())) {
        client.waive(Waiver.getDefaultInstance());
        assertEquals(List.of("a", "b"), asked);
      }
    }
  }

  @Test
  void aWriteThatWasLostIsNotSentAgainWhereThatDoesHarm() {
    try (FakeServer a = waiving("a", LOST);
        FakeServer b = waiving("b", null);
        TraceryClient client = connect(a.address(), b.address())) {
      TraceryException failure =
          assertThrows(TraceryException.class, () -> client.waive(Waiver.getDefaultInstance()));
      assertEquals(List.of("a"), asked);
      assertEquals(Optional.of("CONNECTION_LOST"), failure.reason());
      assertEquals(
          "the connection to the registry was lost (no reason given); the waiver may or may not"
              + " have been given",
          failure.getMessage());
    }
  }

  @Test
  void aWriteWhoseOutcomeTheServerDoesNotKnowIsNotSentAgain() {
    try (FakeServer a = registering("a", refusal(Code.UNKNOWN, "WRITE_UNCERTAIN"));
        FakeServer b = registering("b", null);
        TraceryClient client = connect(a.address(), b.address())) {
      TraceryException failure =
          assertThrows(TraceryException.class, () -> client.register(REGISTRATION));
      assertEquals(List.of("a"), asked);
      assertEquals(Code.UNKNOWN, failure.code());
      assertEquals(Optional.of("WRITE_UNCERTAIN"), failure.reason());
    }
  }

  @Test
  void aRegistrationThatWasLostIsSentToTheNextFromItsBeginning() {
    for (StatusRuntimeException lost : List.of(LOST, Status.CANCELLED.asRuntimeException())) {
      asked.clear();
      try (FakeServer a = registering("a", lost);
          FakeServer b = registering("b", null);
          TraceryClient client = connect(a.address(), b.address())) {
        assertEquals(9, client.register(REGISTRATION).getRevision());
        assertEquals(List.of("a", "b"), asked);
      }
    }
  }

  @Test
  void aRegistrationThatNobodyTakesMayHaveBeenDone() {
    try (FakeServer a = registering("a", LOST);
        FakeServer b = registering("b", refusal(Code.UNAVAILABLE, "STORE_UNAVAILABLE"));
        TraceryClient client = connect(a.address(), b.address())) {
      TraceryException failure =
          assertThrows(TraceryException.class, () -> client.register(REGISTRATION));
      assertEquals(List.of("a", "b", "a", "b", "a", "b", "a", "b"), asked);
      assertEquals(Optional.of("CONNECTION_LOST"), failure.reason());
      assertEquals(
          "the connection to the registry was lost (no reason given); the kernel may or may not be"
              + " registered, and doing it again is safe",
          failure.getMessage());
    }
  }

  @Test
  void anAddressThatWasSilentIsAskedAgainWhenTheOtherGoesAway() {
    SilentServer silent = SilentServer.start();
    int port = Integer.parseInt(silent.address().substring(silent.address().indexOf(':') + 1));
    FakeServer other = server().start();
    try (TraceryClient client = connect("127.0.0.1:" + port, other.address())) {
      client.kernel("6", 0);
      assertTrue(silent.connections() > 0);
      silent.close();
      other.close();
      try (FakeServer recovered = server().start(port)) {
        client.kernel("6", 0);
        assertFalse(recovered.address().isEmpty());
      }
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
