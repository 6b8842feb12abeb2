package dev.tracery.registry.diff;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.layout.Placement;
import dev.tracery.registry.Registry.Change;
import dev.tracery.registry.Registry.ChangeKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Compares two layouts of one event. The columns are the truth and the C declaration is a name:
/// another spelling is a change of its own, and only where nothing else of the field's shape
/// changed. A sign means nothing on strings and bytes, and an unknown one is no change.
public final class LayoutDiffer {

  /// What is in `to` other than in `from`.
  public LayoutDiff diff(Layout from, Layout to) {
    List<Change> common = new ArrayList<>(targets(from, to));
    List<SymbolChange> symbols = new ArrayList<>();
    fields(from.commonFields(), to.commonFields(), Block.COMMON, common, symbols);
    List<Change> own = new ArrayList<>();
    fields(from.fields(), to.fields(), Block.OWN, own, symbols);
    Set<String> otherSymbols = new HashSet<>();
    symbols.forEach(change -> otherSymbols.add(change.field()));
    Optional<PrintDiff> print = PrintDiffer.diff(from, to, otherSymbols);
    print.ifPresent(diff -> own.add(change(diff)));
    if (from.fixedSize() != to.fixedSize()) {
      own.add(ofEvent(ChangeKind.RECORD_SIZE, bytes(from.fixedSize()), bytes(to.fixedSize())));
    }
    return new LayoutDiff(common, own, symbols, print);
  }

  /// The kinds that differ between the fields that all events have and the event's own.
  private enum Block {
    COMMON(
        ChangeKind.COMMON_FIELD_ADDED,
        ChangeKind.COMMON_FIELD_REMOVED,
        ChangeKind.COMMON_FIELD_MOVED),
    OWN(ChangeKind.FIELD_ADDED, ChangeKind.FIELD_REMOVED, ChangeKind.FIELD_MOVED);

    private final ChangeKind added;
    private final ChangeKind removed;
    private final ChangeKind moved;

    Block(ChangeKind added, ChangeKind removed, ChangeKind moved) {
      this.added = added;
      this.removed = removed;
      this.moved = moved;
    }
  }

  private static List<Change> targets(Layout from, Layout to) {
    List<Change> changes = new ArrayList<>();
    if (from.target().wordSize() != to.target().wordSize()) {
      changes.add(
          ofEvent(
              ChangeKind.WORD_SIZE,
              from.target().wordSize().bytes() * 8 + " bits",
              to.target().wordSize().bytes() * 8 + " bits"));
    }
    if (from.target().byteOrder() != to.target().byteOrder()) {
      changes.add(
          ofEvent(
              ChangeKind.BYTE_ORDER,
              from.target().byteOrder().word(),
              to.target().byteOrder().word()));
    }
    return changes;
  }

  private static void fields(
      List<Field> from,
      List<Field> to,
      Block block,
      List<Change> changes,
      List<SymbolChange> symbols) {
    // Why: the common fields are the same nearly always, and often only the text differs.
    if (from.equals(to)) {
      return;
    }
    List<FieldMatcher.Match<Field>> matches = FieldMatcher.match(from, to, LayoutDiffer::key);
    Map<Field, Field> renames = FieldRenames.find(from, to, matches);
    for (FieldMatcher.Match<Field> match : matches) {
      Field before = match.from();
      Field after = match.to();
      if (before == null) {
        add(changes, block.added, match.key(), "", declared(after));
      } else if (after == null) {
        add(changes, block.removed, match.key(), declared(before), "");
        Field renamed = renames.get(before);
        if (renamed != null) {
          add(
              changes,
              ChangeKind.FIELD_RENAMED,
              match.key(),
              before.declaration(),
              renamed.declaration());
        }
      } else {
        field(changes, block, match.key(), before, after);
        if (!before.symbols().equals(after.symbols())) {
          symbols(changes, match.key(), before, after);
          symbols.add(SymbolDiffer.diff(before, before.symbols(), after.symbols()));
        }
      }
    }
    List<FieldMatcher.Key> orderBefore = FieldMatcher.order(from, matches, LayoutDiffer::key);
    List<FieldMatcher.Key> orderAfter = FieldMatcher.order(to, matches, LayoutDiffer::key);
    if (!orderBefore.equals(orderAfter)) {
      changes.add(ofEvent(ChangeKind.FIELD_ORDER, join(orderBefore), join(orderAfter)));
    }
  }

  private static void symbols(
      List<Change> changes, FieldMatcher.Key key, Field before, Field after) {
    add(
        changes,
        ChangeKind.FIELD_SYMBOLS,
        key,
        SymbolTexts.difference(before.symbols(), after.symbols()),
        SymbolTexts.difference(after.symbols(), before.symbols()));
  }

  private static void field(
      List<Change> changes, Block block, FieldMatcher.Key key, Field before, Field after) {
    int unshaped = changes.size();
    Shape shapeBefore = Shape.of(before.kind());
    Shape shapeAfter = Shape.of(after.kind());
    if (shapeBefore != shapeAfter) {
      add(
          changes,
          ChangeKind.FIELD_KIND,
          key,
          before.declaration() + " (" + shapeBefore.word() + ")",
          after.declaration() + " (" + shapeAfter.word() + ")");
    } else {
      shape(changes, key, shapeBefore, before, after);
    }
    if (before.placement() != after.placement()) {
      add(changes, ChangeKind.FIELD_STORAGE, key, before.declaration(), after.declaration());
    }
    if (changes.size() == unshaped && !before.declaration().equals(after.declaration())) {
      add(changes, ChangeKind.FIELD_SPELLING, key, before.declaration(), after.declaration());
    }
    if (before.offset() != after.offset()) {
      add(changes, block.moved, key, "offset " + before.offset(), "offset " + after.offset());
    }
  }

  /// Width, sign and length of two fields of one shape.
  private static void shape(
      List<Change> changes, FieldMatcher.Key key, Shape shape, Field before, Field after) {
    if (shape.hasSign() && before.elementSize() != after.elementSize()) {
      add(
          changes,
          before.elementSize() < after.elementSize()
              ? ChangeKind.FIELD_WIDENED
              : ChangeKind.FIELD_NARROWED,
          key,
          before.declaration() + " (" + bytes(before.elementSize()) + ")",
          after.declaration() + " (" + bytes(after.elementSize()) + ")");
    }
    if (shape.hasSign()
        && before.signed().isPresent()
        && after.signed().isPresent()
        && !before.signed().equals(after.signed())) {
      add(
          changes,
          ChangeKind.FIELD_SIGNEDNESS,
          key,
          before.declaration() + sign(before),
          after.declaration() + sign(after));
    }
    if (length(shape, before) != length(shape, after)
        && before.placement() == Placement.FIXED
        && after.placement() == Placement.FIXED) {
      add(
          changes,
          ChangeKind.FIELD_LENGTH,
          key,
          before.declaration() + " (" + bytes(before.size()) + ")",
          after.declaration() + " (" + bytes(after.size()) + ")");
    }
  }

  /// How many elements a fixed field has; 1 for what is no array.
  private static int length(Shape shape, Field field) {
    return switch (shape) {
      case INTEGER -> 1;
      case ARRAY -> field.size() / Math.max(1, field.elementSize());
      case BOOL, STRING, BYTES, BITMASK -> field.size();
    };
  }

  private static FieldMatcher.Key key(Field field) {
    return new FieldMatcher.Key(field.name(), field.occurrence());
  }

  private static String declared(@Nullable Field field) {
    return Objects.requireNonNull(field).declaration();
  }

  private static String sign(Field field) {
    return field.signed().orElse(false) ? " (signed)" : " (unsigned)";
  }

  private static String bytes(int count) {
    return count == 1 ? "1 byte" : count + " bytes";
  }

  private static String join(List<FieldMatcher.Key> keys) {
    return String.join(", ", keys.stream().map(FieldMatcher.Key::toString).toList());
  }

  static Change change(PrintDiff diff) {
    PrintTexts.Texts texts = PrintTexts.of(diff);
    return ofEvent(ChangeKind.PRINT_FORMAT, texts.from(), texts.to());
  }

  private static Change ofEvent(ChangeKind kind, String from, String to) {
    return new Change(kind, "", 0, from, to);
  }

  private static void add(
      List<Change> changes, ChangeKind kind, FieldMatcher.Key key, String from, String to) {
    changes.add(new Change(kind, key.name(), key.occurrence(), from, to));
  }
}
