package dev.tracery.registry.diff;

import dev.tracery.registry.diff.PrintDiff.Piece;
import java.util.List;

/// A part of what an event prints, small enough to be compared as a whole: a word, a blank or a
/// sign of the text, or what is printed for a conversion. Equal parts print the same.
sealed interface TextPart {

  record Word(String text) implements TextPart {}

  /// @param what is printed, written so that what prints the same is the same
  /// @param arguments the same for people
  record Conversion(String conversion, List<String> what, List<String> arguments)
      implements TextPart {

    Piece piece(boolean changed) {
      return new PrintDiff.Value(conversion, arguments, changed);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Conversion that
          && conversion.equals(that.conversion)
          && what.equals(that.what);
    }

    @Override
    public int hashCode() {
      return 31 * conversion.hashCode() + what.hashCode();
    }
  }
}
