package dev.tracery.cli;

import picocli.CommandLine.Option;

/// How a command writes its answer.
final class OutputFormat {

  private enum Form {
    text,
    json
  }

  @Option(
      names = "--output",
      paramLabel = "text|json",
      description = "Text for people, or JSON: one object a line. Default: text.")
  private Form form = Form.text;

  boolean json() {
    return form == Form.json;
  }
}
