package dev.tracery.render.evaluate;

import dev.tracery.render.TextBuffer;

/// A node whose value is a string that it makes itself, as the kernel's helpers do. Where only the
/// text is wanted it goes straight to where it is printed.
///
/// @param text appends the string
record TextNode(Text text) implements Node {

  /// What appends a string.
  @FunctionalInterface
  interface Text {
    void append(Frame frame, TextBuffer out);
  }

  @Override
  public void write(Frame frame, TextBuffer out) {
    text.append(frame, out);
  }

  @Override
  public long eval(Frame frame) {
    return frame.kept(this);
  }
}
