package dev.tracery.registry.core;

import dev.tracery.compiler.FormatCompiler;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Layouts;
import dev.tracery.registry.Negotiation.SeenEvent;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.RegistryException.Code;
import dev.tracery.registry.bridge.BridgedLayout;
import dev.tracery.registry.bridge.InstalledBridges;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.index.LayoutEntry;
import java.util.List;
import java.util.Optional;

/// The layouts over the log. Thread-safe.
final class LogLayouts implements Layouts {

  private final Log log;
  private final FormatCompiler compiler;
  private final StoredLayouts stored;
  private final int maxLearned;
  private final InstalledBridges bridges;

  /// @param compiler for formats that are new
  LogLayouts(
      Log log,
      FormatCompiler compiler,
      StoredLayouts stored,
      int maxLearned,
      InstalledBridges bridges) {
    this.log = log;
    this.compiler = compiler;
    this.stored = stored;
    this.maxLearned = maxLearned;
    this.bridges = bridges;
  }

  @Override
  public byte[] format(Sha256 layoutHash) {
    if (!log.index().knowsLayout(layoutHash, log.index().head().revision())) {
      throw new RegistryException(
          Code.NOT_FOUND, layoutHash.hex(), "no event has the layout " + layoutHash);
    }
    return stored.format(layoutHash);
  }

  @Override
  public List<SeenEvent> unknown(List<SeenEvent> events) {
    Index index = log.index();
    long revision = index.head().revision();
    return events.stream()
        .filter(event -> index.layout(event.event(), event.layoutHash(), revision).isEmpty())
        .toList();
  }

  @Override
  public void learn(KernelIdentity kernel, List<SeenEvent> events) {
    LearningPlanner planner = new LearningPlanner(compiler, stored, maxLearned, kernel, events);
    planner.check(log.index());
    if (planner.hasNews(log.index())) {
      log.write(planner::plan, false);
    }
  }

  @Override
  public Optional<Bridged> bridged(EventName event, Sha256 layoutHash) {
    BridgedSchemas schemas = new BridgedSchemas(bridges.table(), stored);
    if (!schemas.concern(event)) {
      return Optional.empty();
    }
    long revision = log.index().head().revision();
    LayoutEntry layout = log.index().layout(event, layoutHash, revision).orElse(null);
    if (layout == null || schemas.of(layout, revision).bridges().isEmpty()) {
      return Optional.empty();
    }
    long readable = log.write(now -> schemas.plan(now, List.of(layout)), false).revision();
    BridgedLayout bridged = schemas.of(layout, readable);
    return schemas
        .version(layout, bridged, readable)
        .map(version -> new Bridged(version.version(), bridged.bridges()));
  }
}
