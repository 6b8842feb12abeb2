package dev.tracery.translate;

import dev.tracery.trace.TraceContent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A trace's symbols and strings, read in the simplest way there is.
final class GoldenTables {

  private static final Pattern SYMBOL = Pattern.compile("([0-9a-f]+) . (\\S+).*");
  private static final Pattern STRING = Pattern.compile("0x([0-9a-f]+) : \"(.*)\"");

  private final Map<String, List<Long>> addresses = new HashMap<>();
  private final TreeMap<Long, Boolean> all = new TreeMap<>(Long::compareUnsigned);
  private final Map<Long, String> strings = new HashMap<>();

  GoldenTables(TraceContent content) {
    for (String line : lines(content.symbols())) {
      Matcher symbol = SYMBOL.matcher(line);
      if (symbol.matches()) {
        long address = Long.parseUnsignedLong(symbol.group(1), 16);
        addresses.computeIfAbsent(symbol.group(2), _ -> new ArrayList<>()).add(address);
        all.put(address, true);
      }
    }
    for (String line : lines(content.printkFormats())) {
      Matcher string = STRING.matcher(line);
      if (string.matches()) {
        strings.put(Long.parseUnsignedLong(string.group(1), 16), string.group(2));
      }
    }
  }

  private static List<String> lines(byte[] text) {
    return new String(text, StandardCharsets.ISO_8859_1).lines().toList();
  }

  @Nullable String string(long address) {
    return strings.get(address);
  }

  /// Whether an address lies in a function of that name.
  boolean isIn(String name, long address) {
    return Objects.requireNonNullElse(addresses.get(name), List.<Long>of()).stream()
        .anyMatch(begin -> begin.equals(all.floorKey(address)));
  }

  /// Whether an address lies so many bytes behind the beginning of a function of that name.
  boolean isAt(String name, long offset, long address) {
    return Objects.requireNonNullElse(addresses.get(name), List.<Long>of())
        .contains(address - offset);
  }
}
