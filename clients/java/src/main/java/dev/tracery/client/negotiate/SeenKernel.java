package dev.tracery.client.negotiate;

import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import java.io.IOException;
import java.util.Optional;

/// The kernel as a tool sees it. [Tracefs] is the running one.
public interface SeenKernel {

  /// What it says of itself.
  KernelIdentity identity();

  /// The format file of an event, whole; empty if there is no such event.
  ///
  /// @throws IOException if it is there and cannot be read
  Optional<byte[]> format(EventName event) throws IOException;
}
