package dev.tracery.cli;

/// Colours for a terminal, or none.
///
/// @param on whether there are any
record Palette(boolean on) {

  static Palette of(Console console) {
    return new Palette(console.colour());
  }

  String heading(String text) {
    return code("1", text);
  }

  String added(String text) {
    return code("32", text);
  }

  String removed(String text) {
    return code("31", text);
  }

  String changed(String text) {
    return code("33", text);
  }

  private String code(String sgr, String text) {
    return on ? "\u001b[" + sgr + "m" + text + "\u001b[0m" : text;
  }
}
