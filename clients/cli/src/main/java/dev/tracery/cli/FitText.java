package dev.tracery.cli;

import dev.tracery.cli.Table.Align;
import dev.tracery.v1.CanRunResponse;
import dev.tracery.v1.Consumer;
import dev.tracery.v1.EventUse;
import dev.tracery.v1.FieldFit;
import dev.tracery.v1.FieldUse;
import dev.tracery.v1.FitReason;
import dev.tracery.v1.KernelFit;
import dev.tracery.v1.Requirement;
import dev.tracery.v1.RequirementFit;
import dev.tracery.v1.RunOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Writes where a tool can run: a matrix of kernels and requirements, what the requirements are,
/// and why those that are not plainly fulfilled are not.
final class FitText {

  /// More requirements than this would make the matrix wider than a terminal.
  private static final int MAX_COLUMNS = 8;

  private static final String REASON = "FIT_REASON_";
  private static final String OUTCOME = "RUN_OUTCOME_";

  private final Output out;
  private final Palette palette;

  FitText(Output out, Palette palette) {
    this.out = out;
    this.palette = palette;
  }

  void write(CanRunResponse answer) {
    Consumer tool = answer.getConsumer();
    out.line(
        palette.heading(Terms.printable(tool.getName()) + "/" + Terms.printable(tool.getVersion()))
            + (tool.getSource().isEmpty() ? "" : " (" + Terms.printable(tool.getSource()) + ")"));
    out.line("");
    matrix(answer);
    out.line("");
    for (int i = 0; i < tool.getRequirementsCount(); i++) {
      out.line(String.format("%-4s%s", number(i), describe(tool.getRequirements(i))));
    }
    answer.getKernelsList().forEach(this::reasons);
  }

  private void matrix(CanRunResponse answer) {
    int columns = Math.min(MAX_COLUMNS, answer.getConsumer().getRequirementsCount());
    List<Align> aligns = new ArrayList<>(List.of(Align.LEFT, Align.LEFT, Align.LEFT));
    List<String> header = new ArrayList<>(List.of("KERNEL", "RELEASE", "OUTCOME"));
    for (int i = 0; i < columns; i++) {
      aligns.add(Align.LEFT);
      header.add(number(i));
    }
    Table table = new Table(out, palette, aligns, header);
    for (KernelFit kernel : answer.getKernelsList()) {
      List<String> cells =
          new ArrayList<>(
              List.of(
                  kernel.getKernel(),
                  Terms.printable(kernel.getRelease()),
                  ServerEnums.write(OUTCOME, kernel.getOutcome())));
      for (int i = 0; i < Math.min(columns, kernel.getRequirementsCount()); i++) {
        cells.add(cell(kernel.getRequirements(i)));
      }
      table.row(cells.toArray(String[]::new));
    }
    table.end();
  }

  /// The first reason that is not the plain one.
  private static String cell(RequirementFit fit) {
    FitReason reason = fit.getReason();
    if (reason == FitReason.FIT_REASON_EXACT) {
      for (FieldFit field : fit.getFieldsList()) {
        if (field.getReason() != FitReason.FIT_REASON_EXACT) {
          reason = field.getReason();
          break;
        }
      }
    }
    return ServerEnums.write(REASON, reason);
  }

  private void reasons(KernelFit kernel) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < kernel.getRequirementsCount(); i++) {
      RequirementFit fit = kernel.getRequirements(i);
      if (!fit.getExplanation().isEmpty()) {
        lines.add(String.format("  %-4s%s", number(i), Terms.printable(fit.getExplanation())));
      }
      for (FieldFit field : fit.getFieldsList()) {
        if (!field.getExplanation().isEmpty()
            && !fit.getExplanation().contains(field.getExplanation())) {
          lines.add(
              String.format(
                  "  %-4s%s: %s%s",
                  number(i),
                  Terms.printable(field.getName()),
                  Terms.printable(field.getExplanation()),
                  field.getUsable() ? "" : " (not usable)"));
        }
      }
    }
    if (!lines.isEmpty()) {
      String outcome = ServerEnums.write(OUTCOME, kernel.getOutcome());
      out.line("");
      out.line(
          palette.heading(Terms.printable(kernel.getRelease()) + " (" + kernel.getKernel() + ")")
              + " "
              + (kernel.getOutcome() == RunOutcome.RUN_OUTCOME_REJECTED
                  ? palette.removed(outcome)
                  : palette.changed(outcome)));
      lines.forEach(out::line);
    }
  }

  private static String number(int index) {
    return "R" + (index + 1);
  }

  private static String describe(Requirement requirement) {
    return requirement.getAnyOfList().stream()
            .map(FitText::describe)
            .collect(Collectors.joining(", or "))
        + (requirement.getOptional() ? " (optional)" : "");
  }

  private static String describe(EventUse use) {
    String fields =
        use.getFieldsList().stream().map(FitText::describe).collect(Collectors.joining(", "));
    return (use.getEvent().isEmpty() ? Terms.printable(use.getKernel()) : use.getEvent())
        + (fields.isEmpty() ? "" : ": " + fields)
        + " ("
        + ReportWords.access(use.getAccess())
        + ")";
  }

  private static String describe(FieldUse field) {
    String name =
        field.getNamesCount() == 0
            ? "bytes " + field.getPlace().getOffset() + "+" + field.getPlace().getSize()
            : String.join("|", field.getNamesList());
    return Terms.printable(name) + (field.getOptional() ? "?" : "");
  }
}
