package dev.tracery.registry.index;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tracery.v1.EventStruct;

/// The struct of an event class of some kernels. Kernels of which BTF says the same share one
/// entry. Immutable.
public final class StructEntry {

  private final int ordinal;
  private final String name;
  private final ByteString content;

  StructEntry(int ordinal, String name, ByteString content) {
    this.ordinal = ordinal;
    this.name = name;
    this.content = content;
  }

  /// The entry's place among all of the log, from 0.
  public int ordinal() {
    return ordinal;
  }

  /// `trace_event_raw_sched_switch`.
  public String name() {
    return name;
  }

  /// The serialized struct, as the log has it.
  ByteString content() {
    return content;
  }

  /// The struct, read anew each time.
  ///
  /// @throws IllegalArgumentException if the log has something else there
  public EventStruct struct() {
    try {
      return EventStruct.parseFrom(content);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(
          "the struct " + name + " cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
