package dev.tracery.registry.policy;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.consumer.FieldUse;
import dev.tracery.consumer.FieldUse.Place;
import dev.tracery.registry.diff.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the fields of a layout that a tool uses. An event's own fields go before the common ones.
final class LayoutFields {

  private LayoutFields() {}

  /// The field by the first of the names that is there.
  static @Nullable Field named(Layout layout, FieldUse use) {
    for (String name : use.names()) {
      Field field = named(layout, name, use.occurrence());
      if (field != null) {
        return field;
      }
    }
    return null;
  }

  static @Nullable Field named(Layout layout, String name, int occurrence) {
    Field field = named(layout.fields(), name, occurrence);
    return field == null ? named(layout.commonFields(), name, occurrence) : field;
  }

  private static @Nullable Field named(List<Field> fields, String name, int occurrence) {
    for (int i = 0; i < fields.size(); i++) {
      Field field = fields.get(i);
      if (field.occurrence() == occurrence && field.name().equals(name)) {
        return field;
      }
    }
    return null;
  }

  /// The field that covers exactly these bytes with this sign, one of the use's names preferred.
  static @Nullable Field covering(Layout layout, FieldUse use, Place place) {
    Field covering = null;
    for (List<Field> fields : List.of(layout.fields(), layout.commonFields())) {
      for (Field field : fields) {
        if (field.offset() == place.offset()
            && field.size() == place.size()
            && !signDiffers(field, place)) {
          if (isNamed(field, use)) {
            return field;
          }
          covering = covering == null ? field : covering;
        }
      }
    }
    return covering;
  }

  static boolean isNamed(Field field, FieldUse use) {
    return use.names().contains(field.name()) && field.occurrence() == use.occurrence();
  }

  /// A sign means something on integers only, and an unknown one is no other one.
  static boolean signDiffers(Field field, Place place) {
    return Shape.of(field.kind()).hasSign()
        && field.signed().isPresent()
        && place.signed().isPresent()
        && !field.signed().equals(place.signed());
  }

  static boolean signDiffers(Field field, Field other) {
    return Shape.of(field.kind()).hasSign()
        && Shape.of(other.kind()).hasSign()
        && field.signed().isPresent()
        && other.signed().isPresent()
        && !field.signed().equals(other.signed());
  }

  /// The declaration with its columns: `int prio (offset 28, 4 bytes, signed)`.
  static String described(Field field) {
    StringBuilder text = new StringBuilder(field.declaration());
    text.append(" (offset ").append(field.offset());
    text.append(field.size() == 1 ? ", 1 byte" : ", " + field.size() + " bytes");
    if (Shape.of(field.kind()).hasSign() && field.signed().isPresent()) {
      text.append(field.signed().get() ? ", signed" : ", unsigned");
    }
    return text.append(')').toString();
  }
}
