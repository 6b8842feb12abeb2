package dev.tracery.fault;

import dev.tracery.model.Sha256;
import dev.tracery.v1.CanRunResponse;
import dev.tracery.v1.ClaimOrigin;
import dev.tracery.v1.CompatibilityReport;
import dev.tracery.v1.Finding;
import dev.tracery.v1.NegotiateResponse;
import dev.tracery.v1.Verdict;
import java.util.stream.Collectors;

/// Judgements as text that is the same where they say the same, whenever they were made.
final class Verdicts {

  private static final String BREAKS = "BREAK ";

  private Verdicts() {}

  /// A report. What it says of observed claims is left out: a server knows what it has seen itself
  /// before that is in the log. Empty where findings were left out for want of room.
  static String of(CompatibilityReport report) {
    if (report.getFindingCount() != report.getFindingsCount()) {
      return "";
    }
    String head =
        "%s of %s after %s, %s%n"
            .formatted(
                report.getCandidate().getId(),
                report.getSeries(),
                report.getPredecessor().getId(),
                report.getMode());
    return report.getFindingsList().stream()
        .filter(finding -> finding.getConsumer().getOrigin() != ClaimOrigin.CLAIM_ORIGIN_OBSERVED)
        .map(Verdicts::line)
        .sorted()
        .collect(Collectors.joining("\n", head, "\n"));
  }

  private static String line(Finding finding) {
    return (finding.getVerdict() == Verdict.VERDICT_BREAK
            ? BREAKS
            : finding.getVerdict().name() + " ")
        + String.join(
            " ",
            finding.getEvent(),
            finding.getChange().getKind().name(),
            finding.getChange().getField(),
            finding.getConsumer().getName(),
            finding.getConsumer().getVersion(),
            finding.getWaiver());
  }

  /// Whether a report breaks somebody.
  static boolean breaks(String verdict) {
    return verdict.lines().anyMatch(line -> line.startsWith(BREAKS));
  }

  /// How a tool runs.
  static String of(NegotiateResponse answer) {
    NegotiateResponse content = answer.toBuilder().clearRevision().clearCacheFor().build();
    return answer.getOutcome()
        + " "
        + answer.getEventsList().stream()
            .map(event -> event.getEvent() + " version " + event.getSchemaVersion())
            .collect(Collectors.joining(", "))
        + " "
        + Sha256.of(content.toByteArray());
  }

  /// Where a tool can run.
  static String of(CanRunResponse answer) {
    return answer.getKernelsList().stream()
        .map(kernel ->
            kernel.getRelease() + " " + kernel.getOutcome() + " " + Sha256.of(kernel.toByteArray()))
        .collect(Collectors.joining("\n"));
  }
}
