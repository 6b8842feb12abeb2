package dev.tracery.registry.policy;

import dev.tracery.consumer.AccessClass;
import dev.tracery.registry.Compatibility.Stability;
import dev.tracery.registry.Compatibility.Verdict;
import dev.tracery.registry.Registry.ChangeKind;
import org.jspecify.annotations.Nullable;

/// Writes the rule table as a page for people.
final class RuleDocument {

  private RuleDocument() {}

  static String of(RuleTable table) {
    StringBuilder out = new StringBuilder();
    out.append("# The ABI rules\n\n");
    out.append(
        "<!-- Written by RuleTableTest from rules.txt; run it with -Dtracery.rewrite=true. -->\n\n");
    out.append(
        """
        What a change means for somebody whose claim it touches. What touches no claim is *compatible*, or what the
        last line of its table says. Where `STABLE` and `INTERNAL` differ, both are given. For `DYNAMIC` events, which a user makes at run
        time, every cell is *compatible*: there is no policy.

        | access class | how the tool reads |
        |---|---|
        | `BY_NAME` | parses the format file and finds fields by name |
        | `BY_OFFSET` | hard-codes offsets and sizes |
        | `POSITIONAL` | takes fields by their place |
        | `BTF_STRUCT` | finds fields by name in the BTF struct of the event class |
        | `PRINT_TEXT` | parses the text that the print format makes |
        | `RAW_ARGS` | takes the tracepoint's parameters |
        | `PINNED_KERNEL` | is built for one exact kernel |
        | nobody | what is stable without any consumer |

        """);
    overview(out, table);
    for (ChangeKind kind : ChangeKind.values()) {
      out.append("\n## `").append(kind).append("`\n\n");
      out.append(
          "| access | verdict | why | what mends it, or what must be answered |\n|---|---|---|---|\n");
      for (AccessClass access : AccessClass.values()) {
        row(out, table, kind, access);
      }
      row(out, table, kind, null);
    }
    return out.toString();
  }

  private static void overview(StringBuilder out, RuleTable table) {
    out.append("| change |");
    for (AccessClass access : AccessClass.values()) {
      out.append(" `").append(access).append("` |");
    }
    out.append(" nobody | nobody, `STABLE` |\n|---|");
    out.append("---|".repeat(AccessClass.values().length + 2)).append('\n');
    for (ChangeKind kind : ChangeKind.values()) {
      out.append("| [`")
          .append(kind)
          .append("`](#")
          .append(kind.name().toLowerCase(java.util.Locale.ROOT))
          .append(") |");
      for (AccessClass access : AccessClass.values()) {
        out.append(' ').append(mark(table.rule(kind, access, Stability.INTERNAL))).append(" |");
      }
      out.append(' ').append(mark(table.rule(kind, null, Stability.INTERNAL))).append(" |");
      out.append(' ').append(mark(table.rule(kind, null, Stability.STABLE))).append(" |\n");
    }
  }

  private static String mark(Rule rule) {
    return rule.verdict() == Verdict.COMPATIBLE ? "·" : word(rule.verdict());
  }

  private static void row(
      StringBuilder out, RuleTable table, ChangeKind kind, @Nullable AccessClass access) {
    Rule internal = table.rule(kind, access, Stability.INTERNAL);
    Rule stable = table.rule(kind, access, Stability.STABLE);
    String name = access == null ? "nobody" : "`" + access + "`";
    if (internal.verdict() != stable.verdict()) {
      row(out, name + ", `STABLE`", stable);
    }
    row(out, name, internal);
  }

  private static void row(StringBuilder out, String name, Rule rule) {
    out.append("| ")
        .append(name)
        .append(" | ")
        .append(word(rule.verdict()))
        .append(" | ")
        .append(names(rule.why()))
        .append(" | ")
        .append(names(rule.mending()))
        .append(" |\n");
  }

  private static String names(String sentence) {
    String filled = Rule.fill(sentence, "the tool", "the event", "the field");
    return filled.isEmpty() ? "" : Character.toUpperCase(filled.charAt(0)) + filled.substring(1);
  }

  private static String word(Verdict verdict) {
    return switch (verdict) {
      case BREAK -> "**break**";
      case REVIEW -> "*review*";
      case UNUSED -> "compatible, unused";
      case WAIVED -> "waived";
      case COMPATIBLE -> "compatible";
    };
  }
}
