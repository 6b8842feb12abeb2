package dev.tracery.client.negotiate;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import dev.tracery.client.IdentityWriter;
import dev.tracery.client.TraceryClient;
import dev.tracery.client.TraceryException;
import dev.tracery.client.negotiate.Negotiated.Source;
import dev.tracery.consumer.Consumer;
import dev.tracery.consumer.ConsumerWriter;
import dev.tracery.consumer.EventUse;
import dev.tracery.consumer.Requirement;
import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;
import dev.tracery.v1.NegotiateRequest;
import dev.tracery.v1.NegotiateResponse;
import dev.tracery.v1.RunOutcome;
import dev.tracery.v1.SeenEvent;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Asks a registry whether a tool can run, when it starts. Sends hashes of formats, and their texts
/// only where the registry asks for them. Thread-safe.
///
/// ```java
/// try (var client = TraceryClient.connect("localhost:7411", ClientOptions.defaults())) {
///   Negotiated negotiated =
///       new Negotiator(client, NegotiatorOptions.defaults())
///           .negotiate(tool, Tracefs.ofRunningKernel());
///   negotiated.warnings().forEach(System.err::println);
///   EventDecoder switches = negotiated.decoder("sched/sched_switch");
/// }
/// ```
public final class Negotiator {

  private static final String API_VERSION = "tracery.v1";

  private final TraceryClient client;
  private final NegotiatorOptions options;
  private final InstantSource clock;
  private final Optional<AnswerFolder> cache;

  /// @param client stays the caller's
  public Negotiator(TraceryClient client, NegotiatorOptions options) {
    this(client, options, InstantSource.system());
  }

  Negotiator(TraceryClient client, NegotiatorOptions options, InstantSource clock) {
    this.client = client;
    this.options = options;
    this.clock = clock;
    this.cache = options.cache().map(folder -> new AnswerFolder(folder, options.cacheBytes()));
  }

  /// How `tool` runs on `kernel`. Within the time that the registry allows, the answer of an
  /// earlier start is used without asking; while the registry cannot be reached, however old it is.
  ///
  /// @throws NegotiationRefusedException if the tool cannot run here
  /// @throws RegistryUnreachableException if the registry cannot be reached and nothing is kept
  /// @throws TraceryException if the registry refuses the question
  /// @throws IOException if a format is there and cannot be read
  public Negotiated negotiate(Consumer tool, SeenKernel kernel)
      throws IOException, NegotiationRefusedException {
    Negotiated negotiated = ask(tool, kernel);
    if (negotiated.outcome() == RunOutcome.RUN_OUTCOME_REJECTED) {
      throw new NegotiationRefusedException(negotiated);
    }
    return negotiated;
  }

  /// The same, where a refusal is an answer, too.
  public Negotiated ask(Consumer tool, SeenKernel kernel) throws IOException {
    Map<String, byte[]> formats = formats(tool, kernel);
    NegotiateRequest request = request(tool, kernel, formats);
    Sha256 key = key(request);
    Optional<AnswerFolder.Kept> kept = cache.flatMap(folder -> folder.get(key));
    if (kept.isPresent() && isFresh(kept.get())) {
      return negotiated(tool, kept.get(), Source.CACHE, "");
    }
    try {
      NegotiateResponse answer = ask(request, formats);
      if (answer.getNeedFormatsCount() == 0) {
        cache.ifPresent(folder -> folder.put(key, clock.instant(), answer));
      }
      return new Negotiated(tool, answer, Source.REGISTRY, Duration.ZERO, "");
    } catch (TraceryException e) {
      if (!isUnreachable(e)) {
        throw e;
      }
      String reason = String.valueOf(e.getMessage());
      return negotiated(
          tool,
          kept.orElseThrow(() ->
              new RegistryUnreachableException(
                  "the registry cannot be reached ("
                      + reason
                      + "), and there is no answer of an earlier start of "
                      + tool.name()
                      + " "
                      + tool.version()
                      + " on this kernel"
                      + options
                          .cache()
                          .map(folder -> " in " + folder)
                          .orElse(", for none are kept"),
                  e)),
          Source.CACHE_OFFLINE,
          reason);
    }
  }

  private boolean isFresh(AnswerFolder.Kept kept) {
    if (kept.answer().getOutcome() == RunOutcome.RUN_OUTCOME_REJECTED) {
      // Why: who was refused mends something, a bridge or a kernel, and asks again.
      return false;
    }
    Duration age = Duration.between(kept.time(), clock.instant());
    Duration allowed = Duration.ofSeconds(kept.answer().getCacheFor().getSeconds());
    // Why not negative: the clock was set back, and nobody knows how old the answer is.
    return !age.isNegative() && age.compareTo(allowed) < 0;
  }

  private Negotiated negotiated(
      Consumer tool, AnswerFolder.Kept kept, Source source, String reason) {
    Duration age = Duration.between(kept.time(), clock.instant());
    return new Negotiated(
        tool, kept.answer(), source, age.isNegative() ? Duration.ZERO : age, reason);
  }

  /// One round trip, or two where the registry needs texts.
  private NegotiateResponse ask(NegotiateRequest request, Map<String, byte[]> formats) {
    // Why not the clock: it may be set while a tool waits.
    long end = System.nanoTime() + options.deadline().toNanos();
    NegotiateResponse answer = call(request, end);
    if (answer.getNeedFormatsCount() == 0) {
      return answer;
    }
    Set<String> needed = Set.copyOf(answer.getNeedFormatsList());
    NegotiateRequest.Builder again = request.toBuilder();
    for (SeenEvent.Builder event : again.getEventsBuilderList()) {
      byte[] text = formats.get(event.getEvent());
      if (needed.contains(event.getEvent()) && text != null) {
        event.setText(ByteString.copyFrom(text));
      }
    }
    return call(again.build(), end);
  }

  /// @param end by [System#nanoTime]
  private NegotiateResponse call(NegotiateRequest request, long end) {
    Duration left = Duration.ofNanos(end - System.nanoTime());
    return client.negotiate(request, left.isPositive() ? left : Duration.ofMillis(1));
  }

  private static boolean isUnreachable(TraceryException failure) {
    return failure.code() == Code.UNAVAILABLE || failure.code() == Code.DEADLINE_EXCEEDED;
  }

  /// The formats of the events that the tool names and the kernel has.
  private static Map<String, byte[]> formats(Consumer tool, SeenKernel kernel) throws IOException {
    Set<EventName> named = new LinkedHashSet<>();
    for (Requirement requirement : tool.requirements()) {
      for (EventUse use : requirement.anyOf()) {
        if (use.event() != null) {
          named.add(use.event());
        }
      }
    }
    Map<String, byte[]> formats = new LinkedHashMap<>();
    for (EventName event : named) {
      kernel.format(event).ifPresent(text -> formats.put(event.toString(), text));
    }
    return formats;
  }

  private NegotiateRequest request(Consumer tool, SeenKernel kernel, Map<String, byte[]> formats) {
    NegotiateRequest.Builder request =
        NegotiateRequest.newBuilder()
            .setTool(ConsumerWriter.write(tool))
            .setKernel(IdentityWriter.write(kernel.identity()))
            .setDryRun(options.dryRun())
            .addApiVersions(API_VERSION);
    formats.forEach((event, text) ->
        request.addEvents(
            SeenEvent.newBuilder()
                .setEvent(event)
                .setId(FormatText.id(text))
                .setLayoutHash(
                    ByteString.copyFrom(
                        FormatText.layoutHash(text, kernel.identity().target()).bytes()))));
    return request.build();
  }

  /// What the answer depends on. Ids differ from boot to boot, and the answer does not.
  private static Sha256 key(NegotiateRequest request) {
    NegotiateRequest.Builder content = request.toBuilder().clearDryRun();
    content.getEventsBuilderList().forEach(SeenEvent.Builder::clearId);
    return Sha256.of(content.build().toByteArray());
  }
}
