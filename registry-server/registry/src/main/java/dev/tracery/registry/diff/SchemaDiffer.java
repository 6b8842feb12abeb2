package dev.tracery.registry.diff;

import dev.tracery.compiler.layout.FieldKind;
import dev.tracery.compiler.lineage.SchemaField;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.registry.Registry.Change;
import dev.tracery.registry.Registry.ChangeKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Compares two schema versions of one event. A schema has no bytes: nothing moves, has a size or
/// lies anywhere.
public final class SchemaDiffer {

  /// What is in `to` other than in `from`.
  public List<Change> diff(SchemaVersion from, SchemaVersion to) {
    List<FieldMatcher.Match<SchemaField>> matches =
        FieldMatcher.match(from.fields(), to.fields(), SchemaDiffer::key);
    List<Change> changes = new ArrayList<>();
    for (FieldMatcher.Match<SchemaField> match : matches) {
      SchemaField before = match.from();
      SchemaField after = match.to();
      if (before == null && after != null) {
        add(changes, ChangeKind.FIELD_ADDED, after, "", declaration(after));
      } else if (before != null && after == null) {
        add(changes, ChangeKind.FIELD_REMOVED, before, declaration(before), "");
      } else if (before != null && after != null) {
        field(changes, before, after);
      }
    }
    List<FieldMatcher.Key> orderBefore =
        FieldMatcher.order(from.fields(), matches, SchemaDiffer::key);
    List<FieldMatcher.Key> orderAfter = FieldMatcher.order(to.fields(), matches, SchemaDiffer::key);
    if (!orderBefore.equals(orderAfter)) {
      changes.add(new Change(ChangeKind.FIELD_ORDER, "", 0, join(orderBefore), join(orderAfter)));
    }
    if (!from.printFormat().equals(to.printFormat())) {
      Set<String> otherSymbols = new HashSet<>();
      for (Change change : changes) {
        if (change.kind() == ChangeKind.FIELD_SYMBOLS) {
          otherSymbols.add(change.field());
        }
      }
      PrintDiffer.diff(SchemaLayout.of(from), SchemaLayout.of(to), otherSymbols)
          .ifPresent(diff -> changes.add(LayoutDiffer.change(diff)));
    }
    return changes;
  }

  private static void field(List<Change> changes, SchemaField before, SchemaField after) {
    int unshaped = changes.size();
    Shape shapeBefore = Shape.of(before.kind());
    Shape shapeAfter = Shape.of(after.kind());
    if (shapeBefore != shapeAfter) {
      add(
          changes,
          ChangeKind.FIELD_KIND,
          before,
          declaration(before) + " (" + shapeBefore.word() + ")",
          declaration(after) + " (" + shapeAfter.word() + ")");
    } else {
      if (shapeBefore.hasSign() && before.wide() != after.wide()) {
        add(
            changes,
            after.wide() ? ChangeKind.FIELD_WIDENED : ChangeKind.FIELD_NARROWED,
            before,
            declaration(before) + (before.wide() ? " (64 bits)" : " (32 bits)"),
            declaration(after) + (after.wide() ? " (64 bits)" : " (32 bits)"));
      }
      if (before.kind() != after.kind()) {
        add(
            changes,
            ChangeKind.FIELD_SIGNEDNESS,
            before,
            declaration(before) + sign(before.kind()),
            declaration(after) + sign(after.kind()));
      }
    }
    if (changes.size() == unshaped && !before.cType().equals(after.cType())) {
      add(changes, ChangeKind.FIELD_SPELLING, before, declaration(before), declaration(after));
    }
    if (!before.symbols().equals(after.symbols())) {
      add(
          changes,
          ChangeKind.FIELD_SYMBOLS,
          before,
          SymbolTexts.difference(before.symbols(), after.symbols()),
          SymbolTexts.difference(after.symbols(), before.symbols()));
    }
  }

  private static FieldMatcher.Key key(SchemaField field) {
    return new FieldMatcher.Key(field.name(), field.occurrence());
  }

  private static String declaration(SchemaField field) {
    return field.cType() + " " + field.name();
  }

  private static String sign(FieldKind kind) {
    return kind == FieldKind.SIGNED || kind == FieldKind.SIGNED_ARRAY ? " (signed)" : " (unsigned)";
  }

  private static String join(List<FieldMatcher.Key> keys) {
    return String.join(", ", keys.stream().map(FieldMatcher.Key::toString).toList());
  }

  private static void add(
      List<Change> changes, ChangeKind kind, SchemaField field, String from, String to) {
    changes.add(new Change(kind, field.name(), field.occurrence(), from, to));
  }
}
