package dev.tracery.registry.core;

import dev.tracery.compiler.FormatCompiler;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.consumer.AccessClass;
import dev.tracery.consumer.Consumer;
import dev.tracery.consumer.EventUse;
import dev.tracery.consumer.Requirement;
import dev.tracery.registry.Compatibility.FieldFit;
import dev.tracery.registry.Compatibility.FitReason;
import dev.tracery.registry.Compatibility.KernelFit;
import dev.tracery.registry.Compatibility.RequirementFit;
import dev.tracery.registry.Compatibility.RunOutcome;
import dev.tracery.registry.Negotiation;
import dev.tracery.registry.bridge.BridgedLayout;
import dev.tracery.registry.bridge.InstalledBridges;
import dev.tracery.registry.index.Head;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.index.LayoutEntry;
import dev.tracery.registry.policy.RequirementEvaluator;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What tools ask when they start, over the log. Thread-safe.
final class LogNegotiation implements Negotiation {

  private final Log log;
  private final java.util.function.Consumer<Consumer> observations;
  private final FormatCompiler compiler;
  private final StoredLayouts stored;
  private final NegotiationSettings settings;
  private final RequirementEvaluator evaluator;
  private final EventReadings readings;
  private final NegotiationMemory memory;
  private final InstalledBridges bridges;

  /// @param observations takes every tool that was accepted; must not block
  /// @param compiler for formats that are new
  /// @param bridges fill what a kernel does not have
  LogNegotiation(
      Log log,
      java.util.function.Consumer<Consumer> observations,
      FormatCompiler compiler,
      StoredLayouts stored,
      RequirementEvaluator evaluator,
      NegotiationSettings settings,
      InstalledBridges bridges) {
    this.log = log;
    this.observations = observations;
    this.compiler = compiler;
    this.stored = stored;
    this.evaluator = evaluator;
    this.settings = settings;
    this.bridges = bridges;
    this.readings = new EventReadings(stored, settings.memoryBytes() / 2);
    this.memory = new NegotiationMemory(settings.memoryBytes() / 2);
  }

  @Override
  public Optional<Answer> negotiateFromMemory(Question question) {
    Optional<NegotiationMemory.Recalled> known =
        memory.recall(question, log.index().head(), bridges.table().generation());
    known.ifPresent(recalled -> observe(question, recalled.answer(), recalled.requirements()));
    return known.map(NegotiationMemory.Recalled::answer);
  }

  @Override
  public Answer negotiate(Question question) {
    Optional<Answer> known = negotiateFromMemory(question);
    if (known.isPresent()) {
      return known.get();
    }
    LearningPlanner planner =
        new LearningPlanner(compiler, stored, settings.learnedLayouts(), question);
    Identities.check("kernel", question.kernel());
    KnownNames.checkPatterns("tool", question.tool());
    planner.check(log.index());
    if (planner.hasNews(log.index())) {
      log.write(planner::plan, false);
    }
    BridgedSchemas schemas = new BridgedSchemas(bridges.table(), stored);
    Index index = log.index();
    Head head = index.head();
    Choice choice = choose(question, index, head.revision(), schemas);
    long readable =
        choice.isReadable(head.revision(), schemas)
            ? head.revision()
            : log.write(now -> schemas.plan(now, choice.bridged()), false).revision();
    Answer answer = answer(choice, readable, schemas);
    memory.keep(question, answer, head, schemas.table().generation());
    observe(question, answer, question.tool().requirements());
    return answer;
  }

  /// @param requirements the tool's: shared by all versions that need the same, so that a fleet of
  ///   them takes little memory and is quickly compared
  private void observe(Question question, Answer answer, List<Requirement> requirements) {
    if (!question.dryRun()
        && (answer.outcome() == RunOutcome.ACCEPTED || answer.outcome() == RunOutcome.DEGRADED)) {
      Consumer tool = question.tool();
      observations.accept(new Consumer(tool.name(), tool.version(), tool.source(), requirements));
    }
  }

  /// How a tool stands to its kernel, and what it reads there.
  ///
  /// @param layouts of the events that it reads
  /// @param bridged those of them in which it reads something that is filled
  private record Choice(
      SeenKernel kernel, KernelFit fit, Set<LayoutEntry> layouts, Set<LayoutEntry> bridged) {

    /// Whether the log has all schema versions.
    boolean isReadable(long revision, BridgedSchemas schemas) {
      return bridged.stream()
          .allMatch(layout ->
              schemas.version(layout, schemas.of(layout, revision), revision).isPresent());
    }
  }

  private Choice choose(Question question, Index index, long revision, BridgedSchemas schemas) {
    SeenKernel kernel = new SeenKernel(index, revision, stored, question, schemas);
    KernelFit fit = new RunQuestion(question.tool(), evaluator).ask(kernel);
    Choice choice = new Choice(kernel, fit, new LinkedHashSet<>(), new LinkedHashSet<>());
    for (int i = 0; i < fit.requirements().size(); i++) {
      RequirementFit requirement = fit.requirements().get(i);
      if (requirement.outcome() != RunOutcome.REJECTED) {
        EventUse use = question.tool().requirements().get(i).anyOf().get(requirement.chosen());
        choose(use, kernel, choice.layouts);
        if (use.event() != null && hasBridged(requirement)) {
          kernel.entry(use.event()).ifPresent(choice.bridged::add);
        }
      }
    }
    return choice;
  }

  private static boolean hasBridged(RequirementFit requirement) {
    for (FieldFit field : requirement.fields()) {
      if (field.reason() == FitReason.BRIDGED) {
        return true;
      }
    }
    return false;
  }

  private Answer answer(Choice choice, long revision, BridgedSchemas schemas) {
    SeenKernel kernel = choice.kernel;
    KernelFit fit = choice.fit;
    boolean isProvisional = !kernel.needed().isEmpty();
    return new Answer(
        isProvisional && fit.outcome() != RunOutcome.REJECTED ? RunOutcome.UNKNOWN : fit.outcome(),
        fit.requirements(),
        choice.layouts.stream()
            .map(layout ->
                choice.bridged.contains(layout)
                    ? bridgedReading(layout, revision, schemas)
                    : readings.of(layout))
            .toList(),
        List.copyOf(kernel.needed()),
        Optional.of(kernel.id()).filter(id -> !id.isEmpty()),
        isProvisional ? Duration.ZERO : settings.cacheFor(),
        revision);
  }

  private Reading bridgedReading(LayoutEntry layout, long revision, BridgedSchemas schemas) {
    BridgedLayout bridged = schemas.of(layout, revision);
    SchemaVersion schema = schemas.version(layout, bridged, revision).orElseThrow();
    return readings.of(layout, schema, bridged.bridges());
  }

  /// Takes the event of a use, which its reader needs a plan for. A raw tracepoint does not read
  /// records.
  private static void choose(EventUse use, SeenKernel kernel, Set<LayoutEntry> chosen) {
    if (use.event() == null || kernel.layoutHash(use.event()).isEmpty()) {
      return;
    }
    Optional<LayoutEntry> layout = kernel.entry(use.event());
    layout.ifPresent(chosen::add);
    if (layout.isEmpty() && use.access() != AccessClass.RAW_ARGS) {
      kernel.need(use.event());
    }
  }
}
