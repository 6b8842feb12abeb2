package dev.tracery.cli;

/// `NAME` or `NAME/VERSION`.
///
/// @param version empty where none is named
record ToolName(String name, String version) {

  static ToolName parse(String text) {
    int slash = text.indexOf('/');
    ToolName parsed =
        slash < 0
            ? new ToolName(text, "")
            : new ToolName(text.substring(0, slash), text.substring(slash + 1));
    if (parsed.name.isEmpty() || (slash >= 0 && parsed.version.isEmpty())) {
      throw CommandFailure.wrongUse("expected NAME or NAME/VERSION but found '" + text + "'");
    }
    return parsed;
  }
}
