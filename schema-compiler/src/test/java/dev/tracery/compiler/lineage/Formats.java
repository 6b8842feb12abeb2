package dev.tracery.compiler.lineage;

import dev.tracery.compiler.FormatCompiler;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.model.Target;
import java.nio.charset.StandardCharsets;

/// Small format files for tests, compiled as real ones are.
public final class Formats {

  private Formats() {}

  /// A layout of these fields on a 64-bit little-endian kernel. A field is
  /// `declaration;size;signed`; offsets are made up.
  public static Layout of(String... fields) {
    return print("\"x\"", fields);
  }

  /// A layout with this print format.
  public static Layout print(String printFormat, String... fields) {
    return on(Target.LITTLE_64, printFormat, fields);
  }

  /// A layout on this target. A field without the third part has no `signed:` column.
  public static Layout on(Target target, String printFormat, String... fields) {
    StringBuilder text =
        new StringBuilder(
            """
            name: event
            ID: 1
            format:
            \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
            \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
            \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
            \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

            """);
    int offset = 8;
    for (String field : fields) {
      String[] parts = field.split(";");
      int size = Integer.parseInt(parts[1]);
      text.append("\tfield:").append(parts[0]);
      text.append(";\toffset:").append(offset).append(";\tsize:").append(size).append(";");
      if (parts.length > 2) {
        text.append("\tsigned:").append(parts[2]).append(";");
      }
      text.append("\n");
      offset += size;
    }
    text.append("\nprint fmt: ").append(printFormat).append("\n");
    var result =
        new FormatCompiler()
            .compile("event/format", text.toString().getBytes(StandardCharsets.UTF_8), target);
    return result.layout().orElseThrow(() -> new AssertionError(result.diagnostics().toString()));
  }
}
