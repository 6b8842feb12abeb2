package dev.tracery.registry.diff;

import dev.tracery.compiler.FormatCompiler;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.model.Target;
import java.nio.charset.StandardCharsets;

/// Layouts of little format files.
public final class TestLayouts {

  /// The common fields that every kernel has.
  public static final String COMMON =
      """
      unsigned short common_type;0;2;0
      unsigned char common_flags;2;1;0
      unsigned char common_preempt_count;3;1;0
      int common_pid;4;4;1
      """;

  private TestLayouts() {}

  /// A layout of lines `declaration;offset;size` or `declaration;offset;size;signed`.
  public static Layout of(String fields) {
    return of(Target.LITTLE_64, COMMON, fields, "\"x\"");
  }

  public static Layout of(Target target, String fields) {
    return of(target, COMMON, fields, "\"x\"");
  }

  public static Layout printing(String printFormat, String fields) {
    return of(Target.LITTLE_64, COMMON, fields, printFormat);
  }

  /// With further common fields.
  public static Layout withCommon(String common, String fields) {
    return of(Target.LITTLE_64, COMMON + common, fields, "\"x\"");
  }

  /// @param common lines of all common fields
  public static Layout of(Target target, String common, String fields, String printFormat) {
    String text =
        "name: event\nID: 1\nformat:\n"
            + lines(common)
            + "\n"
            + lines(fields)
            + "\nprint fmt: "
            + printFormat
            + "\n";
    FormatCompiler.Result result =
        new FormatCompiler().compile("event/format", text.getBytes(StandardCharsets.UTF_8), target);
    return result.layout().orElseThrow(() -> new AssertionError(result.diagnostics().toString()));
  }

  private static String lines(String fields) {
    StringBuilder out = new StringBuilder();
    fields
        .lines()
        .filter(line -> !line.isBlank())
        .forEach(line -> {
          String[] parts = line.split(";");
          out.append("\tfield:").append(parts[0]);
          out.append(";\toffset:").append(parts[1]);
          out.append(";\tsize:").append(parts[2]).append(";");
          out.append(parts.length > 3 ? "\tsigned:" + parts[3] + ";\n" : "\n");
        });
    return out.toString();
  }
}
