package dev.tracery.client.negotiate;

import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import java.util.Map;
import java.util.Optional;

/// A kernel whose formats are at hand.
record FormatTexts(KernelIdentity identity, Map<String, byte[]> formats) implements SeenKernel {

  FormatTexts {
    formats = Map.copyOf(formats);
    formats.keySet().forEach(EventName::parse);
  }

  @Override
  public Optional<byte[]> format(EventName event) {
    return Optional.ofNullable(formats.get(event.toString()));
  }
}
