package dev.tracery.diagnostic;

/// A place in an input.
///
/// @param file as its reader names it: `sched/sched_switch/format`, `trace.dat`
/// @param line from 1; 0 where the input has no lines, or the place is the whole file
/// @param column in bytes from 1; 0 as for `line`
/// @param byteOffset from the file's start, from 0
public record SourceLocation(String file, int line, int column, long byteOffset) {

  /// A place in a text file.
  public static SourceLocation inText(String file, int line, int column, long byteOffset) {
    return new SourceLocation(file, line, column, byteOffset);
  }

  /// A place in a binary file.
  public static SourceLocation inBinary(String file, long byteOffset) {
    return new SourceLocation(file, 0, 0, byteOffset);
  }

  /// `file:line:column`, or `file@offset` in a binary file; `file` alone for the whole of it or its
  /// beginning.
  @Override
  public String toString() {
    if (line > 0) {
      return file + ":" + line + ":" + column;
    }
    return byteOffset == 0 ? file : file + "@" + byteOffset;
  }
}
