package dev.tracery.registry.core;

import dev.tracery.compiler.FormatCompiler;
import dev.tracery.compiler.layout.CanonicalForm;
import dev.tracery.consumer.EventUse;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.model.Target;
import dev.tracery.registry.Negotiation.Question;
import dev.tracery.registry.Negotiation.SeenEvent;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.RegistryException.Code;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.log.Commit;
import dev.tracery.registry.log.Entry;
import dev.tracery.registry.log.LayoutsLearned;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Decides what a negotiation, or the translation of a trace, adds to the log: the layouts of the
/// events that the tool names, or that the trace has, which came with their texts and are new. So
/// the numbers of their fields are given out once and for ever. Changes nothing.
final class LearningPlanner {

  /// What a negotiation would add to the log.
  record Plan(Index index, long base, Commit commit, Map<Sha256, byte[]> blobs)
      implements LogPlan {}

  private final FormatCompiler compiler;
  private final StoredLayouts stored;
  private final int maxLearned;
  private final KernelIdentity kernel;
  private final List<SeenEvent> seen;
  private final Target target;
  private final Set<EventName> named;

  /// @param maxLearned layouts that all negotiations and traces together may bring
  LearningPlanner(
      FormatCompiler compiler, StoredLayouts stored, int maxLearned, Question question) {
    this(compiler, stored, maxLearned, question.kernel(), question.seen(), named(question));
  }

  /// The same for events that all count.
  LearningPlanner(
      FormatCompiler compiler,
      StoredLayouts stored,
      int maxLearned,
      KernelIdentity kernel,
      List<SeenEvent> seen) {
    this(
        compiler,
        stored,
        maxLearned,
        kernel,
        seen,
        seen.stream().map(SeenEvent::event).collect(Collectors.toUnmodifiableSet()));
  }

  private LearningPlanner(
      FormatCompiler compiler,
      StoredLayouts stored,
      int maxLearned,
      KernelIdentity kernel,
      List<SeenEvent> seen,
      Set<EventName> named) {
    this.compiler = compiler;
    this.stored = stored;
    this.maxLearned = maxLearned;
    this.kernel = kernel;
    this.seen = List.copyOf(seen);
    this.target = kernel.target();
    this.named = named;
  }

  private static Set<EventName> named(Question question) {
    Set<EventName> named = new HashSet<>();
    for (var requirement : question.tool().requirements()) {
      for (EventUse use : requirement.anyOf()) {
        if (use.event() != null) {
          named.add(use.event());
        }
      }
    }
    return named;
  }

  /// Refuses hashes of another machine's layouts, and texts whose hash is another than was said.
  ///
  /// @throws RegistryException INVALID_ARGUMENT naming the field
  void check(Index index) {
    for (int i = 0; i < seen.size(); i++) {
      SeenEvent event = seen.get(i);
      Target known = index.targetOf(event.layoutHash()).orElse(target);
      if (!known.equals(target)) {
        throw invalid(
            "events[" + i + "].layout_hash",
            event.event()
                + " has a layout of "
                + known
                + " kernels, but the kernel is "
                + target
                + "; is its word size or byte order wrong?");
      }
      if (event.text() != null) {
        Sha256 found = CanonicalForm.hash(event.text(), target);
        if (!found.equals(event.layoutHash())) {
          throw invalid(
              "events[" + i + "].text",
              "the layout of "
                  + event.event()
                  + " was said to have the hash "
                  + event.layoutHash()
                  + " but its format, on a "
                  + target
                  + " kernel, has "
                  + found);
        }
      }
    }
  }

  /// Whether there is something to learn.
  boolean hasNews(Index index) {
    long revision = index.head().revision();
    return seen.stream().anyMatch(event -> isNew(index, revision, event));
  }

  private boolean isNew(Index index, long revision, SeenEvent event) {
    return named.contains(event.event())
        && index.layout(event.event(), event.layoutHash(), revision).isEmpty()
        && (event.text() != null || index.knowsLayout(event.layoutHash(), revision));
  }

  /// The plan.
  ///
  /// @throws RegistryException INVALID_ARGUMENT with everything that is wrong in the formats;
  ///   RESOURCE_EXHAUSTED if there would be too many
  Plan plan(Index index) {
    long revision = index.head().revision();
    Findings findings = new Findings();
    List<Entry> entries = new ArrayList<>();
    LayoutPlanner layouts = new LayoutPlanner(compiler, stored, index, target, findings, entries);
    List<SeenEvent> news =
        seen.stream()
            .filter(event -> isNew(index, revision, event))
            // Why: so that the same negotiations make the same log.
            .sorted(Comparator.comparing(SeenEvent::event))
            .toList();
    for (SeenEvent event : news) {
      layouts.place(event.event(), event.layoutHash(), event.event() + "/format", event.text());
    }
    refuseErrors(findings);
    if (!news.isEmpty()) {
      if (index.head().learned() + news.size() > maxLearned) {
        throw new RegistryException(
            Code.RESOURCE_EXHAUSTED,
            "tracery.limits.learned-layouts",
            String.format(
                "tools and traces have brought %,d layouts that no registered kernel had, and no more"
                    + " than %,d are kept (tracery.limits.learned-layouts); register the kernel %s",
                index.head().learned(), maxLearned, Texts.quoted(kernel.release())));
      }
      entries.add(
          Entry.newBuilder()
              .setLayoutsLearned(
                  LayoutsLearned.newBuilder()
                      .setWordBytes(target.wordSize().bytes())
                      .setBigEndian(target.byteOrder() == ByteOrder.BIG_ENDIAN))
              .build());
    }
    return new Plan(
        index, revision, Commit.newBuilder().addAllEntries(entries).build(), layouts.blobs());
  }

  private static void refuseErrors(Findings findings) {
    if (findings.errorCount() > 0) {
      List<Diagnostic> all = findings.all();
      throw new RegistryException(
          Code.INVALID_ARGUMENT,
          "events",
          "the formats have "
              + Texts.count(findings.errorCount(), "error")
              + "; first: "
              + all.getFirst(),
          all);
    }
  }

  private static RegistryException invalid(String field, String message) {
    return new RegistryException(Code.INVALID_ARGUMENT, field, field + ": " + message);
  }
}
