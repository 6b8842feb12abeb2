package dev.tracery.translate;

import dev.tracery.compiler.FormatCompiler;
import dev.tracery.compiler.emit.DecodePlanner;
import dev.tracery.compiler.input.EventFormatFile;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import dev.tracery.diagnostic.SourceLocation;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.EventName;
import dev.tracery.trace.TraceContent;
import dev.tracery.v1.DecodePlan;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The events of one kernel by their id, each compiled when it is first asked for. Not thread-safe.
public final class EventTypes {

  /// `common_type` has 16 bits.
  private static final int LAST_ID = 0xffff;

  private final TraceContent content;
  private final SchemaSource schemas;
  private final TranslatorSource translators;
  private final FormatCompiler compiler = new FormatCompiler();
  private final DecodePlanner planner = new DecodePlanner();
  private final Map<Integer, EventFormatFile> files = new HashMap<>();
  private final boolean bigEndian;
  private final @Nullable EventType[] types;
  private final boolean[] asked;
  private final List<Diagnostic> diagnostics = new ArrayList<>();

  /// @param schemas gives each event its message
  /// @param translators gives each layout what runs its plan
  public EventTypes(TraceContent content, SchemaSource schemas, TranslatorSource translators) {
    this.content = content;
    this.schemas = schemas;
    this.translators = translators;
    this.bigEndian = content.target().byteOrder() == ByteOrder.BIG_ENDIAN;
    int last = -1;
    for (EventFormatFile file : content.kernel().events()) {
      int id = FormatId.of(file.text());
      if (id >= 0 && id <= LAST_ID) {
        files.putIfAbsent(id, file);
        last = Math.max(last, id);
      }
    }
    types = new EventType[last + 1];
    asked = new boolean[last + 1];
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
    EventType known = types[id];
    return known != null || asked[id] ? known : compileOnce(id);
  }

  private @Nullable EventType compileOnce(int id) {
    asked[id] = true;
    types[id] = compile(id);
    return types[id];
  }

  private @Nullable EventType compile(int id) {
    EventFormatFile file = files.get(id);
    if (file == null) {
      return null;
    }
    FormatCompiler.Result result = compiler.compile(file.file(), file.text(), content.target());
    diagnostics.addAll(result.diagnostics());
    if (result.layout().isEmpty()) {
      return null;
    }
    Layout layout = result.layout().get();
    SchemaVersion schema = schemas.schema(file.event(), layout);
    DecodePlan plan = planner.plan(layout, schema);
    try {
      return new EventType(
          id, file.event(), layout, schema, plan, translators.translator(plan, layout.hash()));
    } catch (IllegalArgumentException e) {
      // Why: nothing in a format forbids messages of gigabytes.
      diagnostics.add(
          new Diagnostic(
              Severity.ERROR,
              "PLAN_REFUSED",
              SourceLocation.inText(file.file(), 1, 1, 0),
              String.valueOf(e.getMessage()),
              ""));
      return null;
    }
  }

  /// The ids of the events of some names. Compiles nothing.
  public BitSet ids(Predicate<EventName> wanted) {
    BitSet ids = new BitSet();
    files.forEach((id, file) -> {
      if (wanted.test(file.event())) {
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
