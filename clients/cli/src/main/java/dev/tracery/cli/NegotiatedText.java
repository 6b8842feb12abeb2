package dev.tracery.cli;

import dev.tracery.cli.Table.Align;
import dev.tracery.client.negotiate.Negotiated;
import dev.tracery.consumer.EventUse;
import dev.tracery.consumer.Requirement;
import dev.tracery.model.KernelIdentity;
import dev.tracery.v1.EventReading;
import dev.tracery.v1.FieldFit;
import dev.tracery.v1.FitReason;
import dev.tracery.v1.NegotiateResponse;
import dev.tracery.v1.RequirementFit;
import dev.tracery.v1.RunOutcome;
import java.util.List;
import java.util.Locale;

/// Writes how a tool runs for people: what became of each need, and how each event is read.
final class NegotiatedText {

  private final Output out;
  private final Palette palette;

  NegotiatedText(Output out, Palette palette) {
    this.out = out;
    this.palette = palette;
  }

  void write(Negotiated negotiated, KernelIdentity kernel) {
    NegotiateResponse answer = negotiated.answer();
    out.line(
        "tool     "
            + palette.heading(negotiated.tool().name() + " " + negotiated.tool().version()));
    out.line(
        "kernel   "
            + Terms.printable(kernel.release())
            + " "
            + Terms.printable(kernel.machine())
            + (answer.getKernel().isEmpty()
                ? ", not registered"
                : ", registered as " + answer.getKernel()));
    out.line("outcome  " + outcome(answer.getOutcome()) + " (" + source(negotiated) + ")");
    out.line("");
    needs(negotiated);
    if (answer.getEventsCount() > 0) {
      out.line("");
      readings(answer);
    }
    if (answer.getNeedFormatsCount() > 0) {
      out.line("");
      out.line(
          "The registry needs the formats of " + String.join(", ", answer.getNeedFormatsList()));
    }
  }

  private static String source(Negotiated negotiated) {
    String revision = "revision " + Long.toUnsignedString(negotiated.answer().getRevision());
    return switch (negotiated.source()) {
      case REGISTRY -> "the registry, now, at " + revision;
      case CACHE -> "kept from the registry's " + revision + ", still good";
      case CACHE_OFFLINE -> "kept from the registry's " + revision + ", which cannot be reached";
    };
  }

  private String outcome(RunOutcome outcome) {
    String word = outcome.name().replace("RUN_OUTCOME_", "");
    return switch (outcome) {
      case RUN_OUTCOME_ACCEPTED -> palette.added(word);
      case RUN_OUTCOME_REJECTED -> palette.removed(word);
      case RUN_OUTCOME_DEGRADED, RUN_OUTCOME_UNKNOWN, RUN_OUTCOME_UNSPECIFIED, UNRECOGNIZED ->
          palette.changed(word);
    };
  }

  private void needs(Negotiated negotiated) {
    Table table =
        new Table(
            out,
            palette,
            List.of(Align.LEFT, Align.LEFT, Align.LEFT, Align.LEFT, Align.LEFT),
            List.of("EVENT", "FIELD", "NEED", "IS", "WHY"));
    for (int i = 0; i < negotiated.answer().getRequirementsCount(); i++) {
      if (i >= negotiated.tool().requirements().size()) {
        break;
      }
      RequirementFit fit = negotiated.answer().getRequirements(i);
      Requirement requirement = negotiated.tool().requirements().get(i);
      EventUse use =
          requirement.anyOf().get(Math.clamp(fit.getChosen(), 0, requirement.anyOf().size() - 1));
      String event = use.event() == null ? "(kernel)" : use.event().toString();
      if (fit.getFieldsCount() == 0 || !fit.getExplanation().isEmpty()) {
        table.row(
            event,
            "",
            need(requirement.optional()),
            word(fit.getReason()),
            Terms.printable(fit.getExplanation()));
      }
      for (int j = 0; j < fit.getFieldsCount(); j++) {
        FieldFit field = fit.getFields(j);
        boolean optional =
            requirement.optional() || j < use.fields().size() && use.fields().get(j).optional();
        table.row(
            event,
            Terms.printable(field.getName()),
            need(optional),
            word(field.getReason()),
            Terms.printable(field.getExplanation()));
      }
    }
    table.end();
  }

  private void readings(NegotiateResponse answer) {
    Table table =
        new Table(
            out,
            palette,
            List.of(Align.LEFT, Align.LEFT, Align.RIGHT, Align.LEFT),
            List.of("EVENT", "MESSAGE", "VERSION", "LAYOUT"));
    for (EventReading reading : answer.getEventsList()) {
      table.row(
          Terms.printable(reading.getEvent()),
          Terms.printable(reading.getMessageName()),
          Integer.toUnsignedString(reading.getSchemaVersion()),
          Terms.hex(reading.getLayoutHash()).substring(0, 16) + "…");
    }
    table.end();
  }

  private static String need(boolean optional) {
    return optional ? "optional" : "required";
  }

  private static String word(FitReason reason) {
    return reason.name().replace("FIT_REASON_", "").replace('_', ' ').toLowerCase(Locale.ROOT);
  }
}
