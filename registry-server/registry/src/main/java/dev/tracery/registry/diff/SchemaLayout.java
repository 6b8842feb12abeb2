package dev.tracery.registry.diff;

import dev.tracery.compiler.FormatCompiler;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.lineage.SchemaField;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.compiler.print.PrintFormat;
import dev.tracery.model.Sha256;
import dev.tracery.model.Target;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Gives a schema version a layout, so that its print format can be read: a version has no bytes,
/// and its fields are words here.
final class SchemaLayout {

  private static final String HEAD =
      """
      name: version
      ID: 0
      format:
      \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;

      """;

  private SchemaLayout() {}

  /// A layout with the version's print format, which is kept as text where it cannot be read.
  static Layout of(SchemaVersion version) {
    StringBuilder text = new StringBuilder(HEAD);
    int offset = 8;
    Set<String> names = new HashSet<>();
    for (SchemaField field : version.fields()) {
      if (names.add(field.name())) {
        text.append("\tfield:u64 ").append(field.name()).append(";\toffset:").append(offset);
        text.append(";\tsize:8;\tsigned:0;\n");
        offset += 8;
      }
    }
    text.append("\nprint fmt: ").append(version.printFormat()).append('\n');
    return new FormatCompiler()
        .compile("version", text.toString().getBytes(StandardCharsets.UTF_8), Target.LITTLE_64)
        .layout()
        .orElseGet(() ->
            new Layout(
                new Sha256(0, 0, 0, 0),
                "version",
                Target.LITTLE_64,
                List.of(),
                List.of(),
                new PrintFormat(version.printFormat())));
  }
}
