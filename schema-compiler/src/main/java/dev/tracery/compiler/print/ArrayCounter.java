package dev.tracery.compiler.print;

/// How many elements an array has by what stands in its brackets, which is any constant expression:
/// `16`, `30+1`, `(48) + 10`. What newer kernels print is a number.
public final class ArrayCounter {

  private final PrintParser parser;
  private final ConstantFolder folder;

  /// Counts with these.
  public ArrayCounter(PrintParser parser, ConstantFolder folder) {
    this.parser = parser;
    this.folder = folder;
  }

  /// The number of elements.
  ///
  /// @param brackets the text between the brackets
  /// @return -1 where it is no constant, not positive, or beyond an int
  public int count(String brackets) {
    Constant count = parser.expression(brackets).map(folder::fold).orElse(null);
    return count == null || count.value() <= 0 || count.value() > Integer.MAX_VALUE
        ? -1
        : (int) count.value();
  }
}
