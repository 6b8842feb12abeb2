package dev.tracery.trace;

import dev.tracery.diagnostic.SourceLocation;
import java.io.IOException;

/// The pages of one CPU, one after the other. Not thread-safe.
interface PageSource {

  /// Copies the next page.
  ///
  /// @param page as large as a page
  /// @return how many of its bytes there are: fewer than `page` has where the input is cut; -1 at
  ///   the end
  int next(byte[] page) throws IOException;

  /// Where the last page, or in a compressed trace its chunk, begins in the input.
  SourceLocation here();

  /// The same, as a number that only grows.
  long position();

  /// How many bytes of the input were read.
  long consumed();
}
