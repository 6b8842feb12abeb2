package dev.tracery.registry.diff;

import dev.tracery.registry.diff.PrintDiff.Piece;
import java.util.List;

/// Writes for people what differs between two texts.
final class PrintTexts {

  private PrintTexts() {}

  static String from(PrintDiff diff) {
    return written(diff.before());
  }

  static String to(PrintDiff diff) {
    return written(diff.after());
  }

  private static String written(List<Piece> pieces) {
    return String.join("", pieces.stream().map(Piece::text).toList());
  }
}
