package dev.tracery.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Constants of the protocol as people write them: `FIELD_REMOVED` for `CHANGE_KIND_FIELD_REMOVED`.
final class ServerEnums {

  private ServerEnums() {}

  /// The constant that `text` names, whatever its case, `-` for `_` allowed.
  static <E extends Enum<E>> Optional<E> read(Class<E> type, String prefix, String text) {
    String name = prefix + text.toUpperCase(Locale.ROOT).replace('-', '_');
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.name().equals(name) && !name.endsWith("_UNSPECIFIED"))
        .findFirst();
  }

  /// All that can be written, sorted as they are declared.
  static <E extends Enum<E>> List<String> names(Class<E> type, String prefix) {
    return Arrays.stream(type.getEnumConstants())
        .filter(c -> c.name().startsWith(prefix) && !c.name().endsWith("_UNSPECIFIED"))
        .map(c -> write(prefix, c))
        .toList();
  }

  /// `field_removed`; `default` for the unspecified constant.
  static String write(String prefix, Enum<?> constant) {
    String name = constant.name();
    return name.endsWith("_UNSPECIFIED")
        ? "default"
        : name.startsWith(prefix)
            ? name.substring(prefix.length()).toLowerCase(Locale.ROOT)
            : "unknown";
  }
}
