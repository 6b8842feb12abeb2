package dev.tracery.conformance;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.tracery.client.ClientOptions;
import dev.tracery.client.FakeServer;
import dev.tracery.client.IdentityWriter;
import dev.tracery.client.TraceryClient;
import dev.tracery.client.TraceryException;
import dev.tracery.client.negotiate.ClockedNegotiator;
import dev.tracery.client.negotiate.Negotiated;
import dev.tracery.client.negotiate.NegotiationRefusedException;
import dev.tracery.client.negotiate.NegotiatorOptions;
import dev.tracery.client.negotiate.RegistryUnreachableException;
import dev.tracery.client.negotiate.Tracefs;
import dev.tracery.compiler.layout.CanonicalForm;
import dev.tracery.conformance.v1.Exchange;
import dev.tracery.conformance.v1.FormatFile;
import dev.tracery.conformance.v1.Kind;
import dev.tracery.conformance.v1.NegotiationCase;
import dev.tracery.conformance.v1.Source;
import dev.tracery.conformance.v1.Start;
import dev.tracery.conformance.v1.Started;
import dev.tracery.consumer.ConsumerReader;
import dev.tracery.it.Folders;
import dev.tracery.it.FormatText;
import dev.tracery.it.SampleKernel;
import dev.tracery.model.EventName;
import dev.tracery.v1.Consumer;
import dev.tracery.v1.EventReading;
import dev.tracery.v1.EventUse;
import dev.tracery.v1.NegotiateRequest;
import dev.tracery.v1.NegotiateResponse;
import dev.tracery.v1.NegotiationServiceGrpc;
import dev.tracery.v1.Requirement;
import dev.tracery.v1.SeenEvent;
import io.grpc.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A case, made by playing it: the registry answers as it does or as the script says, and the Java
/// client does what it does. Its result must be what [PlainStarted] says of the same answer, and of
/// the kind, and from the source, that the script says.
final class Script {

  /// What a call is answered.
  sealed interface Reply {
    /// By the registry, and then changed.
    record Registry(UnaryOperator<NegotiateResponse> change) implements Reply {}

    /// With a status.
    record Refusal(Status.Code code) implements Reply {}
  }

  static final Reply ANSWER = new Reply.Registry(UnaryOperator.identity());
  static final Reply UNAVAILABLE = new Reply.Refusal(Status.Code.UNAVAILABLE);
  static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  /// How a start must end.
  record End(Kind kind, Source source, int status) {}

  static final End FROM_REGISTRY = new End(Kind.KIND_STARTED, Source.SOURCE_REGISTRY, 0);
  static final End FROM_CACHE = new End(Kind.KIND_STARTED, Source.SOURCE_CACHE, 0);
  static final End OFFLINE = new End(Kind.KIND_STARTED, Source.SOURCE_CACHE_OFFLINE, 0);
  static final End REFUSED = new End(Kind.KIND_REFUSED, Source.SOURCE_REGISTRY, 0);
  static final End REFUSED_OFFLINE = new End(Kind.KIND_REFUSED, Source.SOURCE_CACHE_OFFLINE, 0);
  static final End UNREACHABLE = new End(Kind.KIND_UNREACHABLE, Source.SOURCE_UNSPECIFIED, 0);

  static End failed(Status.Code code) {
    return new End(Kind.KIND_FAILED, Source.SOURCE_UNSPECIFIED, code.value());
  }

  private record Planned(
      Instant time, boolean dryRun, byte @Nullable [] kept, End end, List<Reply> replies) {}

  private final LocalRegistry registry;
  private final SampleKernel kernel;
  private final Consumer tool;
  private final NegotiationCase.Builder made;
  private final Map<String, byte[]> formats = new LinkedHashMap<>();
  private final List<Planned> starts = new ArrayList<>();
  private dev.tracery.model.KernelIdentity identity;
  private boolean dryRun;
  private byte @Nullable [] kept;

  Script(LocalRegistry registry, String name, SampleKernel kernel, Consumer tool) {
    this.registry = registry;
    this.kernel = kernel;
    this.tool = tool;
    this.identity = kernel.identity();
    this.made = NegotiationCase.newBuilder().setName(name).setTool(tool);
    for (EventName event : kernel.formats().keySet()) {
      if (named().contains(event.toString())) {
        format(event.toString());
      }
    }
  }

  /// For people.
  Script told(String description) {
    made.setDescription(description);
    return this;
  }

  /// The kernel has this event, too.
  Script format(String event) {
    formats.put(
        event, java.util.Objects.requireNonNull(kernel.formats().get(EventName.parse(event))));
    return this;
  }

  /// The kernel's format is another.
  Script changed(String event, UnaryOperator<byte[]> change) {
    formats.computeIfPresent(event, (_, text) -> change.apply(text));
    return this;
  }

  /// The kernel does not have this event.
  Script without(String event) {
    formats.remove(event);
    return this;
  }

  Script as(dev.tracery.model.KernelIdentity other) {
    identity = other;
    return this;
  }

  Script unreadable(String event) {
    made.addUnreadable(event);
    return this;
  }

  /// The next start is a question only.
  Script dry() {
    dryRun = true;
    return this;
  }

  /// Before the next start a test puts this into the cache.
  Script kept(byte[] file) {
    kept = file;
    return this;
  }

  /// A start, so many seconds after noon.
  Script start(long seconds, End end, Reply... replies) {
    starts.add(new Planned(NOON.plusSeconds(seconds), dryRun, kept, end, List.of(replies)));
    dryRun = false;
    kept = null;
    return this;
  }

  /// What the registry answers now.
  NegotiateResponse answer() {
    return registry.answer(request(false));
  }

  // ---------------------------------------------------------------- playing it

  NegotiationCase play() {
    made.setKernel(IdentityWriter.write(identity));
    formats.forEach((event, text) ->
        made.addFormats(
            FormatFile.newBuilder().setEvent(event).setText(ByteString.copyFrom(text))));
    try {
      Path folder = Files.createTempDirectory("script");
      try {
        Files.createDirectories(folder.resolve("tracing/events"));
        for (var format : formats.entrySet()) {
          Path file = folder.resolve("tracing/events").resolve(format.getKey()).resolve("format");
          Files.createDirectories(file.getParent());
          Files.write(file, format.getValue());
        }
        for (String event : made.getUnreadableList()) {
          Files.createDirectories(
              folder.resolve("tracing/events").resolve(event).resolve("format"));
        }
        for (Planned start : starts) {
          made.addStarts(play(start, folder));
        }
      } finally {
        Folders.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return made.build();
  }

  private Start play(Planned start, Path folder) throws IOException {
    Path file = folder.resolve("cache").resolve(KeptAnswer.name(request(false)));
    Start.Builder out =
        Start.newBuilder()
            .setTime(Timestamp.newBuilder().setSeconds(start.time.getEpochSecond()))
            .setDryRun(start.dryRun)
            .setKeptName(file.getFileName().toString());
    if (start.kept != null) {
      out.setKept(ByteString.copyFrom(start.kept));
      Files.createDirectories(
          file.getParent(),
          java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
              java.nio.file.attribute.PosixFilePermissions.fromString("rwx------")));
      Files.write(file, start.kept);
    }
    List<Exchange> exchanges = Collections.synchronizedList(new ArrayList<>());
    Deque<Reply> replies = new ArrayDeque<>(start.replies);
    Optional<Kept> before = read(file);
    Started result;
    try (FakeServer server =
        FakeServer.builder()
            .unary(
                NegotiationServiceGrpc.getNegotiateMethod(),
                request -> reply(request, replies, exchanges))
            .start()) {
      result = started(start, folder, server.address());
    }
    check(start, replies, exchanges, before, result);
    return out.addAllExchanges(exchanges).setResult(result).setIsKept(Files.exists(file)).build();
  }

  private NegotiateResponse reply(
      NegotiateRequest request, Deque<Reply> replies, List<Exchange> exchanges) {
    Exchange.Builder exchange = Exchange.newBuilder().setRequest(request);
    Reply reply = replies.poll();
    switch (reply) {
      case null -> throw new AssertionError(made.getName() + ": one call too many");
      case Reply.Registry(var change) -> {
        NegotiateResponse answer = change.apply(registry.answer(request));
        exchanges.add(exchange.setResponse(answer.toByteString()).build());
        return answer;
      }
      case Reply.Refusal(Status.Code code) -> {
        exchanges.add(exchange.setStatus(code.value()).build());
        throw code.toStatus().withDescription("as the script says").asRuntimeException();
      }
    }
  }

  private Started started(Planned start, Path folder, String address) throws IOException {
    long begin = System.nanoTime();
    NegotiatorOptions options =
        NegotiatorOptions.defaults()
            .withCache(folder.resolve("cache"))
            .withDeadline(Duration.ofSeconds(10))
            .withDryRun(start.dryRun);
    try (TraceryClient client = TraceryClient.connect(address, ClientOptions.defaults())) {
      return words(
          ClockedNegotiator.of(
                  client, options, () -> start.time.plusNanos(System.nanoTime() - begin))
              .negotiate(
                  ConsumerReader.read("tool", tool).consumer().orElseThrow(),
                  Tracefs.of(folder.resolve("tracing"), identity)),
          Kind.KIND_STARTED);
    } catch (NegotiationRefusedException e) {
      for (String reason : e.negotiated().reasons()) {
        if (!String.valueOf(e.getMessage()).contains(reason)) {
          throw new AssertionError(e.getMessage() + " lacks " + reason);
        }
      }
      return words(e.negotiated(), Kind.KIND_REFUSED);
    } catch (RegistryUnreachableException _) {
      return Started.newBuilder().setKind(Kind.KIND_UNREACHABLE).build();
    } catch (TraceryException e) {
      return Started.newBuilder().setKind(Kind.KIND_FAILED).setStatus(e.code().getNumber()).build();
    }
  }

  private static Started words(Negotiated negotiated, Kind kind) {
    return Started.newBuilder()
        .setKind(kind)
        .setOutcome(negotiated.answer().getOutcome())
        .setSource(
            switch (negotiated.source()) {
              case REGISTRY -> Source.SOURCE_REGISTRY;
              case CACHE -> Source.SOURCE_CACHE;
              case CACHE_OFFLINE -> Source.SOURCE_CACHE_OFFLINE;
            })
        .addAllReasons(negotiated.reasons())
        .addAllWarnings(
            negotiated.warnings().stream()
                .map(warning ->
                    negotiated.offlineReason().isEmpty()
                        ? warning
                        : warning.replace(negotiated.offlineReason(), "..."))
                .toList())
        .addAllNotes(negotiated.notes())
        .addAllEvents(
            negotiated.answer().getEventsList().stream().map(EventReading::getEvent).toList())
        .build();
  }

  // ---------------------------------------------------------------- what must be

  private record Kept(Instant time, NegotiateResponse answer) {}

  /// A kept answer, if its file is as it should be.
  private static Optional<Kept> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    byte[] bytes = Files.readAllBytes(file);
    int head = "tracery-answer 1\n".length() + 8 + 32;
    if (bytes.length < head) {
      return Optional.empty();
    }
    Instant time =
        Instant.ofEpochMilli(
            java.nio.ByteBuffer.wrap(bytes).getLong("tracery-answer 1\n".length()));
    byte[] answer = java.util.Arrays.copyOfRange(bytes, head, bytes.length);
    if (!java.util.Arrays.equals(bytes, KeptAnswer.file("tracery-answer 1\n", time, answer))) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Kept(time, NegotiateResponse.parseFrom(answer)));
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  private void check(
      Planned start,
      Deque<Reply> left,
      List<Exchange> exchanges,
      Optional<Kept> before,
      Started result)
      throws IOException {
    String where = made.getName() + ", start " + (made.getStartsCount() + 1);
    if (!left.isEmpty()) {
      throw new AssertionError(where + ": calls that were not made: " + left);
    }
    if (!exchanges.isEmpty() && !exchanges.getFirst().getRequest().equals(request(start.dryRun))) {
      throw new AssertionError(where + ": another request: " + exchanges.getFirst().getRequest());
    }
    Started expected =
        switch (start.end.kind) {
          case KIND_STARTED, KIND_REFUSED -> {
            boolean asked = start.end.source == Source.SOURCE_REGISTRY;
            yield PlainStarted.of(
                tool,
                asked
                    ? NegotiateResponse.parseFrom(exchanges.getLast().getResponse())
                    : before.orElseThrow().answer,
                start.end.source,
                asked ? Duration.ZERO : Duration.between(before.orElseThrow().time, start.time));
          }
          default ->
              Started.newBuilder().setKind(start.end.kind).setStatus(start.end.status).build();
        };
    if (result.getKind() != start.end.kind || !result.equals(expected)) {
      throw new AssertionError(
          where + ": expected " + start.end + expected + "\nbut found " + result);
    }
  }

  /// The events that the tool names, each once.
  private List<String> named() {
    return tool.getRequirementsList().stream()
        .map(Requirement::getAnyOfList)
        .flatMap(List::stream)
        .map(EventUse::getEvent)
        .filter(event -> !event.isEmpty())
        .distinct()
        .toList();
  }

  /// What the tool must ask first.
  private NegotiateRequest request(boolean dry) {
    NegotiateRequest.Builder request =
        NegotiateRequest.newBuilder()
            .setTool(tool)
            .setKernel(IdentityWriter.write(identity))
            .setDryRun(dry)
            .addApiVersions("tracery.v1");
    for (String event : named()) {
      byte[] text = formats.get(event);
      if (text != null) {
        request.addEvents(
            SeenEvent.newBuilder()
                .setEvent(event)
                .setId(FormatText.id(text))
                .setLayoutHash(
                    ByteString.copyFrom(CanonicalForm.hash(text, identity.target()).bytes())));
      }
    }
    return request.build();
  }
}
