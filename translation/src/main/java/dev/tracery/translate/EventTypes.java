package dev.tracery.translate;

import dev.tracery.compiler.FormatCompiler;
import dev.tracery.compiler.input.EventFormatFile;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.decode.PlanInterpreter;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import dev.tracery.diagnostic.SourceLocation;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.EventName;
import dev.tracery.model.Target;
import dev.tracery.trace.TraceContent;
import dev.tracery.v1.DecodePlan;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The events of one kernel by their id, each compiled when it is first asked for. Not thread-safe.
public final class EventTypes {

  /// `common_type` has 16 bits.
  private static final int LAST_ID = 0xffff;

  private final Target target;
  private final SchemaSource schemas;
  private final TranslatorSource translators;
  private final FormatCompiler compiler = new FormatCompiler();
  private final Map<Integer, EventName> names;
  private final IntFunction<EventFormatFile> files;
  private final boolean bigEndian;
  private final @Nullable EventType[] types;
  private final @Nullable EventLayout[] layouts;
  private final boolean[] asked;
  private final boolean[] completed;
  private final List<Diagnostic> diagnostics = new ArrayList<>();

  /// @param schemas gives each event its message
  /// @param translators gives each layout what runs its plan
  public EventTypes(TraceContent content, SchemaSource schemas, TranslatorSource translators) {
    this(content.target(), byId(content), schemas, translators);
  }

  private EventTypes(
      Target target,
      Map<Integer, EventFormatFile> byId,
      SchemaSource schemas,
      TranslatorSource translators) {
    this(
        target,
        byId.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, file -> file.getValue().event())),
        id -> Objects.requireNonNull(byId.get(id)),
        schemas,
        translators);
  }

  /// Events whose formats are read when they are needed.
  ///
  /// @param target what the kernel was built for
  /// @param names the events by their id, of 16 bits
  /// @param files gives the format of one of `names`; asked once for each
  /// @param schemas gives each event its message
  /// @param translators gives each layout what runs its plan
  public EventTypes(
      Target target,
      Map<Integer, EventName> names,
      IntFunction<EventFormatFile> files,
      SchemaSource schemas,
      TranslatorSource translators) {
    this.target = target;
    this.names = Map.copyOf(names);
    this.files = files;
    this.schemas = schemas;
    this.translators = translators;
    this.bigEndian = target.byteOrder() == ByteOrder.BIG_ENDIAN;
    int last = names.keySet().stream().mapToInt(Integer::intValue).max().orElse(-1);
    if (last > LAST_ID) {
      throw new IllegalArgumentException("an event has the id " + last + ", of more than 16 bits");
    }
    types = new EventType[last + 1];
    layouts = new EventLayout[last + 1];
    asked = new boolean[last + 1];
    completed = new boolean[last + 1];
  }

  private static Map<Integer, EventFormatFile> byId(TraceContent content) {
    Map<Integer, EventFormatFile> files = new HashMap<>();
    for (EventFormatFile file : content.kernel().events()) {
      int id = FormatId.of(file.text());
      if (id >= 0 && id <= LAST_ID) {
        files.putIfAbsent(id, file);
      }
    }
    return files;
  }

  /// The events of a trace, its lineages begun anew and its plans interpreted.
  public static EventTypes interpreted(TraceContent content) {
    return new EventTypes(content, new FreshSchemas(), (plan, _) -> new PlanInterpreter(plan));
  }

  /// The event of a record.
  ///
  /// @return null as [#byId] has it, and for a record that is too short to say
  public @Nullable EventType of(byte[] bytes, int offset, int length) {
    if (length < 2) {
      return null;
    }
    int first = bytes[offset] & 0xff;
    int second = bytes[offset + 1] & 0xff;
    return byId(bigEndian ? first << 8 | second : second << 8 | first);
  }

  /// The event with that `common_type`.
  ///
  /// @return null if no format has the id, or its format cannot be compiled, which [#diagnostics]
  ///   tells
  public @Nullable EventType byId(int id) {
    if (id < 0 || id >= types.length) {
      return null;
    }
    if (!completed[id]) {
      completed[id] = true;
      EventLayout event = layoutById(id);
      types[id] = event == null ? null : complete(id, event);
    }
    return types[id];
  }

  /// The event with that `common_type`, without what makes messages of its records.
  ///
  /// @return null as [#byId] has it
  public @Nullable EventLayout layoutById(int id) {
    if (id < 0 || id >= layouts.length) {
      return null;
    }
    if (!asked[id]) {
      asked[id] = true;
      layouts[id] = compile(id);
    }
    return layouts[id];
  }

  private @Nullable EventLayout compile(int id) {
    if (!names.containsKey(id)) {
      return null;
    }
    EventFormatFile file = files.apply(id);
    FormatCompiler.Result result = compiler.compile(file.file(), file.text(), target);
    diagnostics.addAll(result.diagnostics());
    return result.layout().map(layout -> new EventLayout(file.event(), layout)).orElse(null);
  }

  private @Nullable EventType complete(int id, EventLayout event) {
    Layout layout = event.layout();
    SchemaVersion schema = schemas.schema(event.name(), layout);
    DecodePlan plan = schemas.plan(event.name(), layout, schema);
    try {
      return new EventType(
          id, event.name(), layout, schema, plan, translators.translator(plan, layout.hash()));
    } catch (IllegalArgumentException e) {
      // Why: nothing in a format forbids messages of gigabytes.
      diagnostics.add(
          new Diagnostic(
              Severity.ERROR,
              "PLAN_REFUSED",
              SourceLocation.inText(event.name() + "/format", 1, 1, 0),
              String.valueOf(e.getMessage()),
              ""));
      return null;
    }
  }

  /// The ids of the events of some names. Compiles nothing.
  public BitSet ids(Predicate<EventName> wanted) {
    BitSet ids = new BitSet();
    names.forEach((id, name) -> {
      if (wanted.test(name)) {
        ids.set(id);
      }
    });
    return ids;
  }

  /// What was found in the formats that were compiled so far.
  public List<Diagnostic> diagnostics() {
    return List.copyOf(diagnostics);
  }
}
