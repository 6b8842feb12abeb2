package dev.tracery.registry.core;

import dev.tracery.registry.Compatibility.ModeRule;
import dev.tracery.registry.Compatibility.Policy;
import dev.tracery.registry.Compatibility.StabilityRule;
import dev.tracery.registry.Compatibility.Waiver;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.RegistryException.Code;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.log.Commit;
import dev.tracery.registry.log.Entry;
import dev.tracery.registry.ruling.PolicyEditor;
import dev.tracery.registry.ruling.RulingCodec;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Decides what a waiver or a change of the policy adds to the log. Changes nothing.
final class RulingPlanner {

  private static final Pattern WAIVER = Pattern.compile("[A-Za-z0-9._+~-]{1,100}");
  private static final int MAX_REASON = 1_000;
  private static final int MAX_AUTHOR = 100;
  private static final int MAX_NAME = 512;
  private static final int MAX_RULES = 1_000;

  private final Index index;
  private final long revision;

  RulingPlanner(Index index) {
    this.index = index;
    this.revision = index.head().revision();
  }

  /// The commit that gives a waiver.
  Commit waive(Waiver waiver) {
    if (!WAIVER.matcher(waiver.name()).matches()) {
      throw invalid(
          "waiver.name",
          "expected 1 to 100 letters, digits and ._+~- but found " + Texts.quoted(waiver.name()));
    }
    checkText("waiver.reason", waiver.reason(), "say why the break is accepted", MAX_REASON);
    checkText("waiver.author", waiver.author(), "say who accepts the break", MAX_AUTHOR);
    checkSelector("waiver.kernel", waiver.kernel());
    checkSelector("waiver.consumer", waiver.consumer());
    checkSelector("waiver.field", waiver.field());
    if (waiver.series().isEmpty()) {
      throw invalid("waiver.series", "a waiver is for one series; name it");
    }
    SeriesNames.checkThere(index, "waiver.series", waiver.series(), revision);
    // Why: nothing of an event that no kernel has can break, and a waiver is for ever on record.
    new KnownNames(index, revision)
        .problem(waiver.event())
        .ifPresent(problem -> {
          throw invalid("waiver.event", problem);
        });
    index
        .rulings()
        .waiver(waiver.name())
        .ifPresent(given -> {
          throw new RegistryException(
              Code.FAILED_PRECONDITION,
              "waiver.name",
              "waiver.name: "
                  + given.name()
                  + " was given at revision "
                  + given.revision()
                  + ", and a waiver is for ever on record; choose another name");
        });
    return Commit.newBuilder()
        .addEntries(Entry.newBuilder().setWaiverGiven(RulingCodec.write(waiver)))
        .build();
  }

  /// The commit that changes the policy; empty where it is so already.
  Commit update(List<ModeRule> modes, List<StabilityRule> stability) {
    if (modes.isEmpty() && stability.isEmpty()) {
      throw invalid("modes", "the change of the policy is empty; name a series or events");
    }
    checkModes(modes);
    checkStability(stability);
    Policy before = index.rulings().policy(revision);
    Policy after = PolicyEditor.edit(before, modes, stability, before.revision());
    if (after.equals(before)) {
      return Commit.getDefaultInstance();
    }
    if (after.modes().size() > MAX_RULES || after.stability().size() > MAX_RULES) {
      throw new RegistryException(
          Code.RESOURCE_EXHAUSTED,
          "policy",
          String.format("a policy has at most %,d modes and %,d classes", MAX_RULES, MAX_RULES));
    }
    return Commit.newBuilder()
        .addEntries(Entry.newBuilder().setPolicyChanged(RulingCodec.write(modes, stability)))
        .build();
  }

  private void checkModes(List<ModeRule> modes) {
    Set<String> named = new HashSet<>();
    for (int i = 0; i < modes.size(); i++) {
      String field = "modes[" + i + "].series";
      String series = modes.get(i).series();
      if (!series.equals(PolicyEditor.ALL_SERIES)) {
        // Why not only those that there are: a series that enforces from its first kernel on is
        // ruled before it.
        SeriesNames.checkForm(field, series);
      }
      if (!named.add(series)) {
        throw invalid(field, series + " is given twice");
      }
    }
  }

  private void checkStability(List<StabilityRule> stability) {
    Policy before = index.rulings().policy(revision);
    Set<String> named = new HashSet<>();
    for (int i = 0; i < stability.size(); i++) {
      StabilityRule rule = stability.get(i);
      String field = "stability[" + i + "].events";
      checkText(field, rule.events(), "give a glob over system/name, such as sched/*", MAX_NAME);
      if (rule.events().indexOf('/') < 0 && rule.events().indexOf('*') < 0) {
        throw invalid(
            field,
            Texts.quoted(rule.events()) + " matches no event; write system/name or a glob over it");
      }
      if (!named.add(rule.events())) {
        throw invalid(field, rule.events() + " is given twice");
      }
      if (rule.stability() == null
          && before.stability().stream()
              .noneMatch(other -> !other.builtIn() && other.events().equals(rule.events()))) {
        throw new RegistryException(
            Code.FAILED_PRECONDITION,
            field,
            field
                + ": no class was set for "
                + Texts.quoted(rule.events())
                + ", so there is none to take away; `tracery policy` lists those that were");
      }
    }
  }

  private static void checkText(String field, String text, String whatToDo, int most) {
    if (text.isBlank()) {
      throw invalid(field, "must not be empty; " + whatToDo);
    }
    if (text.length() > most) {
      throw invalid(
          field, "has " + text.length() + " characters; at most " + most + " are allowed");
    }
    if (text.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t')) {
      throw invalid(field, "has control characters: " + Texts.quoted(text));
    }
  }

  private static void checkSelector(String field, String text) {
    if (!text.isEmpty()) {
      checkText(field, text, "", MAX_NAME);
    }
  }

  private static RegistryException invalid(String field, String problem) {
    return new RegistryException(Code.INVALID_ARGUMENT, field, field + ": " + problem);
  }
}
