package dev.tracery.it;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A format that must be refused.
///
/// @param what what is wrong, which is also the event's name
/// @param text the format file
/// @param found what must be said of it: `LINE:COLUMN: error CODE`
record BadFormat(String what, byte[] text, String found) {

  /// What is said when the text is good.
  private static final String GOOD =
      """
      name: NAME
      ID: 321
      format:
      \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
      \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
      \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
      \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

      \tfield:char comm[16];\toffset:8;\tsize:16;\tsigned:1;
      \tfield:pid_t pid;\toffset:24;\tsize:4;\tsigned:1;

      print fmt: "comm=%s pid=%d", REC->comm, REC->pid
      """;

  private static final String PID = "\tfield:pid_t pid;\toffset:24;\tsize:4;\tsigned:1;\n";

  /// One of each kind.
  static List<BadFormat> all() {
    return List.of(
        cut("truncated_in_a_field", GOOD.indexOf("pid_t pid;\toff"), "10:8: error FIELD_GARBLED"),
        cut("truncated_before_print", GOOD.indexOf("print fmt"), "10:47: error LINE_MISSING"),
        changed("no_offset", "pid;\toffset:24;", "pid;", "10:19: error FIELD_COLUMN_MISSING"),
        changed("overlap", "offset:24", "offset:20", "10:2: error FIELD_OVERLAPS"),
        changed(
            "beyond",
            "offset:24",
            "offset:65533",
            "error FIELD_BEYOND_RECORD: pid ends at byte 65537"),
        changed(
            "huge_offset", "offset:24", "offset:99999999999", "10:26: error FIELD_NUMBER_INVALID"),
        changed(
            "huge_size",
            "offset:24;\tsize:4",
            "offset:24;\tsize:70000",
            "error FIELD_BEYOND_RECORD: pid ends at byte 70024"),
        changed(
            "control_name",
            "pid_t pid",
            "pid_t p\u0001d",
            "10:15: error FORMAT_HAS_CONTROL_CHARACTER"),
        changed("nul", "pid_t pid", "pid_t p\0d", "10:15: error FORMAT_HAS_CONTROL_CHARACTER"),
        changed(
            "unbalanced_bracket",
            "REC->pid\n",
            "(REC->pid\n",
            "12:41: error PRINT_BRACKET_UNBALANCED"),
        changed("unbalanced_quote", "pid=%d\"", "pid=%d", "12:12: error PRINT_STRING_UNTERMINATED"),
        changed("many_fields", PID, manyFields(20_000), "error FIELDS_TOO_MANY"),
        new BadFormat("empty", new byte[0], "1:1: error FORMAT_EMPTY"));
  }

  /// A good format of this name.
  static byte[] good(String name) {
    return GOOD.replace("NAME", name).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static BadFormat changed(String what, String from, String to, String found) {
    String text = GOOD.replace("NAME", what);
    if (!text.contains(from)) {
      throw new IllegalArgumentException(what);
    }
    return new BadFormat(what, text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1), found);
  }

  private static BadFormat cut(String what, int length, String found) {
    byte[] whole = GOOD.getBytes(StandardCharsets.ISO_8859_1);
    String text = new String(Arrays.copyOf(whole, length), StandardCharsets.ISO_8859_1);
    return new BadFormat(
        what, text.replace("NAME", what).getBytes(StandardCharsets.ISO_8859_1), found);
  }

  /// Fields of no bytes, which do not overlap however many there are.
  private static String manyFields(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\tfield:u8 f%d;\toffset:24;\tsize:0;\tsigned:0;\n".formatted(i))
        .collect(Collectors.joining());
  }

  @Override
  public String toString() {
    return what;
  }
}
