package dev.tracery.registry.policy;

import dev.tracery.consumer.AccessClass;
import dev.tracery.consumer.EventUse;
import dev.tracery.consumer.FieldUse;
import dev.tracery.consumer.FieldUse.Place;
import dev.tracery.consumer.Requirement;
import dev.tracery.consumer.TextUse;
import dev.tracery.model.EventName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Uses in few letters:
///
/// - `BY_NAME s/e: a, b|c, d?, e!, f#1, g@8:4s`: alternatives, optional, interpreted, the second of
///   that name, written against offset 8, size 4, signed (`u` is unsigned)
/// - `BY_OFFSET s/e: @8:4, a@8:4u, a@8:4=`: the last one's name matters
/// - `POSITIONAL s/e: a, b` and with the exact number `POSITIONAL s/e: a, b.`
/// - `BTF_STRUCT s/e trace_event_raw_e: a`
/// - `PRINT_TEXT s/e /regex/`, `PRINT_TEXT s/e a= b=`, `PRINT_TEXT s/e whole`
/// - `RAW_ARGS s/e (int, struct task_struct *)`
/// - `PINNED_KERNEL 6.1.0`
///
/// Uses of one requirement are parted by ` or `; a requirement that ends in ` (optional)` is so.
final class TestUses {

  private static final Pattern FIELD =
      Pattern.compile("([\\w|]*)(#\\d+)?(@(\\d+):(\\d+)([su])?)?([?!=]*)");

  private TestUses() {}

  static Requirement requirement(String text) {
    boolean optional = text.endsWith(" (optional)");
    String uses = optional ? text.substring(0, text.length() - " (optional)".length()) : text;
    return new Requirement(Arrays.stream(uses.split(" or ")).map(TestUses::use).toList(), optional);
  }

  static EventUse use(String text) {
    String[] words = text.split(" ", 3);
    AccessClass access = AccessClass.valueOf(words[0]);
    if (access == AccessClass.PINNED_KERNEL) {
      return new EventUse(null, access, List.of(), false, "", null, List.of(), words[1], null);
    }
    EventName event = EventName.parse(words[1].replace(":", ""));
    String rest = words.length > 2 ? words[2] : "";
    return switch (access) {
      case PRINT_TEXT ->
          new EventUse(event, access, List.of(), false, "", text(rest), List.of(), "", null);
      case RAW_ARGS ->
          new EventUse(
              event,
              access,
              List.of(),
              false,
              "",
              null,
              list(rest.substring(1, rest.length() - 1)).stream()
                  .map(type -> new EventUse.Parameter(type, ""))
                  .toList(),
              "",
              null);
      case BTF_STRUCT -> {
        int colon = rest.indexOf(':');
        String struct = colon < 0 ? rest : rest.substring(0, colon);
        String fields = colon < 0 ? "" : rest.substring(colon + 1);
        yield new EventUse(
            event, access, fields(fields), false, struct.strip(), null, List.of(), "", null);
      }
      default -> {
        boolean exact = rest.endsWith(".");
        String fields = exact ? rest.substring(0, rest.length() - 1) : rest;
        yield new EventUse(event, access, fields(fields), exact, "", null, List.of(), "", null);
      }
    };
  }

  private static TextUse text(String text) {
    if (text.equals("whole")) {
      return new TextUse.Whole();
    }
    if (text.startsWith("/")) {
      return new TextUse.Pattern(text.substring(1, text.length() - 1));
    }
    return new TextUse.Keys(
        Arrays.stream(text.split(" ")).map(key -> key.substring(0, key.length() - 1)).toList());
  }

  private static List<FieldUse> fields(String text) {
    List<FieldUse> fields = new ArrayList<>();
    for (String part : list(text)) {
      Matcher matcher = FIELD.matcher(part);
      if (!matcher.matches()) {
        throw new IllegalArgumentException(part);
      }
      String marks = matcher.group(7);
      fields.add(
          new FieldUse(
              matcher.group(1).isEmpty() ? List.of() : List.of(matcher.group(1).split("\\|")),
              marks.contains("?"),
              marks.contains("!"),
              matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2).substring(1)),
              matcher.group(3) == null
                  ? null
                  : new Place(
                      Integer.parseInt(matcher.group(4)),
                      Integer.parseInt(matcher.group(5)),
                      Optional.ofNullable(matcher.group(6)).map("s"::equals)),
              marks.contains("=")));
    }
    return fields;
  }

  private static List<String> list(String text) {
    return Arrays.stream(text.split(","))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }
}
