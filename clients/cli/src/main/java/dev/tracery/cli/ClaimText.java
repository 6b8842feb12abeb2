package dev.tracery.cli;

import dev.tracery.v1.AccessClass;
import dev.tracery.v1.Claim;
import dev.tracery.v1.Consumer;
import dev.tracery.v1.EventUse;
import dev.tracery.v1.FieldUse;
import dev.tracery.v1.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Claims and uses in words.
final class ClaimText {

  private ClaimText() {}

  /// `declared`, `observed`.
  static String origin(Claim claim) {
    return switch (claim.getOrigin()) {
      case CLAIM_ORIGIN_DECLARED -> "declared";
      case CLAIM_ORIGIN_OBSERVED -> "observed";
      case CLAIM_ORIGIN_UNSPECIFIED, UNRECOGNIZED -> "unknown";
    };
  }

  /// `live`, `withdrawn`, `superseded by 2.0`, `lapsed`.
  static String state(Claim claim) {
    return switch (claim.getState()) {
      case CLAIM_STATE_LIVE -> "live";
      case CLAIM_STATE_WITHDRAWN -> "withdrawn";
      case CLAIM_STATE_SUPERSEDED -> "superseded by " + Terms.printable(claim.getEndedBy());
      case CLAIM_STATE_LAPSED -> "lapsed";
      case CLAIM_STATE_UNSPECIFIED, UNRECOGNIZED -> "unknown";
    };
  }

  /// When it was last seen; `-` for a declared claim.
  static String lastSeen(Claim claim) {
    return claim.hasLastSeenTime() ? Terms.time(claim.getLastSeenTime()) : "-";
  }

  /// `BY_NAME`.
  static String access(AccessClass access) {
    return access.name().replace("ACCESS_CLASS_", "");
  }

  /// How often each access class occurs: `BY_NAME 3, RAW_ARGS 1`.
  static String accesses(Consumer consumer) {
    return consumer.getRequirementsList().stream()
        .flatMap(requirement -> requirement.getAnyOfList().stream())
        .collect(
            Collectors.groupingBy(
                EventUse::getAccess, () -> new java.util.TreeMap<>(), Collectors.counting()))
        .entrySet()
        .stream()
        .map(entry -> access(entry.getKey()) + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }

  /// The lines of a requirement; alternatives are one line each, joined by `or`.
  static List<String> lines(Requirement requirement) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < requirement.getAnyOfCount(); i++) {
      EventUse use = requirement.getAnyOf(i);
      lines.add(
          (i == 0 ? (requirement.getOptional() ? "may use  " : "needs    ") : "      or ")
              + (use.getEvent().isEmpty() ? "" : Terms.printable(use.getEvent()) + "  ")
              + access(use.getAccess())
              + (detail(use).isEmpty() ? "" : "  " + detail(use)));
    }
    return lines;
  }

  /// What of the event is used: `prev_pid, prev_state (values)`.
  static String detail(EventUse use) {
    List<String> parts = new ArrayList<>();
    if (!use.getStructName().isEmpty()) {
      parts.add("struct " + Terms.printable(use.getStructName()));
    }
    if (use.getFieldsCount() > 0) {
      parts.add(
          use.getFieldsList().stream().map(ClaimText::field).collect(Collectors.joining(", ")));
    }
    if (use.getExactCount()) {
      parts.add("exactly these");
    }
    switch (use.getText().getWhatCase()) {
      case PATTERN -> parts.add("/" + Terms.printable(use.getText().getPattern()) + "/");
      case KEYS ->
          parts.add(
              use.getText().getKeys().getKeysList().stream()
                  .map(key -> Terms.printable(key) + "=")
                  .collect(Collectors.joining(", ")));
      case WHOLE -> parts.add("the whole text");
      case WHAT_NOT_SET -> {}
    }
    if (use.hasParameters()) {
      parts.add(
          use.getParameters().getParametersList().stream()
              .map(parameter ->
                  (parameter.getType()
                          + (parameter.getName().isEmpty() ? "" : " " + parameter.getName()))
                      .strip())
              .map(Terms::printable)
              .collect(Collectors.joining(", ", "(", ")")));
    }
    if (!use.getKernel().isEmpty()) {
      parts.add("kernel " + Terms.printable(use.getKernel()));
    }
    return String.join(": ", parts);
  }

  private static String field(FieldUse field) {
    List<String> notes = new ArrayList<>();
    if (field.getOptional()) {
      notes.add("optional");
    }
    if (field.getInterpretsValues()) {
      notes.add("values");
    }
    if (field.getOccurrence() > 0) {
      notes.add("number " + (field.getOccurrence() + 1));
    }
    String name =
        field.getNamesCount() == 0
            ? "bytes"
            : Terms.printable(String.join(" or ", field.getNamesList()));
    String place =
        field.hasPlace()
            ? String.format(
                Locale.ROOT,
                " at %d+%d%s",
                field.getPlace().getOffset(),
                field.getPlace().getSize(),
                field.getPlace().hasSigned()
                    ? field.getPlace().getSigned() ? " signed" : " unsigned"
                    : "")
            : "";
    return name + place + (notes.isEmpty() ? "" : " (" + String.join(", ", notes) + ")");
  }
}
