package dev.tracery.grpc;

import dev.tracery.grpc.status.RefusalReader;
import dev.tracery.grpc.wire.NegotiationWriter;
import dev.tracery.grpc.wire.QuestionReader;
import dev.tracery.registry.Negotiation;
import dev.tracery.registry.Negotiation.Answer;
import dev.tracery.registry.Negotiation.Question;
import dev.tracery.v1.NegotiateRequest;
import dev.tracery.v1.NegotiateResponse;
import dev.tracery.v1.NegotiationServiceGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
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

  NegotiationCalls(CurrentRegistry current, Executor threads) {
    this.current = current;
    this.threads = threads;
  }

  /// The service. Its answers are written as bytes; the generated stub would want messages.
  ServerServiceDefinition bindService() {
    MethodDescriptor<NegotiateRequest, NegotiateResponse> generated =
        NegotiationServiceGrpc.getNegotiateMethod();
    MethodDescriptor<NegotiateRequest, byte[]> method =
        generated.toBuilder(generated.getRequestMarshaller(), new AnswerBytes()).build();
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

  private void negotiate(NegotiateRequest request, StreamObserver<byte[]> observer) {
    if (request.getSerializedSize() > MAX_QUICK_BYTES) {
      UnaryCall.answerOn(
          threads,
          observer,
          () -> {
            Question question = QuestionReader.read(request);
            return NegotiationWriter.write(current.get().negotiation().negotiate(question));
          });
      return;
    }
    Question question;
    Negotiation negotiation;
    Optional<Answer> known;
    try {
      question = QuestionReader.read(request);
      negotiation = current.get().negotiation();
      known = negotiation.negotiateFromMemory(question);
    } catch (Throwable thrown) {
      observer.onError(RefusalReader.read(thrown));
      return;
    }
    if (known.isPresent()) {
      UnaryCall.answer(observer, () -> NegotiationWriter.write(known.get()));
    } else {
      UnaryCall.answerOn(
          threads, observer, () -> NegotiationWriter.write(negotiation.negotiate(question)));
    }
  }

  /// Answers that are bytes already.
  private static final class AnswerBytes implements MethodDescriptor.Marshaller<byte[]> {

    @Override
    public InputStream stream(byte[] answer) {
      return new ReadyAnswer(answer);
    }

    @Override
    public byte[] parse(InputStream answer) {
      try {
        return answer.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
