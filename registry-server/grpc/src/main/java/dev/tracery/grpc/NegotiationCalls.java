package dev.tracery.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tracery.grpc.wire.NegotiationWriter;
import dev.tracery.grpc.wire.QuestionReader;
import dev.tracery.registry.Negotiation;
import dev.tracery.registry.Negotiation.Answer;
import dev.tracery.registry.Negotiation.Question;
import dev.tracery.v1.NegotiateRequest;
import dev.tracery.v1.NegotiationServiceGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.Executor;

/// `tracery.v1.NegotiationService`. What is in memory is answered on the transport's thread.
final class NegotiationCalls {

  // Why: reading a large request takes long, and the transport's thread serves other calls, too. A
  // tool names 1 to 20 events; without texts that is a few KiB.
  private static final int MAX_QUICK_BYTES = 32 << 10;

  private final CurrentRegistry current;
  private final Executor threads;
  private final KnownQuestions questions = new KnownQuestions();

  NegotiationCalls(CurrentRegistry current, Executor threads) {
    this.current = current;
    this.threads = threads;
  }

  /// The service. Requests and answers are bytes; the generated stub would want messages.
  ServerServiceDefinition bindService() {
    MethodDescriptor<byte[], byte[]> method =
        NegotiationServiceGrpc.getNegotiateMethod().toBuilder(
                BytesMarshaller.INSTANCE, BytesMarshaller.INSTANCE)
            .build();
    ServiceDescriptor service =
        ServiceDescriptor.newBuilder(NegotiationServiceGrpc.SERVICE_NAME)
            .setSchemaDescriptor(
                NegotiationServiceGrpc.getServiceDescriptor().getSchemaDescriptor())
            .addMethod(method)
            .build();
    return ServerServiceDefinition.builder(service)
        .addMethod(method, ServerCalls.asyncUnaryCall(this::negotiate))
        .build();
  }

  private void negotiate(byte[] request, StreamObserver<byte[]> observer) {
    if (request.length > MAX_QUICK_BYTES) {
      NegotiateRequest message = parse(request);
      UnaryCall.answerOn(
          threads,
          observer,
          () -> {
            Question question = QuestionReader.read(message);
            return NegotiationWriter.write(current.get().negotiation().negotiate(question));
          });
      return;
    }
    KnownQuestions.Asked asked = questions.find(request).orElseGet(() -> read(request));
    Negotiation negotiation = current.get().negotiation();
    Optional<Answer> known = negotiation.negotiateFromMemory(asked.question());
    if (known.isPresent()) {
      UnaryCall.answer(observer, () -> asked.written(known.get()));
    } else {
      UnaryCall.answerOn(
          threads, observer, () -> asked.written(negotiation.negotiate(asked.question())));
    }
  }

  private KnownQuestions.Asked read(byte[] request) {
    NegotiateRequest message = parse(request);
    return questions.keep(request, message, QuestionReader.read(message));
  }

  private static NegotiateRequest parse(byte[] request) {
    try {
      return NegotiateRequest.parseFrom(request);
    } catch (InvalidProtocolBufferException e) {
      // The guard around each call tells the caller.
      throw new UncheckedIOException(e);
    }
  }
}
