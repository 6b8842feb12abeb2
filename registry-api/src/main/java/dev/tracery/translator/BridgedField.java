package dev.tracery.translator;

import dev.tracery.model.EventName;

/// One field of an event under the name that a tool knows, and what fills it where a kernel does
/// not have it. Where a kernel has the field, the bridge is not used; where it lacks the source,
/// too, the bridge does not apply.
///
/// An integer may be computed: `((source >> shiftRight) & mask) * multiply / divide + add`, each
/// part left out where its number is 0, in 64 bits that wrap. Shift and division are arithmetic
/// where the source is signed, and unsigned otherwise; the division rounds towards zero. Strings,
/// bytes, arrays and bitmasks can be renamed only.
///
/// @param event the event, whose name did not change
/// @param name the field that is filled, which some kernel that the registry knows must have: its
///   kind, and the number that it has in the event's messages, are that field's
/// @param source the field of the record that has the value, a common one or the event's own
/// @param shiftRight by how many bits the value is shifted: 0 to 63
/// @param mask which bits are kept after that
/// @param multiply what the value is multiplied with
/// @param divide what the product is divided by
/// @param add what is added in the end
public record BridgedField(
    EventName event,
    String name,
    String source,
    int shiftRight,
    long mask,
    long multiply,
    long divide,
    long add) {

  private static final int MAX_SHIFT = 63;
  private static final int MAX_NAME = 255;

  /// @throws IllegalArgumentException if a name is empty, too long or has blanks, both are the same
  ///   or the shift is out of range
  public BridgedField {
    check("name", name);
    check("source", source);
    if (name.equals(source)) {
      throw new IllegalArgumentException(
          event
              + "."
              + name
              + " cannot be filled from itself: a kernel that has it needs no bridge");
    }
    if (shiftRight < 0 || shiftRight > MAX_SHIFT) {
      throw new IllegalArgumentException(
          event + "." + name + ": expected a shift of 0 to 63 bits but found " + shiftRight);
    }
  }

  /// A field that has the value of another: it was renamed.
  ///
  /// @param event `system/name`
  /// @throws IllegalArgumentException if a name is none
  public static BridgedField renamed(String event, String name, String source) {
    return new BridgedField(EventName.parse(event), name, source, 0, 0, 0, 0, 0);
  }

  /// The same of the bits from `bits` on.
  public BridgedField shiftedRight(int bits) {
    require("shiftedRight", shiftRight == 0 && mask == 0 && isUnscaled());
    return new BridgedField(event, name, source, bits, mask, multiply, divide, add);
  }

  /// The same of these bits only, after the shift.
  public BridgedField masked(long bits) {
    require("masked", mask == 0 && isUnscaled());
    return new BridgedField(
        event, name, source, shiftRight, notZero("masked", bits), multiply, divide, add);
  }

  /// The same in a unit that is smaller by this factor.
  public BridgedField times(long factor) {
    require("times", isUnscaled());
    return new BridgedField(
        event, name, source, shiftRight, mask, notZero("times", factor), divide, add);
  }

  /// The same in a unit that is larger by this factor; a rest is dropped.
  public BridgedField dividedBy(long divisor) {
    require("dividedBy", divide == 0 && add == 0);
    return new BridgedField(
        event, name, source, shiftRight, mask, multiply, notZero("dividedBy", divisor), add);
  }

  /// The same and this much more.
  public BridgedField plus(long summand) {
    require("plus", add == 0);
    return new BridgedField(event, name, source, shiftRight, mask, multiply, divide, summand);
  }

  /// Whether the value is the source's as it is.
  public boolean isRename() {
    return shiftRight == 0 && mask == 0 && isUnscaled();
  }

  /// What fills the field: `length * 512`, `(flags >> 4) & 0xf`.
  public String formula() {
    StringBuilder text = new StringBuilder(source);
    if (shiftRight != 0) {
      text.append(" >> ").append(shiftRight);
    }
    if (mask != 0) {
      enclose(text, shiftRight != 0);
      text.append(" & 0x").append(Long.toHexString(mask));
    }
    if (multiply != 0) {
      enclose(text, shiftRight != 0 || mask != 0);
      text.append(" * ").append(multiply);
    }
    if (divide != 0) {
      enclose(text, multiply == 0 && (shiftRight != 0 || mask != 0));
      text.append(" / ").append(divide);
    }
    if (add != 0) {
      enclose(text, multiply == 0 && divide == 0 && (shiftRight != 0 || mask != 0));
      text.append(add < 0 ? " - " : " + ").append(Long.toUnsignedString(Math.abs(add)));
    }
    return text.toString();
  }

  /// `system/name.field`.
  @Override
  public String toString() {
    return event + "." + name;
  }

  private boolean isUnscaled() {
    return multiply == 0 && divide == 0 && add == 0;
  }

  private static void enclose(StringBuilder text, boolean needed) {
    if (needed) {
      text.insert(0, '(').append(')');
    }
  }

  /// The steps are done in one order, so they must be said in it.
  private void require(String step, boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException(
          this
              + ": "
              + step
              + " comes too late or twice; the order is shiftedRight, masked, times, dividedBy,"
              + " plus, each once");
    }
  }

  private long notZero(String step, long value) {
    if (value == 0) {
      throw new IllegalArgumentException(this + ": " + step + "(0) leaves no value");
    }
    return value;
  }

  private static void check(String what, String text) {
    if (text.isBlank() || text.length() > MAX_NAME || text.chars().anyMatch(c -> c <= ' ')) {
      throw new IllegalArgumentException(
          "the "
              + what
              + " of a bridged field must be a field's name but is \""
              + (text.length() > MAX_NAME ? text.substring(0, MAX_NAME) + "…" : text)
              + "\"");
    }
  }
}
