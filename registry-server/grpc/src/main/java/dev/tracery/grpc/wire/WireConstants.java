package dev.tracery.grpc.wire;

import org.jspecify.annotations.Nullable;

/// Constants that have the same name in the registry and, behind a prefix, in the protocol.
final class WireConstants {

  private static final String NONE = "UNSPECIFIED";

  private WireConstants() {}

  /// The protocol's constant; the unspecified one for null.
  static <W extends Enum<W>> W write(Class<W> type, String prefix, @Nullable Enum<?> ours) {
    return Enum.valueOf(type, prefix + (ours == null ? NONE : ours.name()));
  }

  /// The registry's constant; null for the unspecified one, and for one that this version does not
  /// know.
  static <E extends Enum<E>> @Nullable E read(Class<E> type, String prefix, Enum<?> wire) {
    if (!wire.name().startsWith(prefix) || wire.name().endsWith("_" + NONE)) {
      return null;
    }
    return Enum.valueOf(type, wire.name().substring(prefix.length()));
  }
}
