package dev.tracery.cli;

import dev.tracery.v1.CompatibilityReport;
import dev.tracery.v1.Finding;

/// Writes reports as workflow commands, which GitHub shows as annotations of a run: a break is an
/// error, a review a warning, a waived break a notice.
///
/// The form is that of `@actions/core` (`command.ts`): `::error title=TITLE::MESSAGE`.
final class ReportAnnotations {

  private final Output out;
  private final boolean strict;

  /// @param strict whether a review is an error, too
  ReportAnnotations(Output out, boolean strict) {
    this.out = out;
    this.strict = strict;
  }

  void write(CompatibilityReport report) {
    for (Finding finding : report.getFindingsList()) {
      String command =
          switch (finding.getVerdict()) {
            case VERDICT_BREAK -> "error";
            case VERDICT_REVIEW -> strict ? "error" : "warning";
            default -> "notice";
          };
      String title =
          ReportWords.verdict(finding.getVerdict())
              + " "
              + ReportWords.subject(finding)
              + " for "
              + ReportWords.who(finding);
      out.line("::" + command + " title=" + property(title) + "::" + data(message(finding)));
    }
    String summary =
        "tracery: "
            + ReportWords.kernel(report.getCandidate())
            + " in series "
            + Terms.printable(report.getSeries())
            + ": "
            + ReportWords.counts(report);
    // Why: a runner takes a line that begins with :: for a command, and ##[ in any line.
    out.line(summary.replace("##[", "## ["));
  }

  private static String message(Finding finding) {
    StringBuilder text = new StringBuilder(ReportWords.change(finding.getChange()));
    line(text, "", finding.getExplanation());
    line(text, "question: ", finding.getQuestion());
    line(text, "mend: ", finding.getRemedy());
    line(text, "hint: ", finding.getHint());
    line(text, "waiver: ", finding.getWaiver());
    line(text, "source: ", finding.getConsumer().getSource());
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    if (!value.isEmpty()) {
      text.append('\n').append(name).append(Terms.printable(value));
    }
  }

  private static String data(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String property(String text) {
    return data(text).replace(":", "%3A").replace(",", "%2C");
  }
}
