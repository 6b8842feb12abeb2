package dev.tracery.registry.diff;

import java.util.List;

/// What of an event's text changed: both texts in pieces, each of which the other text has, too, or
/// not.
///
/// @param before the pieces of the old text, in their order
/// @param after those of the new
public record PrintDiff(List<Piece> before, List<Piece> after) {

  public PrintDiff {
    before = List.copyOf(before);
    after = List.copyOf(after);
  }

  /// A piece of a text.
  public sealed interface Piece {

    /// As the print format has it.
    String text();

    /// Whether the other text does not have it here.
    boolean changed();
  }

  /// What is printed as it is: ` prev_pid=`. Where only a part of what stands between two values
  /// changed, the part is a piece of its own.
  public record Literal(String text, boolean changed) implements Piece {}

  /// What is printed for values.
  ///
  /// @param conversion `%-16s`; lengths such as the `ll` of `%llu` are left out
  /// @param arguments what is printed, in C: `REC->prev_state`. More than one where the conversion
  ///   takes its width from one
  public record Value(String conversion, List<String> arguments, boolean changed) implements Piece {
    public Value {
      arguments = List.copyOf(arguments);
    }

    @Override
    public String text() {
      return conversion;
    }
  }

  /// A print format, or a part of it, that is no C that is understood: what it prints is not known.
  public record Source(String text, boolean changed) implements Piece {}
}
