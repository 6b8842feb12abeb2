package dev.tracery.grpc;

import dev.tracery.registry.Registry;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Answers one method's calls again as they were answered before, byte for byte, while the
/// registry's head stays: there the same question has the same answer. For methods that only read,
/// with one request and one answer. Without it most of a `GetSchema` is writing the same descriptor
/// again.
///
/// Stands where requests and answers are bytes ([RawMessages]). Thread-safe.
final class AnswerCache implements ServerInterceptor {

  private static final int MAX_REQUEST_BYTES = 1 << 10;
  private static final int MAX_ANSWER_BYTES = 1 << 20;

  private final String method;
  private final CurrentRegistry current;
  private final long maxBytes;
  private volatile @Nullable Generation generation;

  /// @param method the full name of the method: `tracery.v1.RegistryService/GetSchema`
  /// @param maxBytes of questions and answers; when there are more, all are forgotten
  AnswerCache(String method, CurrentRegistry current, long maxBytes) {
    this.method = method;
    this.current = current;
    this.maxBytes = maxBytes;
  }

  @Override
  @SuppressWarnings("unchecked") // Every message is an InputStream here.
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    if (!call.getMethodDescriptor().getFullMethodName().equals(method)) {
      return next.startCall(call, headers);
    }
    RememberingCall remembering = new RememberingCall((ServerCall<InputStream, InputStream>) call);
    ServerCall.Listener<InputStream> handler =
        ((ServerCallHandler<InputStream, InputStream>) (ServerCallHandler<?, ?>) next)
            .startCall(remembering, headers);
    return (ServerCall.Listener<Q>) new AnsweringListener(remembering, handler);
  }

  /// The answers at the present head.
  private Generation present() {
    Registry registry = current.get();
    long head = registry.head();
    Generation present = generation;
    if (present == null || !present.isOf(registry, head) || present.bytes.get() > maxBytes) {
      present = new Generation(registry, head);
      generation = present;
    }
    return present;
  }

  /// The answers of one registry at one head.
  private static final class Generation {

    private final Registry registry;
    private final long head;
    private final Map<Question, byte[]> answers = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();

    Generation(Registry registry, long head) {
      this.registry = registry;
      this.head = head;
    }

    boolean isOf(Registry other, long otherHead) {
      return registry == other && head == otherHead;
    }

    void put(Question question, byte[] answer) {
      // Why: the handler may have read at a newer head than the one that was here before it.
      if (registry.head() == head && answers.put(question, answer) == null) {
        bytes.addAndGet(question.request.length + answer.length);
      }
    }
  }

  private record Question(byte[] request) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Question that && Arrays.equals(request, that.request);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(request);
    }
  }

  /// A call whose answer is remembered if there is a question to remember it for.
  private static final class RememberingCall
      extends SimpleForwardingServerCall<InputStream, InputStream> {

    private volatile @Nullable Generation generation;
    private volatile @Nullable Question question;

    RememberingCall(ServerCall<InputStream, InputStream> call) {
      super(call);
    }

    void rememberFor(Generation in, Question asked) {
      generation = in;
      question = asked;
    }

    @Override
    public void sendMessage(InputStream message) {
      Generation in = generation;
      Question asked = question;
      if (in == null || asked == null) {
        super.sendMessage(message);
        return;
      }
      byte[] answer = BytesMarshaller.INSTANCE.parse(message);
      if (answer.length <= MAX_ANSWER_BYTES) {
        in.put(asked, answer);
      }
      super.sendMessage(new ReadyAnswer(answer));
    }
  }

  /// Answers from memory what it can, and hands on the rest.
  private final class AnsweringListener extends SimpleForwardingServerCallListener<InputStream> {

    private final RememberingCall call;
    private byte @Nullable [] answered;
    private byte @Nullable [] answer;

    AnsweringListener(RememberingCall call, ServerCall.Listener<InputStream> handler) {
      super(handler);
      this.call = call;
    }

    @Override
    public void onMessage(InputStream message) {
      byte[] request = BytesMarshaller.INSTANCE.parse(message);
      byte[] before = answered;
      if (before != null) {
        // Why: a second request where one is due is the handler's to refuse.
        answered = null;
        answer = null;
        super.onMessage(new ByteArrayInputStream(before));
      } else if (request.length <= MAX_REQUEST_BYTES) {
        Generation present = present();
        Question question = new Question(request);
        answer = present.answers.get(question);
        if (answer != null) {
          answered = request;
          return;
        }
        call.rememberFor(present, question);
      }
      super.onMessage(new ByteArrayInputStream(request));
    }

    @Override
    public void onHalfClose() {
      byte[] known = answer;
      if (known == null) {
        super.onHalfClose();
        return;
      }
      call.sendHeaders(new Metadata());
      call.sendMessage(new ReadyAnswer(known));
      call.close(Status.OK, new Metadata());
    }
  }
}
