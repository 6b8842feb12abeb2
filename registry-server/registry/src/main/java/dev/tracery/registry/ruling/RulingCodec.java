package dev.tracery.registry.ruling;

import dev.tracery.model.EventName;
import dev.tracery.registry.Compatibility.Mode;
import dev.tracery.registry.Compatibility.ModeRule;
import dev.tracery.registry.Compatibility.Stability;
import dev.tracery.registry.Compatibility.StabilityRule;
import dev.tracery.registry.Compatibility.Waiver;
import dev.tracery.registry.Registry.ChangeKind;
import dev.tracery.registry.log.PolicyChanged;
import dev.tracery.registry.log.WaiverGiven;
import dev.tracery.v1.SeriesMode;
import dev.tracery.v1.SeriesModeRule;
import dev.tracery.v1.StabilityClass;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Rulings as the log has them. Constants have the same names in the protocol, behind a prefix.
public final class RulingCodec {

  private static final String KIND = "CHANGE_KIND_";
  private static final String MODE = "SERIES_MODE_";
  private static final String STABILITY = "STABILITY_CLASS_";
  private static final String NONE = "UNSPECIFIED";

  private RulingCodec() {}

  /// The log's entry for a waiver.
  public static WaiverGiven write(Waiver waiver) {
    ChangeKind kind = waiver.kind();
    return WaiverGiven.newBuilder()
        .setWaiver(
            dev.tracery.v1.Waiver.newBuilder()
                .setName(waiver.name())
                .setReason(waiver.reason())
                .setAuthor(waiver.author())
                .setSeries(waiver.series())
                .setKernel(waiver.kernel())
                .setConsumer(waiver.consumer())
                .setEvent(waiver.event().toString())
                .setField(waiver.field())
                .setKind(dev.tracery.v1.ChangeKind.valueOf(KIND + name(kind))))
        .build();
  }

  /// The log's entry for a change of the policy.
  public static PolicyChanged write(List<ModeRule> modes, List<StabilityRule> stability) {
    PolicyChanged.Builder out = PolicyChanged.newBuilder();
    for (ModeRule rule : modes) {
      out.addModes(
          SeriesModeRule.newBuilder()
              .setSeries(rule.series())
              .setMode(SeriesMode.valueOf(MODE + name(rule.mode()))));
    }
    for (StabilityRule rule : stability) {
      out.addStability(
          dev.tracery.v1.StabilityRule.newBuilder()
              .setEvents(rule.events())
              .setStability(StabilityClass.valueOf(STABILITY + name(rule.stability()))));
    }
    return out.build();
  }

  /// @throws IllegalArgumentException if it is no waiver
  static Waiver read(dev.tracery.v1.Waiver wire, Instant created, long revision) {
    if (wire.getName().isEmpty()
        || wire.getReason().isEmpty()
        || wire.getAuthor().isEmpty()
        || wire.getSeries().isEmpty()) {
      throw new IllegalArgumentException(
          "the waiver \"" + wire.getName() + "\" has no name, reason, author or series");
    }
    return new Waiver(
        wire.getName(),
        wire.getReason(),
        wire.getAuthor(),
        wire.getSeries(),
        wire.getKernel(),
        wire.getConsumer(),
        EventName.parse(wire.getEvent()),
        wire.getField(),
        constant(ChangeKind.class, KIND, known(wire.getKind())),
        created,
        revision);
  }

  static List<ModeRule> modes(PolicyChanged changed) {
    List<ModeRule> rules = new ArrayList<>();
    for (SeriesModeRule rule : changed.getModesList()) {
      rules.add(new ModeRule(rule.getSeries(), constant(Mode.class, MODE, known(rule.getMode()))));
    }
    return rules;
  }

  static List<StabilityRule> stability(PolicyChanged changed) {
    List<StabilityRule> rules = new ArrayList<>();
    for (dev.tracery.v1.StabilityRule rule : changed.getStabilityList()) {
      rules.add(
          new StabilityRule(
              rule.getEvents(),
              constant(Stability.class, STABILITY, known(rule.getStability())),
              false));
    }
    return rules;
  }

  /// `series debian-6.1-amd64: enforce; events sched/*: stable`.
  static String summary(PolicyChanged changed) {
    List<String> parts = new ArrayList<>();
    modes(changed).forEach(rule -> parts.add("series " + rule.series() + ": " + word(rule.mode())));
    stability(changed)
        .forEach(rule -> parts.add("events " + rule.events() + ": " + word(rule.stability())));
    return String.join("; ", parts);
  }

  private static String word(@Nullable Enum<?> constant) {
    return constant == null ? "default" : constant.name().toLowerCase(Locale.ROOT);
  }

  private static String name(@Nullable Enum<?> constant) {
    return constant == null ? NONE : constant.name();
  }

  private static <E extends Enum<E>> E known(E constant) {
    if (constant.name().equals("UNRECOGNIZED")) {
      throw new NewerEntryException(
          "it has a constant of "
              + constant.getDeclaringClass().getSimpleName()
              + " that this version does not know");
    }
    return constant;
  }

  private static <E extends Enum<E>> @Nullable E constant(
      Class<E> type, String prefix, Enum<?> wire) {
    String name = wire.name().substring(prefix.length());
    return name.equals(NONE) ? null : Enum.valueOf(type, name);
  }
}
