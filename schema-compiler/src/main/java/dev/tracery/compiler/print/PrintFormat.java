package dev.tracery.compiler.print;

import java.util.List;
import java.util.Optional;

/// The print format of an event.
///
/// @param text the text after `print fmt: `, verbatim
/// @param tree what it says; empty if it is no C that is understood, for which there is a
///   diagnostic
public record PrintFormat(String text, Optional<Tree> tree) {

  /// A print format that is kept as text.
  public PrintFormat(String text) {
    this(text, Optional.empty());
  }

  /// A format string and its arguments.
  ///
  /// @param format as for `printf`, escapes decoded
  /// @param arguments in their order
  public record Tree(String format, List<Expression> arguments) {
    public Tree {
      arguments = List.copyOf(arguments);
    }
  }
}
