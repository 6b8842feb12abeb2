package dev.tracery.translate;

import dev.tracery.compiler.FormatCompiler;
import dev.tracery.compiler.emit.DecodePlanner;
import dev.tracery.compiler.input.EventFormatFile;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.trace.TraceContent;
import dev.tracery.v1.DecodePlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The events of one kernel by their id, each compiled when it is first asked for. Not thread-safe.
public final class EventTypes {

  /// The first bytes of a format in which its id must be.
  private static final int HEAD_BYTES = 512;

  private final TraceContent content;
  private final SchemaSource schemas;
  private final TranslatorSource translators;
  private final FormatCompiler compiler = new FormatCompiler();
  private final DecodePlanner planner = new DecodePlanner();
  private final Map<Integer, EventFormatFile> files = new HashMap<>();
  private final Map<Integer, Optional<EventType>> types = new HashMap<>();
  private final List<Diagnostic> diagnostics = new ArrayList<>();

  /// @param schemas gives each event its message
  /// @param translators gives each layout what runs its plan
  public EventTypes(TraceContent content, SchemaSource schemas, TranslatorSource translators) {
    this.content = content;
    this.schemas = schemas;
    this.translators = translators;
    for (EventFormatFile file : content.kernel().events()) {
      int id = FormatId.in(file.text(), HEAD_BYTES);
      if (id >= 0) {
        files.putIfAbsent(id, file);
      }
    }
  }

  /// The event with that `common_type`.
  ///
  /// @return null if no format has the id, or its format cannot be compiled, which [#diagnostics]
  ///   tells
  public @Nullable EventType byId(int id) {
    Optional<EventType> known = types.get(id);
    if (known == null) {
      known = Optional.ofNullable(compile(id));
      types.put(id, known);
    }
    return known.orElse(null);
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
    return new EventType(
        id, file.event(), layout, schema, plan, translators.translator(plan, layout.hash()));
  }

  /// What was found in the formats that were compiled so far.
  public List<Diagnostic> diagnostics() {
    return List.copyOf(diagnostics);
  }
}
