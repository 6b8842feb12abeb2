package dev.tracery.grpc.wire;

import dev.tracery.grpc.status.Violations;
import dev.tracery.registry.Compatibility;
import dev.tracery.v1.GetPolicyResponse;
import dev.tracery.v1.SeriesMode;
import dev.tracery.v1.SeriesModeRule;
import dev.tracery.v1.StabilityClass;
import dev.tracery.v1.StabilityRule;
import java.util.ArrayList;
import java.util.List;

/// The policy from and for the wire.
public final class PolicyFields {

  private static final String MODE = "SERIES_MODE_";
  private static final String STABILITY = "STABILITY_CLASS_";
  private static final int MAX_RULES = 1000;

  private PolicyFields() {}

  /// The modes of series that a request changes.
  public static List<Compatibility.ModeRule> modes(
      List<SeriesModeRule> wire, Violations violations) {
    List<Compatibility.ModeRule> rules = new ArrayList<>();
    checkCount("modes", wire.size(), violations);
    for (int i = 0; i < Math.min(wire.size(), MAX_RULES); i++) {
      SeriesModeRule rule = wire.get(i);
      String path = "modes[" + i + "]";
      if (rule.getSeries().isEmpty()) {
        violations.add(path + ".series", "name a series, or * for all that have no mode");
      }
      Compatibility.Mode mode = WireConstants.read(Compatibility.Mode.class, MODE, rule.getMode());
      if (mode == null && rule.getModeValue() != 0) {
        violations.add(
            path + ".mode", "expected a constant of SeriesMode but found " + rule.getModeValue());
      }
      rules.add(new Compatibility.ModeRule(rule.getSeries(), mode));
    }
    return rules;
  }

  /// The classes of events that a request changes.
  public static List<Compatibility.StabilityRule> stability(
      List<StabilityRule> wire, Violations violations) {
    List<Compatibility.StabilityRule> rules = new ArrayList<>();
    checkCount("stability", wire.size(), violations);
    for (int i = 0; i < Math.min(wire.size(), MAX_RULES); i++) {
      StabilityRule rule = wire.get(i);
      String path = "stability[" + i + "]";
      if (rule.getEvents().isEmpty()) {
        violations.add(path + ".events", "give a glob over system/name, such as sched/*");
      }
      RequestFields.name(path + ".events", rule.getEvents(), violations);
      Compatibility.Stability stability =
          WireConstants.read(Compatibility.Stability.class, STABILITY, rule.getStability());
      if (stability == null && rule.getStabilityValue() != 0) {
        violations.add(
            path + ".stability",
            "expected a constant of StabilityClass but found " + rule.getStabilityValue());
      }
      if (rule.getBuiltIn()) {
        violations.add(path + ".built_in", "is the registry's to say");
      }
      rules.add(new Compatibility.StabilityRule(rule.getEvents(), stability, false));
    }
    return rules;
  }

  /// The message of `policy`.
  public static GetPolicyResponse write(Compatibility.Policy policy) {
    GetPolicyResponse.Builder out =
        GetPolicyResponse.newBuilder()
            .setDefaultMode(WireConstants.write(SeriesMode.class, MODE, policy.defaultMode()))
            .setRevision(policy.revision());
    for (Compatibility.ModeRule rule : policy.modes()) {
      out.addModes(
          SeriesModeRule.newBuilder()
              .setSeries(rule.series())
              .setMode(WireConstants.write(SeriesMode.class, MODE, rule.mode())));
    }
    for (Compatibility.StabilityRule rule : policy.stability()) {
      out.addStability(
          StabilityRule.newBuilder()
              .setEvents(rule.events())
              .setStability(WireConstants.write(StabilityClass.class, STABILITY, rule.stability()))
              .setBuiltIn(rule.builtIn()));
    }
    return out.build();
  }

  private static void checkCount(String field, int count, Violations violations) {
    if (count > MAX_RULES) {
      violations.add(field, "at most " + MAX_RULES + " rules are allowed, not " + count);
    }
  }
}
