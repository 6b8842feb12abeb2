package dev.tracery.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.v1.AdminServiceGrpc;
import dev.tracery.v1.GetStatusRequest;
import dev.tracery.v1.RegistryServiceGrpc;
import dev.tracery.v1.TranslationServiceGrpc;
import dev.tracery.v1.TranslatorServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Bytes that are no request, sent to every method.
final class MalformedRequestTest {

  private static final List<MethodDescriptor<?, ?>> METHODS =
      Stream.of(
              RegistryServiceGrpc.getServiceDescriptor(),
              AdminServiceGrpc.getServiceDescriptor(),
              TranslationServiceGrpc.getServiceDescriptor(),
              TranslatorServiceGrpc.getServiceDescriptor(),
              io.grpc.reflection.v1.ServerReflectionGrpc.getServiceDescriptor(),
              io.grpc.reflection.v1alpha.ServerReflectionGrpc.getServiceDescriptor())
          .map(ServiceDescriptor::getMethods)
          .<MethodDescriptor<?, ?>>flatMap(Collection::stream)
          .toList();

  private static final Set<Status.Code> SERVER_FAULTS =
      Set.of(Status.Code.INTERNAL, Status.Code.UNKNOWN, Status.Code.UNAVAILABLE);

  private final TestServer server = new TestServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void bytes_that_are_no_message_are_the_callers_fault() throws Exception {
    byte[] endsWithinAField = {0x0a, 0x7f, 1, 2};
    for (MethodDescriptor<?, ?> method : METHODS) {
      assertEquals(
          "INVALID_ARGUMENT: the request of "
              + method.getFullMethodName()
              + " is not well-formed: While parsing a protocol message, the input ended unexpectedly"
              + " in the middle of a field.  This could mean either that the input has been truncated"
              + " or that an embedded message misreported its own length.\n"
              + "ErrorInfo { reason: \"REQUEST_MALFORMED\" domain: \"tracery.dev\" }\n",
          TestServer.describe(call(method, List.of(endsWithinAField), true)));
    }
  }

  @Test
  void no_request_and_two_requests_are_the_callers_fault() throws Exception {
    for (MethodDescriptor<?, ?> method : METHODS) {
      if (method.getType().clientSendsOneMessage()) {
        assertEquals(
            Status.Code.INVALID_ARGUMENT,
            call(method, List.of(), true).getStatus().getCode(),
            method.getFullMethodName());
        // gRPC resets the stream by itself.
        assertEquals(
            Status.Code.CANCELLED,
            call(method, List.of(new byte[0], new byte[0]), true).getStatus().getCode(),
            method.getFullMethodName());
      }
    }
  }

  @Test
  void random_bytes_get_a_canonical_status_and_the_server_goes_on_answering() throws Exception {
    Random random = new Random(20_261_123);
    for (int round = 0; round < 40; round++) {
      for (MethodDescriptor<?, ?> method : METHODS) {
        byte[] first = garbage(random);
        byte[] second = garbage(random);
        boolean one = method.getType().clientSendsOneMessage();
        StatusRuntimeException end =
            call(
                method, one ? List.of(first) : List.of(first, second), one || random.nextBoolean());
        assertTrue(
            !SERVER_FAULTS.contains(end.getStatus().getCode()),
            () -> method.getFullMethodName() + ": " + TestServer.describe(end));
      }
    }
    assertEquals(
        "memory", server.admin().getStatus(GetStatusRequest.getDefaultInstance()).getStore());
    TestServer.eventually(() -> server.registry.openRegistrations.get() == 0);
  }

  /// Noise, or noise that has the form of fields, which gets further.
  private static byte[] garbage(Random random) {
    byte[] bytes = new byte[random.nextInt(60)];
    random.nextBytes(bytes);
    if (bytes.length > 2 && random.nextBoolean()) {
      bytes[0] = (byte) (1 + random.nextInt(6) << 3 | (random.nextBoolean() ? 2 : 0));
      bytes[1] = (byte) Math.min(bytes.length - 2, 127);
    }
    return bytes;
  }

  /// Sends these bytes and waits for the end, or, for a call that has none, cancels it.
  private StatusRuntimeException call(
      MethodDescriptor<?, ?> method, List<byte[]> requests, boolean halfClose) throws Exception {
    ClientCall<byte[], byte[]> call =
        server.channel.newCall(
            method.toBuilder(new Bytes(), new Bytes()).build(),
            CallOptions.DEFAULT.withDeadlineAfter(
                method.getFullMethodName().endsWith("Watch") || !halfClose ? 100 : 20_000,
                TimeUnit.MILLISECONDS));
    CompletableFuture<StatusRuntimeException> end = new CompletableFuture<>();
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            end.complete(status.asRuntimeException(trailers));
          }
        },
        new Metadata());
    call.request(1000);
    requests.forEach(call::sendMessage);
    if (halfClose) {
      call.halfClose();
    }
    return end.get(30, TimeUnit.SECONDS);
  }

  private static final class Bytes implements Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
