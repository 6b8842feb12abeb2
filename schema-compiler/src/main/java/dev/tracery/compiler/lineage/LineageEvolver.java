package dev.tracery.compiler.lineage;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.model.EventName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Gives a layout its schema version: one that the lineage has, or a new one.
///
/// A version is new when a field appears or goes, its kind or sign changes, its symbols change, or
/// its integers grow from 32 to 64 bits (the number stays, but the message's type does not).
/// Offsets, order, sizes, spelling and print text make no new version. What was given out never
/// changes: numbers are never given to another meaning, types never narrow again, and a field that
/// comes back finds its number.
public final class LineageEvolver {

  /// The first version of an event that nobody has seen before.
  ///
  /// @param takenMessageNames full names of the messages of other events, which this one must not
  ///   take
  public Evolution begin(EventName event, Layout layout, Set<String> takenMessageNames) {
    FieldSlots slots = FieldSlots.empty();
    List<SchemaField> fields = claimAll(slots, layout);
    String messageName = ProtoNames.message(event, takenMessageNames);
    return new Evolution(
        new SchemaVersion(event, messageName, 1, fields, List.of(), layout.printFormat().text()),
        true);
  }

  /// The version of `layout` in a lineage that there is.
  public Evolution evolve(Lineage lineage, Layout layout) {
    return evolve(lineage, layout, List.of());
  }

  /// The version of `layout` where it is read with more fields than it has: something fills them.
  ///
  /// @param filled fields of versions of the lineage, as [#known] gives them
  public Evolution evolve(Lineage lineage, Layout layout, List<SchemaField> filled) {
    SchemaVersion latest = lineage.latest();
    FieldSlots slots = FieldSlots.of(latest);
    List<SchemaField> fields = claimAll(slots, layout);
    fields.addAll(filled);
    for (SchemaVersion version : lineage.versions().reversed()) {
      if (sameSchema(version.fields(), fields)) {
        return new Evolution(version, false);
      }
    }
    Set<Integer> kept = new HashSet<>();
    fields.forEach(field -> kept.add(field.number()));
    List<SchemaField> removed = new ArrayList<>();
    for (SchemaField slot : slots.all()) {
      if (!kept.contains(slot.number())) {
        removed.add(withoutSymbols(slot));
      }
    }
    return new Evolution(
        new SchemaVersion(
            latest.event(),
            latest.messageName(),
            latest.version() + 1,
            fields,
            removed,
            layout.printFormat().text()),
        true);
  }

  /// The fields that a lineage ever had under a name, the latest first: each with the C type and
  /// symbols that it had last, and as wide as it became.
  public List<SchemaField> known(Lineage lineage, String name) {
    List<SchemaField> slots = FieldSlots.of(lineage.latest()).all();
    Map<Integer, SchemaField> found = new LinkedHashMap<>();
    for (SchemaVersion version : lineage.versions().reversed()) {
      for (SchemaField field : version.fields()) {
        SchemaField slot = byNumber(slots, field.number());
        if (slot != null && field.name().equals(name) && field.occurrence() == 0) {
          found.putIfAbsent(field.number(), widened(field, slot.wide()));
        }
      }
    }
    return List.copyOf(found.values());
  }

  private static SchemaField widened(SchemaField field, boolean wide) {
    return new SchemaField(
        field.number(),
        field.protoName(),
        field.name(),
        field.occurrence(),
        field.kind(),
        wide,
        field.cType(),
        field.symbols());
  }

  private static List<SchemaField> claimAll(FieldSlots slots, Layout layout) {
    List<SchemaField> fields = new ArrayList<>(layout.fields().size());
    for (Field field : layout.fields()) {
      fields.add(slots.claim(field));
    }
    return fields;
  }

  /// Whether two versions of one lineage mean the same. Within a lineage a number stands for name,
  /// occurrence and kind.
  private static boolean sameSchema(List<SchemaField> some, List<SchemaField> others) {
    if (some.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < some.size(); i++) {
      SchemaField one = some.get(i);
      SchemaField other = others.get(i);
      if (one.number() != other.number()) {
        other = byNumber(others, one.number());
        if (other == null) {
          return false;
        }
      }
      if (one.wide() != other.wide() || !one.symbols().equals(other.symbols())) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable SchemaField byNumber(List<SchemaField> fields, int number) {
    for (SchemaField field : fields) {
      if (field.number() == number) {
        return field;
      }
    }
    return null;
  }

  private static SchemaField withoutSymbols(SchemaField field) {
    return new SchemaField(
        field.number(),
        field.protoName(),
        field.name(),
        field.occurrence(),
        field.kind(),
        field.wide(),
        field.cType(),
        List.of());
  }
}
