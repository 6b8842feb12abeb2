package dev.tracery.registry.index;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tracery.v1.ParameterList;

/// A tracepoint of some kernels with what it hands to a probe. Kernels of which BTF says the same
/// share one entry. Immutable.
public final class TracepointEntry {

  private final int ordinal;
  private final String name;
  private final ByteString content;

  TracepointEntry(int ordinal, String name, ByteString content) {
    this.ordinal = ordinal;
    this.name = name;
    this.content = content;
  }

  /// The entry's place among all of the log, from 0.
  public int ordinal() {
    return ordinal;
  }

  /// Its name, without a system.
  public String name() {
    return name;
  }

  /// The serialized parameters, as the log has them.
  ByteString content() {
    return content;
  }

  /// Its parameters, read anew each time.
  ///
  /// @throws IllegalArgumentException if the log has something else there
  public ParameterList parameters() {
    try {
      return ParameterList.parseFrom(content);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(
          "the parameters of the tracepoint " + name + " cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
