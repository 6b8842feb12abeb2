package dev.tracery.render.printf;

/// What stands between `%` and the end of a conversion (lib/vsprintf.c, format_decode).
///
/// @param flags of `-+ #0`
/// @param width -1 for none
/// @param widthArgument whether the width is an argument
/// @param precision -1 for none
/// @param precisionArgument whether the precision is an argument
/// @param length `hh`, `h`, `l`, `ll`, `z`, `t`, or empty
/// @param letter the conversion; `%` for a per cent sign
/// @param extension the letters and digits after `%p`
record Conversion(
    Flags flags,
    int width,
    boolean widthArgument,
    int precision,
    boolean precisionArgument,
    String length,
    char letter,
    String extension) {

  /// The flags.
  ///
  /// @param left `-`
  /// @param plus `+`
  /// @param space a blank
  /// @param special `#`
  /// @param zero `0`
  record Flags(boolean left, boolean plus, boolean space, boolean special, boolean zero) {

    Flags leftToo() {
      return new Flags(true, plus, space, special, zero);
    }
  }

  /// How many arguments come before the one that is printed.
  int starArguments() {
    return (widthArgument ? 1 : 0) + (precisionArgument ? 1 : 0);
  }
}
