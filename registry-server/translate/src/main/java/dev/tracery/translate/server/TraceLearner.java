package dev.tracery.translate.server;

import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import dev.tracery.diagnostic.SourceLocation;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.registry.Negotiation.SeenEvent;
import dev.tracery.registry.Registry;
import dev.tracery.registry.RegistryException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Has the registry learn the layouts that a trace brings, those of events that occur in it. What
/// cannot be learned is told, and its records are counted as unknown.
final class TraceLearner {

  private final Registry registry;
  private final Set<EventName> without = new HashSet<>();
  private final List<Diagnostic> problems = new ArrayList<>();

  TraceLearner(Registry registry) {
    this.registry = registry;
  }

  /// Has `occurring` learned, of `unknown`.
  ///
  /// @param kernel as the trace tells of it
  void learn(KernelIdentity kernel, List<SeenEvent> unknown, Set<Integer> occurring) {
    List<SeenEvent> wanted = new ArrayList<>();
    for (SeenEvent event : unknown) {
      if (occurring.contains(event.id())) {
        wanted.add(event);
      } else {
        without.add(event.event());
      }
    }
    try {
      if (!wanted.isEmpty()) {
        registry.layouts().learn(kernel, wanted);
      }
    } catch (RegistryException e) {
      // Why again, one by one: the rest need not suffer for one format.
      boolean single = e.code() == RegistryException.Code.INVALID_ARGUMENT;
      for (SeenEvent event : wanted) {
        if (single) {
          learnOne(kernel, event);
        } else {
          fail(event, e);
        }
      }
    }
  }

  private void learnOne(KernelIdentity kernel, SeenEvent event) {
    try {
      registry.layouts().learn(kernel, List.of(event));
    } catch (RegistryException e) {
      fail(event, e);
    }
  }

  private void fail(SeenEvent event, RegistryException e) {
    without.add(event.event());
    problems.add(
        new Diagnostic(
            Severity.ERROR,
            "LAYOUT_NOT_LEARNED",
            SourceLocation.inText(event.event() + "/format", 1, 1, 0),
            "the registry does not know this layout and cannot learn it: " + e.getMessage(),
            "register the kernel, or translate the file without the server"));
  }

  /// The events that stay without a schema.
  Set<EventName> without() {
    return without;
  }

  /// What could not be learned, and why.
  List<Diagnostic> problems() {
    return problems;
  }
}
