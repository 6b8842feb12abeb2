package dev.tracery.registry.policy;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.FieldKind;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.consumer.AccessClass;
import dev.tracery.consumer.EventUse;
import dev.tracery.consumer.FieldUse;
import dev.tracery.consumer.FieldUse.Place;
import dev.tracery.registry.Registry.Change;
import dev.tracery.registry.Registry.ChangeKind;
import dev.tracery.registry.diff.Shape;
import dev.tracery.registry.diff.SymbolChange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which changes of an event touch a use of it that held before. Whether that harms is the
/// [RuleTable]'s business.
final class Touches {

  private final RequirementEvaluator evaluator;

  Touches(RequirementEvaluator evaluator) {
    this.evaluator = evaluator;
  }

  /// The changes that touch, in the order of the changes.
  ///
  /// @param held how the use stands on the candidate
  List<Touch> of(EventUse use, EventCase event, UseFit held) {
    List<Touch> touches = new ArrayList<>();
    for (Change change : event.changes()) {
      if (change.kind() == ChangeKind.EVENT_REMOVED) {
        touches.add(new Touch(change, false));
      }
    }
    if (use.access() == AccessClass.RAW_ARGS && touches.isEmpty() && !held.holds()) {
      touches.add(new Touch(parameters(event), false));
    }
    Layout before = event.layoutBefore();
    Layout after = event.layoutAfter();
    if (before == null || after == null) {
      return touches;
    }
    switch (use.access()) {
      case BY_NAME -> named(use, event, before, after, touches);
      case POSITIONAL -> positional(use, event, before, after, touches);
      case BY_OFFSET -> byOffset(use, event, before, after, touches);
      case BTF_STRUCT -> {
        ofKind(ChangeKind.BYTE_ORDER, event, touches);
        named(use, event, before, after, touches);
        struct(use, event, held, touches);
      }
      case PRINT_TEXT -> text(use, event, before, after, touches);
      case RAW_ARGS, PINNED_KERNEL -> {}
    }
    return touches;
  }

  private static Change parameters(EventCase event) {
    return change(event, ChangeKind.PARAMETERS)
        .orElseGet(() ->
            new Change(
                ChangeKind.PARAMETERS,
                "",
                0,
                ParameterFits.text(event.before(), event.name()),
                ParameterFits.text(event.after(), event.name())));
  }

  private static void ofKind(ChangeKind kind, EventCase event, List<Touch> touches) {
    change(event, kind).ifPresent(change -> touches.add(new Touch(change, false)));
  }

  private static Optional<Change> change(EventCase event, ChangeKind kind) {
    return event.changes().stream().filter(change -> change.kind() == kind).findFirst();
  }

  /// Fields that are found by name: a field is touched unless the tool finds it under another of
  /// its names now.
  private static void named(
      EventUse use, EventCase event, Layout before, Layout after, List<Touch> touches) {
    for (FieldUse field : use.fields()) {
      Field was = find(use.access(), before, field);
      Field is = find(use.access(), after, field);
      boolean otherName = was != null && is != null && !(was.name().equals(is.name()));
      if (was == null || otherName) {
        continue;
      }
      for (Change change : event.changes()) {
        if (concerns(change, was) && touchesNamed(use.access(), change, field, was, is, after)) {
          touches.add(new Touch(declared(change, was, is), field.optional()));
        }
      }
    }
  }

  private static boolean touchesNamed(
      AccessClass access,
      Change change,
      FieldUse use,
      Field was,
      @Nullable Field is,
      Layout after) {
    return switch (change.kind()) {
      // Why: text is text whatever its length and wherever it lies, and so are sets of bits, whose
      // length is the configured number of CPUs.
      case FIELD_LENGTH -> !isSelfSized(was.kind());
      case FIELD_STORAGE -> access == AccessClass.BTF_STRUCT || !isSelfSized(was.kind());
      case FIELD_SYMBOLS ->
          is != null && use.interpretsValues() && !SymbolLosses.between(was, is, after).isEmpty();
      default -> true;
    };
  }

  private static boolean isSelfSized(FieldKind kind) {
    return kind == FieldKind.STRING || kind == FieldKind.BITMASK;
  }

  /// @param access of a struct's member, whose name may say how the field is stored
  private static @Nullable Field find(AccessClass access, Layout layout, FieldUse use) {
    if (access != AccessClass.BTF_STRUCT) {
      return LayoutFields.named(layout, use);
    }
    for (String name : use.names()) {
      Field field = LayoutFields.named(layout, StructFits.fieldName(name), 0);
      if (field != null) {
        return field;
      }
    }
    return null;
  }

  private static boolean concerns(Change change, Field field) {
    return change.field().equals(field.name()) && change.occurrence() == field.occurrence();
  }

  /// A move is told with both declarations; other changes have them.
  private static Change declared(Change change, Field was, @Nullable Field is) {
    boolean moved =
        change.kind() == ChangeKind.FIELD_MOVED || change.kind() == ChangeKind.COMMON_FIELD_MOVED;
    return moved && is != null
        ? new Change(
            change.kind(),
            change.field(),
            change.occurrence(),
            was.declaration() + " (" + change.from() + ")",
            is.declaration() + " (" + change.to() + ")")
        : change;
  }

  /// Fields that are counted: also touched by what comes or goes among them, or at all where their
  /// number is exact.
  private static void positional(
      EventUse use, EventCase event, Layout before, Layout after, List<Touch> touches) {
    named(use, event, before, after, touches);
    int used = use.fields().size();
    for (Change change : event.changes()) {
      switch (change.kind()) {
        case FIELD_ADDED -> {
          int at = index(after, change);
          if (use.exactCount() || at >= 0 && at < used) {
            touches.add(new Touch(change, false));
          }
        }
        case FIELD_REMOVED -> {
          if (use.exactCount() && index(before, change) >= used) {
            touches.add(new Touch(change, false));
          }
        }
        case FIELD_ORDER -> {
          if (!firstThatStay(before, after, used).equals(firstThatStay(after, before, used))) {
            touches.add(new Touch(change, false));
          }
        }
        default -> {}
      }
    }
  }

  private static int index(Layout layout, Change change) {
    for (int i = 0; i < layout.fields().size(); i++) {
      if (concerns(change, layout.fields().get(i))) {
        return i;
      }
    }
    return -1;
  }

  /// The first fields of `one`, of those that `other` has, too.
  private static List<String> firstThatStay(Layout one, Layout other, int count) {
    Set<String> stay = new HashSet<>();
    other.fields().forEach(field -> stay.add(field.name() + "#" + field.occurrence()));
    return one.fields().stream()
        .map(field -> field.name() + "#" + field.occurrence())
        .filter(stay::contains)
        .limit(count)
        .toList();
  }

  /// Bytes: touched if they are no longer exactly a field's, or one's that holds something else.
  private static void byOffset(
      EventUse use, EventCase event, Layout before, Layout after, List<Touch> touches) {
    for (FieldUse field : use.fields()) {
      Place place = Objects.requireNonNull(field.place());
      Field was = LayoutFields.covering(before, field, place);
      if (was == null) {
        continue;
      }
      Field there = LayoutFields.covering(after, field, place);
      Field is = LayoutFields.named(after, was.name(), was.occurrence());
      boolean lost = there == null || isOther(field, was, there);
      for (Change change : event.changes()) {
        boolean touched =
            switch (change.kind()) {
              case BYTE_ORDER -> place.size() > 1 && Shape.of(was.kind()) != Shape.STRING;
              case FIELD_SYMBOLS ->
                  concerns(change, was)
                      && is != null
                      && is == there
                      && field.interpretsValues()
                      && !SymbolLosses.between(was, is, after).isEmpty();
              case FIELD_RENAMED -> concerns(change, was) && !lost;
              case FIELD_SIGNEDNESS -> lost && concerns(change, was) && place.signed().isPresent();
              case FIELD_SPELLING -> false;
              default -> lost && concerns(change, was);
            };
        if (touched) {
          touches.add(new Touch(declared(change, was, is), field.optional()));
        }
      }
    }
  }

  /// Whether what lies at the same bytes now is not what was read there.
  private static boolean isOther(FieldUse use, Field was, Field there) {
    return Shape.of(was.kind()) != Shape.of(there.kind())
        || was.placement() != there.placement()
        || use.nameMatters() && !LayoutFields.isNamed(there, use);
  }

  /// A struct that is gone, or a member that no change of a field explains.
  private static void struct(EventUse use, EventCase event, UseFit held, List<Touch> touches) {
    boolean explained =
        touches.stream()
            .anyMatch(touch ->
                !touch.optional()
                    && RuleTable.POLICY
                            .rule(touch.change().kind(), use.access(), event.stability())
                            .verdict()
                        == dev.tracery.registry.Compatibility.Verdict.BREAK);
    if (!held.holds() && !explained) {
      touches.add(
          new Touch(
              change(event, ChangeKind.STRUCT)
                  .orElse(
                      new Change(
                          ChangeKind.STRUCT,
                          "",
                          0,
                          "struct " + use.structName(),
                          held.explanation())),
              false));
    }
  }

  private void text(
      EventUse use, EventCase event, Layout before, Layout after, List<Touch> touches) {
    TextFits.Reading was = evaluator.reading(use, before);
    TextFits.Reading is = evaluator.reading(use, after);
    boolean whole = use.text() instanceof dev.tracery.consumer.TextUse.Whole;
    boolean differs = !was.isReadAlike(is);
    Optional<Change> print = change(event, ChangeKind.PRINT_FORMAT);
    if (print.isPresent() && (whole || differs)) {
      touches.add(new Touch(print.get(), false));
    }
    for (Change change : event.changes()) {
      if (change.kind() == ChangeKind.FIELD_SYMBOLS
          && (whole || print.isEmpty() && differs)
          && renames(event, change)) {
        touches.add(new Touch(change, false));
      }
    }
  }

  /// Whether a value has another name in the text, or none.
  private static boolean renames(EventCase event, Change change) {
    Optional<SymbolChange> symbols =
        event
            .detail()
            .flatMap(detail -> detail.layouts().symbolsOf(change.field(), change.occurrence()));
    return symbols.isEmpty()
        || !symbols.get().removed().isEmpty()
        || !symbols.get().renamed().isEmpty();
  }
}
