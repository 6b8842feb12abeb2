package dev.tracery.compiler.syntax;

import dev.tracery.compiler.FormatLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the lines of one format file: header, field lines, and where the print format begins and
/// ends. After a problem it goes on with the next line. Use it once.
///
/// The grammar is what `f_show` of the kernel writes (kernel/trace/trace_events.c), and what
/// kernels before 2.6.39 wrote: no `signed:` column, `field special:`.
public final class FormatParser {

  private static final byte[] NAME = ascii("name:");
  private static final byte[] ID = ascii("ID:");
  private static final byte[] FORMAT = ascii("format:");
  private static final byte[] PRINT = ascii("print fmt:");
  private static final int LONGEST_NAME = 255;
  private static final int LARGEST_ID = 65_535;

  private final byte[] text;
  private final int end;
  private final FormatLimits limits;
  private final StringCache names;
  private final FieldLineParser fieldLines;
  private final @Nullable CommonBlock known;
  private final Problems problems;

  private final List<FieldSyntax> fields = new ArrayList<>();
  private List<FieldSyntax> commonFields = new ArrayList<>();
  private boolean hasControls;
  private @Nullable String name;
  private boolean idSeen;
  private int id = -1;
  private int idAt;
  private boolean formatSeen;
  private boolean tooManyFields;
  private boolean firstBlock = true;
  private int commonStart;
  private int commonEnd;

  /// @param known a block to compare with; may be null
  public FormatParser(
      byte[] text,
      FormatLimits limits,
      StringCache names,
      TypeCache types,
      @Nullable CommonBlock known,
      Problems problems) {
    this.text = text;
    this.end = trimmedEnd(text);
    this.limits = limits;
    this.names = names;
    this.fieldLines = new FieldLineParser(text, names, types, problems);
    this.known = known;
    this.problems = problems;
  }

  /// Reads the file.
  public FormatSyntax parse() {
    if (end == 0) {
      problems.report(DiagnosticCode.FORMAT_EMPTY, 0, "expected a format but the file is empty");
    } else {
      findControls();
    }
    int printStart = -1;
    int at = 0;
    while (at < end) {
      if (startsWith(PRINT, at)) {
        printStart = printStart(at);
        break;
      }
      at = line(at);
    }
    if (end > 0) {
      checkComplete(printStart >= 0);
    }
    return new FormatSyntax(
        name == null ? "" : name,
        id,
        idAt,
        commonFields,
        fields,
        commonStart,
        commonEnd,
        printStart,
        end);
  }

  /// Reads one line.
  ///
  /// @return where the next one begins
  private int line(int at) {
    int lineEnd = lineEnd(at);
    if (hasControls && hasControl(at, lineEnd)) {
      skipDamaged(at);
      return lineEnd + 1;
    }
    byte first = text[at];
    if (first == '\t' || first == ' ') {
      fieldLine(at, lineEnd);
    } else if (first == '\n') {
      if (formatSeen && firstBlock && !(commonFields.isEmpty() && fields.isEmpty())) {
        firstBlock = false;
        // Why: a block that has the event's own fields in it, too, is no other event's.
        commonEnd = fields.isEmpty() ? lineEnd + 1 : commonStart;
      }
    } else if (startsWith(NAME, at)) {
      nameLine(at, lineEnd);
    } else if (startsWith(ID, at)) {
      idLine(at, lineEnd);
    } else if (startsWith(FORMAT, at)) {
      return formatLine(at, lineEnd);
    } else {
      problems.report(
          DiagnosticCode.LINE_UNEXPECTED,
          at,
          "expected "
              + (formatSeen ? "a field line or \"print fmt:\"" : "name, ID and format")
              + " but found "
              + Problems.quoted(text, at, lineEnd));
    }
    return lineEnd + 1;
  }

  private void nameLine(int at, int lineEnd) {
    if (name != null || formatSeen) {
      misplaced(at, "name:", name != null);
    }
    int start = skipBlanks(at + NAME.length, lineEnd);
    int stop = trimBlanks(start, lineEnd);
    name = "";
    if (start == stop) {
      problems.report(
          DiagnosticCode.NAME_INVALID, start, "expected the event's name but found none");
      return;
    }
    if (stop - start > LONGEST_NAME) {
      problems.report(
          DiagnosticCode.NAME_INVALID,
          start,
          "the event's name has " + (stop - start) + " bytes; at most 255 are allowed");
      return;
    }
    for (int i = start; i < stop; i++) {
      byte b = text[i];
      if (b <= ' ' || b == 0x7f || b == '/' || b == '*' || b == '?' || b == ':') {
        problems.report(
            DiagnosticCode.NAME_INVALID,
            i,
            "an event's name cannot have " + Problems.quoted(text, i, i + 1) + " in it");
        return;
      }
    }
    name = names.get(text, start, stop);
    if (name.equals(".") || name.equals("..")) {
      problems.report(
          DiagnosticCode.NAME_INVALID, start, "an event's name cannot be \"" + name + "\"");
    }
  }

  private void idLine(int at, int lineEnd) {
    if (idSeen || formatSeen) {
      misplaced(at, "ID:", idSeen);
    }
    idSeen = true;
    idAt = skipBlanks(at + ID.length, lineEnd);
    int stop = trimBlanks(idAt, lineEnd);
    int value = 0;
    boolean valid = stop > idAt;
    for (int i = idAt; i < stop && valid; i++) {
      valid = Ascii.isDigit(text[i]);
      value = value * 10 + (text[i] - '0');
      valid &= value <= LARGEST_ID;
    }
    if (valid) {
      id = value;
    } else {
      problems.report(
          DiagnosticCode.ID_INVALID,
          idAt,
          "expected a number from 0 to 65535 but found " + Problems.quoted(text, idAt, stop));
    }
  }

  /// @return where the next line begins: after the common fields if they are known ones
  private int formatLine(int at, int lineEnd) {
    if (formatSeen) {
      misplaced(at, "format:", true);
      return lineEnd + 1;
    }
    formatSeen = true;
    int rest = at + FORMAT.length;
    if (trimBlanks(rest, lineEnd) > rest) {
      problems.report(
          DiagnosticCode.LINE_UNEXPECTED,
          rest,
          "expected the line's end but found " + Problems.quoted(text, rest, lineEnd));
    }
    commonStart = Math.min(lineEnd + 1, end);
    commonEnd = commonStart;
    if (known == null || !startsWith(known.text(), commonStart)) {
      return lineEnd + 1;
    }
    commonFields = known.fields();
    commonEnd = commonStart + known.text().length;
    firstBlock = false;
    return commonEnd;
  }

  private void fieldLine(int at, int lineEnd) {
    if (!formatSeen) {
      problems.report(
          DiagnosticCode.LINE_MISPLACED, at, "expected \"format:\" before the first field line");
      formatSeen = true;
    }
    if (commonFields.size() + fields.size() >= limits.maxFields()) {
      if (!tooManyFields) {
        tooManyFields = true;
        problems.report(
            DiagnosticCode.FIELDS_TOO_MANY,
            at,
            "the format has more than " + limits.maxFields() + " fields",
            "the limit is configuration");
      }
      return;
    }
    FieldSyntax field = fieldLines.parse(at, lineEnd);
    if (field == null) {
      return;
    }
    if (firstBlock && isCommon(field)) {
      commonFields.add(field);
    } else {
      fields.add(field);
    }
  }

  private static boolean isCommon(FieldSyntax field) {
    return field.name().startsWith("common_");
  }

  private int printStart(int at) {
    if (!formatSeen) {
      misplaced(at, "print fmt:", false);
      formatSeen = true;
    }
    return skipBlanks(at + PRINT.length, end);
  }

  private void checkComplete(boolean printSeen) {
    if (name == null) {
      missing(0, "name:");
    }
    if (!idSeen) {
      missing(0, "ID:");
    }
    if (!formatSeen) {
      missing(end, "format:");
    }
    if (!printSeen) {
      missing(end, "print fmt:");
    }
  }

  private void missing(int at, String what) {
    problems.report(
        DiagnosticCode.LINE_MISSING,
        at,
        "expected a line \"" + what + "\" but the file has none",
        at == end ? "the file may be truncated" : "");
  }

  private void misplaced(int at, String what, boolean again) {
    problems.report(
        DiagnosticCode.LINE_MISPLACED,
        at,
        again
            ? "expected one line \"" + what + "\" but found another"
            : "expected \"" + what + "\" before \"format:\" but found it here");
  }

  /// A line with control characters was reported; it still counts as the line that it was.
  private void skipDamaged(int at) {
    if (startsWith(NAME, at)) {
      name = name == null ? "" : name;
    } else if (startsWith(ID, at)) {
      idSeen = true;
    } else if (startsWith(FORMAT, at)) {
      formatSeen = true;
    }
  }

  private void findControls() {
    for (int i = 0; i < end; i++) {
      if (!Ascii.isControl(text[i])) {
        continue;
      }
      hasControls = true;
      int last = i + 1;
      while (last < end && Ascii.isControl(text[last])) {
        last++;
      }
      String what = text[i] == 0 ? "a NUL" : String.format("the control character 0x%02x", text[i]);
      problems.report(
          DiagnosticCode.FORMAT_HAS_CONTROL_CHARACTER,
          i,
          "expected text but found " + what + (last - i > 1 ? " and more" : ""),
          text[i] == '\r' ? "line ends must be single line feeds" : "");
      i = last;
    }
  }

  private boolean hasControl(int start, int stop) {
    for (int i = start; i < stop; i++) {
      if (Ascii.isControl(text[i])) {
        return true;
      }
    }
    return false;
  }

  private boolean startsWith(byte[] prefix, int at) {
    return at + prefix.length <= end
        && text[at] == prefix[0]
        && Arrays.equals(text, at, at + prefix.length, prefix, 0, prefix.length);
  }

  private int lineEnd(int at) {
    int i = at;
    while (i < end && text[i] != '\n') {
      i++;
    }
    return i;
  }

  private int skipBlanks(int from, int to) {
    int i = from;
    while (i < to && Ascii.isBlank(text[i])) {
      i++;
    }
    return i;
  }

  private int trimBlanks(int from, int to) {
    int i = to;
    while (i > from && Ascii.isBlank(text[i - 1])) {
      i--;
    }
    return i;
  }

  private static int trimmedEnd(byte[] text) {
    int end = text.length;
    while (end > 0 && (text[end - 1] == '\n' || text[end - 1] == 0)) {
      end--;
    }
    return end;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
