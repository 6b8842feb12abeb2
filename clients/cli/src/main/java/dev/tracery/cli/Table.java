package dev.tracery.cli;

import java.util.ArrayList;
import java.util.List;

/// Columns of text. The first rows decide the widths; the rows after them are written as they come,
/// so that a listing of any length streams.
final class Table {

  private static final int ROWS_THAT_DECIDE = 1000;
  private static final String GAP = "  ";

  /// How a column is aligned.
  enum Align {
    LEFT,
    RIGHT
  }

  private final Output out;
  private final Palette palette;
  private final List<Align> aligns;
  private final List<List<String>> held = new ArrayList<>();
  private int @org.jspecify.annotations.Nullable [] widths;

  private boolean empty = true;

  Table(Output out, Palette palette, List<Align> aligns, List<String> header) {
    this.out = out;
    this.palette = palette;
    this.aligns = aligns;
    held.add(header);
  }

  /// Whether there was no row yet.
  boolean isEmpty() {
    return empty;
  }

  void row(String... cells) {
    empty = false;
    List<String> row = List.of(cells);
    if (widths != null) {
      write(row, widths, false);
      return;
    }
    held.add(row);
    if (held.size() > ROWS_THAT_DECIDE) {
      writeHeld();
    }
  }

  /// Writes what is left.
  void end() {
    if (widths == null) {
      writeHeld();
    }
  }

  private void writeHeld() {
    int[] decided = new int[aligns.size()];
    for (List<String> row : held) {
      for (int i = 0; i < row.size(); i++) {
        decided[i] = Math.max(decided[i], row.get(i).length());
      }
    }
    widths = decided;
    for (int i = 0; i < held.size(); i++) {
      write(held.get(i), decided, i == 0);
    }
    held.clear();
  }

  private void write(List<String> row, int[] decided, boolean header) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      String cell = row.get(i);
      String pad = " ".repeat(Math.max(0, decided[i] - cell.length()));
      line.append(i == 0 ? "" : GAP);
      line.append(aligns.get(i) == Align.RIGHT ? pad + cell : cell + pad);
    }
    String text = line.toString().stripTrailing();
    out.line(header ? palette.heading(text) : text);
  }
}
