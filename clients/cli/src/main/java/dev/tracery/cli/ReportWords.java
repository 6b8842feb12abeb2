package dev.tracery.cli;

import dev.tracery.v1.AccessClass;
import dev.tracery.v1.Change;
import dev.tracery.v1.ClaimOrigin;
import dev.tracery.v1.CompatibilityReport;
import dev.tracery.v1.ConsumerRef;
import dev.tracery.v1.Finding;
import dev.tracery.v1.Kernel;
import dev.tracery.v1.StabilityClass;
import dev.tracery.v1.Verdict;
import java.util.ArrayList;
import java.util.List;

/// How the parts of a report are spelled, whatever its form.
final class ReportWords {

  private ReportWords() {}

  /// `sched/sched_switch.prev_state`.
  static String subject(Finding finding) {
    Change change = finding.getChange();
    String field = change.getField();
    return Terms.printable(finding.getEvent())
        + (field.isEmpty() ? "" : "." + Terms.printable(field))
        + (change.getOccurrence() > 0 ? " (" + (change.getOccurrence() + 1) + ")" : "");
  }

  /// `offcputime/0.31.0`, or the stable rule that needs no consumer.
  static String who(Finding finding) {
    return finding.hasConsumer() && !finding.getConsumer().getName().isEmpty()
        ? who(finding.getConsumer())
        : "stable interface";
  }

  static String who(ConsumerRef consumer) {
    return Terms.printable(consumer.getName()) + "/" + Terms.printable(consumer.getVersion());
  }

  /// `reads by name, declared`, or why a rule needs no consumer.
  static String how(Finding finding) {
    if (!finding.hasConsumer() || finding.getConsumer().getName().isEmpty()) {
      return finding.getStability() == StabilityClass.STABILITY_CLASS_STABLE
          ? "stable, whoever uses it"
          : "always there, whoever uses it";
    }
    return access(finding.getAccess())
        + (finding.getConsumer().getOrigin() == ClaimOrigin.CLAIM_ORIGIN_OBSERVED
            ? ", observed"
            : ", declared");
  }

  static String access(AccessClass access) {
    return switch (access) {
      case ACCESS_CLASS_BY_NAME -> "by name";
      case ACCESS_CLASS_BY_OFFSET -> "by offset";
      case ACCESS_CLASS_POSITIONAL -> "by position";
      case ACCESS_CLASS_BTF_STRUCT -> "by BTF struct";
      case ACCESS_CLASS_PRINT_TEXT -> "printed text";
      case ACCESS_CLASS_RAW_ARGS -> "raw arguments";
      case ACCESS_CLASS_PINNED_KERNEL -> "pinned kernel";
      case ACCESS_CLASS_UNSPECIFIED, UNRECOGNIZED -> "unknown access";
    };
  }

  static String verdict(Verdict verdict) {
    return switch (verdict) {
      case VERDICT_BREAK -> "BREAK";
      case VERDICT_REVIEW -> "REVIEW";
      case VERDICT_WAIVED -> "WAIVED";
      case VERDICT_UNUSED -> "UNUSED";
      case VERDICT_COMPATIBLE -> "COMPATIBLE";
      case VERDICT_UNSPECIFIED, UNRECOGNIZED -> "UNKNOWN";
    };
  }

  /// `length: char comm[16] -> char comm[32]`, or `removed:` with what went.
  static String change(Change change) {
    String word = ChangeWord.of(change.getKind()).one();
    String from = Terms.printable(change.getFrom());
    String to = Terms.printable(change.getTo());
    if (from.isEmpty() || to.isEmpty()) {
      return from.isEmpty() && to.isEmpty() ? word : word + ": " + from + to;
    }
    return word + ": " + from + " -> " + to;
  }

  static long count(CompatibilityReport report, Verdict verdict) {
    return report.getFindingsList().stream().filter(f -> f.getVerdict() == verdict).count();
  }

  /// `2 breaks, 1 review, 3 waived`, or that there is nothing of the kind.
  static String counts(CompatibilityReport report) {
    long breaks = count(report, Verdict.VERDICT_BREAK);
    long reviews = count(report, Verdict.VERDICT_REVIEW);
    long waived = count(report, Verdict.VERDICT_WAIVED);
    List<String> parts = new ArrayList<>();
    if (breaks > 0) {
      parts.add(Terms.count(breaks, "break"));
    }
    if (reviews > 0) {
      parts.add(Terms.count(reviews, "review"));
    }
    if (waived > 0) {
      parts.add(waived + " waived");
    }
    int more = report.getFindingCount() - report.getFindingsCount();
    if (more > 0) {
      parts.add(more + " more");
    }
    return parts.isEmpty() ? "breaks nothing" : String.join(", ", parts);
  }

  /// `6.12.0-amd64 (0123456789abcdef)`.
  static String kernel(Kernel kernel) {
    return Terms.printable(kernel.getIdentity().getRelease()) + " (" + kernel.getId() + ")";
  }

  /// What the candidate was judged against.
  static String against(CompatibilityReport report) {
    return report.hasPredecessor()
        ? "against " + predecessor(report)
        : "the first of its series, so there is nothing to compare it with";
  }

  /// The kernel that it was judged against; `none` for the first of a series.
  static String predecessor(CompatibilityReport report) {
    return report.hasPredecessor() ? kernel(report.getPredecessor()) : "none";
  }
}
