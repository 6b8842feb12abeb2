package dev.tracery.cli;

import dev.tracery.v1.Change;
import dev.tracery.v1.ChangeCount;
import dev.tracery.v1.CompatibilityReport;
import dev.tracery.v1.Finding;
import dev.tracery.v1.SeriesMode;
import dev.tracery.v1.UnmetRequirement;
import dev.tracery.v1.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes reports for people: what must be mended first, one change after the other with all whom
/// it breaks; then what a person must decide, what was waived, what is not this kernel's doing and
/// what is not known; then what changed without harm, counted.
final class ReportText {

  /// Longer pairs of old and new get a line each.
  private static final int ONE_LINE = 88;

  /// Of what is not this kernel's doing. JSON has all.
  private static final int MAX_UNMET = 25;

  private final Output out;
  private final Palette palette;

  ReportText(Output out, Palette palette) {
    this.out = out;
    this.palette = palette;
  }

  /// The whole report.
  void write(CompatibilityReport report) {
    summary(report);
    Map<Group, List<Finding>> groups = new LinkedHashMap<>();
    for (Finding finding : report.getFindingsList()) {
      groups.computeIfAbsent(Group.of(finding), _ -> new ArrayList<>()).add(finding);
    }
    groups.forEach(this::group);
    int more = report.getFindingCount() - report.getFindingsCount();
    if (more > 0) {
      out.line("");
      out.line("and " + Terms.count(more, "finding") + " more");
    }
    unmet(
        "not satisfied before either, so not this kernel's doing",
        report.getUnmetList(),
        report.getUnmetTotal());
    unmet("not known", report.getUnknownList(), report.getUnknownTotal());
    harmless(report.getHarmlessList());
  }

  /// Two lines: what was found, and of what.
  void summary(CompatibilityReport report) {
    String counts = ReportWords.counts(report);
    String verdict =
        switch (report.getVerdict()) {
          case VERDICT_BREAK -> palette.removed(counts);
          case VERDICT_REVIEW -> palette.changed(counts);
          default -> palette.added(counts);
        };
    out.line(
        palette.heading(ReportWords.kernel(report.getCandidate()))
            + " in series "
            + Terms.printable(report.getSeries())
            + ": "
            + verdict);
    out.line(
        ReportWords.against(report)
            + "; "
            + Terms.count(report.getRequirementsJudged(), "requirement")
            + " judged at revision "
            + Long.toUnsignedString(report.getRevision())
            + (report.getMode() == SeriesMode.SERIES_MODE_ENFORCE
                ? "; the series enforces"
                : "; the series advises"));
  }

  /// One change, with all that it does to somebody.
  private void group(Group group, List<Finding> findings) {
    Finding first = findings.getFirst();
    out.line("");
    String verdict = ReportWords.verdict(group.verdict());
    String coloured =
        switch (group.verdict()) {
          case VERDICT_BREAK -> palette.removed(verdict);
          case VERDICT_REVIEW -> palette.changed(verdict);
          default -> verdict;
        };
    change(coloured + " " + palette.heading(ReportWords.subject(first)), group.change());
    for (Finding finding : findings) {
      String source = Terms.printable(finding.getConsumer().getSource());
      out.line(
          "  "
              + palette.heading(ReportWords.who(finding))
              + " ("
              + ReportWords.how(finding)
              + (source.isEmpty() ? "" : "; " + source)
              + ")");
      detail("", finding.getExplanation());
      detail("question: ", finding.getQuestion());
      detail("mend: ", finding.getRemedy());
      detail("hint: ", finding.getHint());
      detail("waiver: ", finding.getWaiver());
    }
  }

  private void change(String title, Change change) {
    String word = ChangeWord.of(change.getKind()).one();
    String from = Terms.printable(change.getFrom());
    String to = Terms.printable(change.getTo());
    if (from.isEmpty() && to.isEmpty()) {
      out.line(title + " " + word);
    } else if (!from.isEmpty() && !to.isEmpty() && from.length() + to.length() <= ONE_LINE) {
      out.line(title + " " + word + ": " + from + " -> " + to);
    } else {
      out.line(title + " " + word);
      if (!from.isEmpty()) {
        out.line(palette.removed("    - " + from));
      }
      if (!to.isEmpty()) {
        out.line(palette.added("    + " + to));
      }
    }
  }

  private void detail(String name, String text) {
    if (!text.isEmpty()) {
      out.line("    " + name + Terms.printable(text));
    }
  }

  private void unmet(String title, List<UnmetRequirement> requirements, int total) {
    if (requirements.isEmpty()) {
      return;
    }
    out.line("");
    out.line(palette.heading(title));
    for (UnmetRequirement unmet :
        requirements.subList(0, Math.min(MAX_UNMET, requirements.size()))) {
      out.line(
          "  "
              + ReportWords.who(unmet.getConsumer())
              + " ("
              + ReportWords.access(unmet.getAccess())
              + (unmet.getOptional() ? ", optional" : "")
              + ")"
              + (unmet.getEvent().isEmpty() ? "" : " " + Terms.printable(unmet.getEvent()))
              + ": "
              + Terms.printable(unmet.getReason()));
    }
    if (total > MAX_UNMET) {
      out.line("  and " + (total - MAX_UNMET) + " more; --output json has all");
    }
  }

  private void harmless(List<ChangeCount> counts) {
    if (counts.isEmpty()) {
      return;
    }
    out.line("");
    out.line(palette.heading("changed without harm"));
    for (ChangeCount count : counts) {
      String words =
          ChangeWord.of(count.getKind()).many()
              + (count.getVerdict() == Verdict.VERDICT_UNUSED ? ", unused" : "");
      List<String> examples = count.getExamplesList();
      String shown = examples.isEmpty() ? "" : "  " + Terms.printable(String.join(", ", examples));
      String more = count.getCount() > examples.size() && !examples.isEmpty() ? ", …" : "";
      out.line(String.format("  %-32s%6d%s%s", words, count.getCount(), shown, more));
    }
  }

  /// What is told once.
  private record Group(Verdict verdict, String event, Change change) {
    static Group of(Finding finding) {
      return new Group(finding.getVerdict(), finding.getEvent(), finding.getChange());
    }
  }
}
