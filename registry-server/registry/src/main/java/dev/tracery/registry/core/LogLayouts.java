package dev.tracery.registry.core;

import dev.tracery.compiler.FormatCompiler;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Layouts;
import dev.tracery.registry.Negotiation.SeenEvent;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.RegistryException.Code;
import dev.tracery.registry.index.Index;
import java.util.List;

/// The layouts over the log. Thread-safe.
final class LogLayouts implements Layouts {

  private final Log log;
  private final FormatCompiler compiler;
  private final StoredLayouts stored;
  private final int maxLearned;

  /// @param compiler for formats that are new
  LogLayouts(Log log, FormatCompiler compiler, StoredLayouts stored, int maxLearned) {
    this.log = log;
    this.compiler = compiler;
    this.stored = stored;
    this.maxLearned = maxLearned;
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
}
