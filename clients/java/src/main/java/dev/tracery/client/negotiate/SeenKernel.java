package dev.tracery.client.negotiate;

import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/// The kernel as a tool sees it. [Tracefs] is the running one; [#of] is one whose formats are at
/// hand.
public interface SeenKernel {

  /// What it says of itself.
  KernelIdentity identity();

  /// The format file of an event, whole; empty if there is no such event.
  ///
  /// @throws IOException if it is there and cannot be read
  Optional<byte[]> format(EventName event) throws IOException;

  /// A kernel whose formats are at hand: of a trace's file, or of a tool's tests.
  ///
  /// @param formats format files, whole, by `system/name`
  /// @throws IllegalArgumentException if an event is not `system/name`
  static SeenKernel of(KernelIdentity identity, Map<String, byte[]> formats) {
    return new FormatTexts(identity, formats);
  }
}
