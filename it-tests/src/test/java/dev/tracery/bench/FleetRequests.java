package dev.tracery.bench;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tracery.client.IdentityWriter;
import dev.tracery.client.negotiate.SeenKernel;
import dev.tracery.compiler.layout.CanonicalForm;
import dev.tracery.consumer.Consumer;
import dev.tracery.consumer.ConsumerWriter;
import dev.tracery.consumer.EventUse;
import dev.tracery.consumer.Requirement;
import dev.tracery.model.EventName;
import dev.tracery.v1.NegotiateRequest;
import dev.tracery.v1.SeenEvent;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// The questions that hosts ask: made once for each version of a tool on each kernel.
final class FleetRequests {

  /// A version of a tool on a kernel: what answers are kept by.
  record Key(int tool, int version, int kernel) {}

  private final Map<Key, byte[]> made = new HashMap<>();

  /// What a tool on a kernel asks.
  byte[] of(Key key, Consumer tool, VariedKernel kernel) {
    return made.computeIfAbsent(key, _ -> request(tool, kernel).toByteArray());
  }

  /// The same with the formats that the registry needs.
  static byte[] withTexts(byte[] request, Collection<String> needed, VariedKernel kernel)
      throws InvalidProtocolBufferException {
    NegotiateRequest.Builder again = NegotiateRequest.parseFrom(request).toBuilder();
    for (SeenEvent.Builder event : again.getEventsBuilderList()) {
      if (needed.contains(event.getEvent())) {
        event.setText(ByteString.copyFrom(text(kernel, event.getEvent())));
      }
    }
    return again.build().toByteArray();
  }

  /// The same as a question only.
  static byte[] dry(byte[] request) {
    try {
      return NegotiateRequest.parseFrom(request).toBuilder().setDryRun(true).build().toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /// The kernel as a client library sees it.
  static SeenKernel seen(VariedKernel kernel) {
    Map<String, byte[]> texts = new HashMap<>();
    kernel.events().forEach(event -> texts.put(event.name().toString(), event.text()));
    return SeenKernel.of(kernel.identity(), texts);
  }

  private static NegotiateRequest request(Consumer tool, VariedKernel kernel) {
    NegotiateRequest.Builder request =
        NegotiateRequest.newBuilder()
            .setTool(ConsumerWriter.write(tool))
            .setKernel(IdentityWriter.write(kernel.identity()))
            .addApiVersions("tracery.v1");
    Set<EventName> named = new LinkedHashSet<>();
    for (Requirement requirement : tool.requirements()) {
      for (EventUse use : requirement.anyOf()) {
        named.add(Objects.requireNonNull(use.event()));
      }
    }
    for (EventName event : named) {
      byte[] text = text(kernel, event.toString());
      request.addEvents(
          SeenEvent.newBuilder()
              .setEvent(event.toString())
              .setId(1)
              .setLayoutHash(
                  ByteString.copyFrom(
                      CanonicalForm.hash(text, kernel.identity().target()).bytes())));
    }
    return request.build();
  }

  private static byte[] text(VariedKernel kernel, String event) {
    return kernel.events().stream()
        .filter(e -> e.name().toString().equals(event))
        .findFirst()
        .orElseThrow()
        .text();
  }
}
