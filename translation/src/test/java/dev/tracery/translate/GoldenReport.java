package dev.tracery.translate;

import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import dev.tracery.model.ByteOrder;
import dev.tracery.trace.RecordCursor;
import dev.tracery.trace.RecordFilter;
import dev.tracery.trace.Trace;
import dev.tracery.trace.TraceLimits;
import dev.tracery.trace.TraceSamples;
import dev.tracery.trace.Traces;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Goes over a trace, and over what `trace-cmd report -R` printed of it, side by side.
final class GoldenReport {

  // Why: names of processes may have blanks and hyphens in them.
  private static final Pattern HEAD =
      Pattern.compile("(.{1,60}?)-(\\d+) +\\[(\\d+)\\] +(\\d+\\.\\d+): ([^ :\\n]+):");

  /// How far behind a wrong value the next field is looked for: strings can have line feeds.
  private static final int SEARCHED_BYTES = 4096;

  private static final int MAX_UNEXPLAINED = 20;

  private final Path file;
  private final GoldenText text;
  private final Messages messages = new Messages();
  private final Map<EventType, GoldenEvent> events = new HashMap<>();
  private final TreeSet<String> quirks = new TreeSet<>();
  private final List<String> unexplained = new ArrayList<>();
  private final byte[] message = new byte[1 << 20];
  private final byte[] other = new byte[1 << 20];
  private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
  private long records;
  private long values;

  GoldenReport(Path file) throws IOException {
    this.file = file;
    this.text =
        new GoldenText(
            TraceSamples.unpacked(Path.of(file.toString().replace(".dat.zst", ".raw.txt.zst"))));
  }

  long records() {
    return records;
  }

  long values() {
    return values;
  }

  /// `QUIRK system/event.field`, each once.
  TreeSet<String> quirks() {
    return quirks;
  }

  /// The first differences that are no quirk.
  List<String> unexplained() {
    return unexplained;
  }

  void compare() throws IOException {
    try (Trace trace = Traces.open(file, TraceLimits.DEFAULT);
        RecordCursor cursor = trace.records(RecordFilter.ALL)) {
      order = trace.content().target().byteOrder();
      EventTypes types =
          new EventTypes(trace.content(), new FreshSchemas(), new GeneratedTranslators());
      GoldenValue values =
          new GoldenValue(trace.content().target(), new GoldenTables(trace.content()));
      while (cursor.advance() && unexplained.size() < MAX_UNEXPLAINED) {
        EventType type = Objects.requireNonNull(types.byId(id(cursor)));
        head(cursor, type);
        fields(cursor, event(type), values);
        records++;
      }
    }
    while (!text.isAtEnd()) {
      String rest = text.line();
      if (HEAD.matcher(rest).lookingAt()) {
        unexplained.add("there is no record for " + rest);
        return;
      }
    }
  }

  private int id(RecordCursor cursor) {
    int first = cursor.bytes()[cursor.offset()] & 0xff;
    int second = cursor.bytes()[cursor.offset() + 1] & 0xff;
    return order == ByteOrder.BIG_ENDIAN ? first << 8 | second : second << 8 | first;
  }

  private GoldenEvent event(EventType type) {
    return events.computeIfAbsent(type, of -> GoldenEvent.of(of, messages.descriptor(of.schema())));
  }

  /// Goes to the line of the record, and behind the event's name in it.
  private void head(RecordCursor cursor, EventType type) {
    while (!text.isAtEnd()) {
      int begin = text.at();
      Matcher head = HEAD.matcher(text.line());
      if (head.lookingAt()) {
        // Why: trace-cmd rounds nanoseconds to the nearest microsecond.
        long micros = (cursor.timestamp() + 500) / 1000;
        String ours =
            "%d.%06d [%03d] %s"
                .formatted(
                    micros / 1_000_000, micros % 1_000_000, cursor.cpu(), type.name().name());
        String theirs = head.group(4) + " [" + head.group(3) + "] " + head.group(5);
        if (!ours.equals(theirs)) {
          unexplained.add("record " + records + ": " + theirs + " but found " + ours);
        }
        text.at(begin + head.end());
        return;
      }
    }
    unexplained.add("there is no line for record " + records);
  }

  private void fields(RecordCursor cursor, GoldenEvent event, GoldenValue check)
      throws IOException {
    int length =
        event
            .type()
            .translator()
            .translate(cursor.bytes(), cursor.offset(), cursor.length(), message, 0);
    int interpreted =
        event.interpreter().translate(cursor.bytes(), cursor.offset(), cursor.length(), other, 0);
    if (!Arrays.equals(message, 0, length, other, 0, interpreted)) {
      unexplained.add(
          "record " + records + ", " + event.type().name() + ": generated code and plan disagree");
    }
    DynamicMessage read = messages.read(event.type().schema(), message, 0, length);
    for (int i = 0; i < event.fields().size(); i++) {
      GoldenEvent.GoldenField field = event.fields().get(i);
      text.skipBlanks();
      if (!text.skip(field.nameAndSign())) {
        differs(event, field, "expected the name but found " + text.ahead());
        return;
      }
      Object ours = read.getField(field.message());
      int at = text.at();
      values++;
      if (!check.skipIfEqual(text, field.field(), ours, field.conversions()) || !ends(event, i)) {
        text.at(at);
        Optional<GoldenQuirk> quirk =
            GoldenQuirk.of(new GoldenQuirk.Difference(field.field(), ours, text, cursor, order));
        if (quirk.isPresent()) {
          quirks.add(quirk.get() + " " + event.type().name() + "." + field.field().name());
        } else {
          differs(event, field, "found " + shown(ours) + " for " + text.ahead());
        }
        if (!next(event, i)) {
          return;
        }
      }
    }
    text.line();
  }

  private void differs(GoldenEvent event, GoldenEvent.GoldenField field, String what) {
    unexplained.add(
        "record %d, %s, %s: %s"
            .formatted(records, event.type().name(), field.field().declaration(), what));
  }

  private static String shown(Object value) {
    return value instanceof ByteString bytes
        ? HexFormat.of().formatHex(bytes.toByteArray())
        : value.toString();
  }

  /// Whether the next field's name follows, or the line's end.
  private boolean ends(GoldenEvent event, int i) {
    int at = text.at();
    text.skipBlanks();
    boolean ends =
        i + 1 < event.fields().size()
            ? text.skip(event.fields().get(i + 1).nameAndSign())
            : text.peek() == '\n' || text.isAtEnd();
    text.at(at);
    return ends;
  }

  /// Goes to the next field's name, if there is one.
  private boolean next(GoldenEvent event, int i) {
    if (i + 1 == event.fields().size()) {
      return false;
    }
    byte[] name = event.fields().get(i + 1).nameAndSign();
    for (int tried = 0; tried < SEARCHED_BYTES && !text.isAtEnd(); tried++) {
      int at = text.at();
      boolean found = text.peek() == ' ';
      text.at(at + 1);
      if (found && text.skip(name)) {
        text.at(at);
        return true;
      }
      text.at(at + 1);
    }
    return false;
  }
}
