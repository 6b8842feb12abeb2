package dev.tracery.translate;

import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which class of a bundle reads which records: the file [#PATH] of the bundle. A line that says
/// which form it has, then a line for each translator: event, layout hash, schema version and
/// class, with blanks between. Immutable.
public final class TranslatorIndex {

  /// Where a bundle has it.
  public static final String PATH = "META-INF/tracery/translators";

  private static final String FORM = "tracery translators 1";

  /// Bundles of people are read, too: what is more than this is no index.
  private static final int MAX_BYTES = 64 << 20;

  private final Map<Key, String> classes;

  /// What a translator reads and writes.
  record Key(EventName event, Sha256 layout, int schemaVersion) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byEvent = event.compareTo(other.event);
      int byLayout = byEvent != 0 ? byEvent : layout.compareTo(other.layout);
      return byLayout != 0 ? byLayout : Integer.compare(schemaVersion, other.schemaVersion);
    }
  }

  TranslatorIndex(Map<Key, String> classes) {
    this.classes = classes;
  }

  /// Reads the file.
  ///
  /// @throws IllegalArgumentException if it is no index, saying why
  public static TranslatorIndex read(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES);
    if (bytes.length == MAX_BYTES) {
      throw new IllegalArgumentException("an index of translators has less than 64 MiB");
    }
    String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n");
    if (!lines[0].equals(FORM)) {
      throw new IllegalArgumentException("expected the line \"" + FORM + "\"");
    }
    Map<Key, String> classes = HashMap.newHashMap(lines.length);
    for (int i = 1; i < lines.length; i++) {
      String[] words = lines[i].split(" ");
      if (words.length != 4) {
        throw new IllegalArgumentException("line " + (i + 1) + ": expected four words");
      }
      try {
        classes.put(
            new Key(EventName.parse(words[0]), Sha256.parse(words[1]), Integer.parseInt(words[2])),
            words[3]);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("line " + (i + 1) + ": " + e.getMessage(), e);
      }
    }
    return new TranslatorIndex(classes);
  }

  /// The file's content. Equal indexes give equal bytes.
  byte[] bytes() {
    SortedMap<Key, String> sorted = new TreeMap<>(classes);
    StringBuilder out = new StringBuilder(FORM).append('\n');
    sorted.forEach((key, name) -> {
      out.append(key.event).append(' ').append(key.layout).append(' ');
      out.append(key.schemaVersion).append(' ').append(name).append('\n');
    });
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  /// The class that reads a layout's records into messages of a schema version.
  ///
  /// @return its full name; null if there is none
  public @Nullable String className(EventName event, Sha256 layout, int schemaVersion) {
    return classes.get(new Key(event, layout, schemaVersion));
  }

  /// How many there are: of layouts, for a bundle of one kernel.
  public int size() {
    return classes.size();
  }
}
