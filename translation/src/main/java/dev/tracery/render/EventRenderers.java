package dev.tracery.render;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.print.PrintFormat;
import dev.tracery.model.EventName;
import dev.tracery.model.Target;
import dev.tracery.render.evaluate.ExpressionCompiler;
import dev.tracery.render.evaluate.Frame;
import dev.tracery.render.printf.Pieces;
import dev.tracery.render.printf.Sequence;
import java.util.List;
import java.util.Optional;

/// Makes the renderers of a kernel's events. They share memory: one thread at a time may use them.
public final class EventRenderers {

  private final Target target;
  private final KernelTables tables;
  private final RenderNotes notes;
  private final Frame frame;

  /// For a kernel.
  ///
  /// @param notes where the events go whose print format cannot be evaluated
  public EventRenderers(Target target, KernelTables tables, RenderNotes notes) {
    this.target = target;
    this.tables = tables;
    this.notes = notes;
    this.frame = new Frame(tables, target.byteOrder());
  }

  /// What is known of the kernel.
  public KernelTables tables() {
    return tables;
  }

  /// The renderer of an event: its print format, or its raw fields for records that it cannot be
  /// evaluated for.
  public EventRenderer of(EventName event, Layout layout) {
    return of(event, layout, layout.printFormat().tree());
  }

  /// The renderer of an event with another print format than its own.
  ///
  /// @param tree empty where the format is not understood
  public EventRenderer of(EventName event, Layout layout, Optional<PrintFormat.Tree> tree) {
    if (!layout.target().equals(target)) {
      throw new IllegalArgumentException(event + " is of a " + layout.target() + " kernel");
    }
    EventRenderer raw = rawFields(layout);
    if (tree.isEmpty()) {
      return (bytes, offset, length, out) -> {
        notes.add(event, PrintFormatRenderer.NOT_UNDERSTOOD);
        raw.render(bytes, offset, length, out);
      };
    }
    ExpressionCompiler expressions = new ExpressionCompiler(layout);
    Sequence pieces = new Pieces(target.wordSize(), expressions).of(tree.get());
    return new PrintFormatRenderer(
        pieces,
        frame,
        expressions.constants(),
        expressions.variableBytes(),
        layout.fixedSize(),
        raw,
        reason -> notes.add(event, reason));
  }

  /// The renderer that writes an event's fields as `name=value`, whatever its print format.
  public EventRenderer rawFields(Layout layout) {
    return new RawFields(layout, tables);
  }

  /// Why a print format can never be evaluated as a whole: what it needs that no record has. Parts
  /// that a record does not come to do no harm, so that some of its records may be rendered all the
  /// same.
  public static List<String> obstacles(Layout layout) {
    if (layout.printFormat().tree().isEmpty()) {
      return List.of(PrintFormatRenderer.NOT_UNDERSTOOD);
    }
    Pieces pieces = new Pieces(layout.target().wordSize(), new ExpressionCompiler(layout));
    pieces.of(layout.printFormat().tree().get());
    return pieces.unknowns();
  }
}
