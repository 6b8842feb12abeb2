package dev.tracery.registry.core;

import dev.tracery.compiler.FormatCompiler;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.index.KernelEntry;
import dev.tracery.registry.index.LayoutEntry;
import dev.tracery.registry.index.SystemEntry;
import dev.tracery.registry.log.Commit;
import dev.tracery.registry.log.Entry;
import dev.tracery.registry.log.SeriesJoined;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Decides what a registration adds to the log: compiles the formats that are new, and gives their
/// layouts schema versions. Changes nothing. Events are taken in the order of their names, whatever
/// the order in which they came, so that the same registrations make the same log.
final class RegistrationPlanner {

  private static final int MAX_NAMED = 5;

  private final Index index;
  private final long revision;
  private final PendingKernel kernel;
  private final KernelIdentity identity;
  private final Findings findings = new Findings();
  private final List<Entry> entries = new ArrayList<>();
  private final LayoutPlanner layoutPlanner;
  private final Map<Sha256, byte[]> texts = new HashMap<>();
  private final List<PendingEvent> unknown = new ArrayList<>();

  RegistrationPlanner(
      FormatCompiler compiler, StoredLayouts stored, Index index, PendingKernel kernel) {
    this.index = index;
    this.revision = index.head().revision();
    this.kernel = kernel;
    this.identity = kernel.identity();
    this.layoutPlanner =
        new LayoutPlanner(compiler, stored, index, identity.target(), findings, entries);
  }

  /// The plan of a registration.
  ///
  /// @throws RegistryException INVALID_ARGUMENT with everything that is wrong in the formats;
  ///   FAILED_PRECONDITION for layouts that came without text and are not known, for a series of
  ///   another architecture, and for other BTF than the kernel is registered with
  RegistrationPlan plan() {
    List<PendingEvent> events = kernel.events();
    Optional<String> series = kernel.series();
    if (events.isEmpty() && kernel.systems().isEmpty()) {
      throw new RegistryException(
          RegistryException.Code.INVALID_ARGUMENT,
          "events",
          "the registration has no events; a kernel has at least one");
    }
    series.ifPresent(this::checkTarget);
    kernel.checkUnique(findings);
    for (PendingEvent event : events) {
      if (event.text() != null) {
        texts.put(event.hash(), event.text());
      }
    }
    Manifest manifest = kernel.manifest();
    int[] layouts = layouts(manifest);
    refuseErrors();
    String id = manifest.kernelId();
    Optional<KernelEntry> known = index.kernelById(id, revision);
    if (known.isEmpty()) {
      entries.addAll(new ManifestEntries(index, identity, manifest, layouts).entries(series));
    } else if (series.isPresent() && !known.get().isIn(series.get(), revision)) {
      entries.add(
          Entry.newBuilder()
              .setSeriesJoined(SeriesJoined.newBuilder().setKernelId(id).setSeries(series.get()))
              .build());
    }
    List<Entry> types =
        kernel
            .types()
            .map(given -> new TypesPlanner(index.types()).entries(id, known, given))
            .orElse(List.of());
    entries.addAll(types);
    return new RegistrationPlan(
        index,
        revision,
        Commit.newBuilder().addAllEntries(entries).build(),
        layoutPlanner.blobs(),
        id,
        identity,
        manifest.fingerprint(),
        series,
        kernel.types().map(GivenTypes::hash),
        kernel.eventCount(),
        manifest.nodes().size(),
        known.isEmpty(),
        !types.isEmpty(),
        layoutPlanner.blobs().size(),
        layoutPlanner.addedVersions(),
        findings.warnings(),
        findings.warningCount());
  }

  /// A series is of one architecture: its kernels are judged one against the other, byte for byte.
  private void checkTarget(String series) {
    for (KernelEntry first : index.kernels(series, 0, 1, revision)) {
      if (!first.identity().target().equals(identity.target())) {
        throw new RegistryException(
            RegistryException.Code.FAILED_PRECONDITION,
            "series",
            "the series "
                + series
                + " is of "
                + first.identity().target()
                + " kernels, such as "
                + first.identity().release()
                + ", and "
                + identity.release()
                + " is "
                + identity.target()
                + "; choose another series");
      }
    }
  }

  /// Whether the plan, and the judgement of it, takes no time worth speaking of: every layout is
  /// known of its event, and each system has the layouts that it has in the kernel before in the
  /// series.
  boolean isQuick() {
    Optional<KernelEntry> before =
        kernel.series().flatMap(series -> index.before(null, series, revision));
    Manifest manifest = kernel.manifest();
    int[] places = places(manifest);
    for (Manifest.Node node : manifest.nodes()) {
      Optional<SystemEntry> like =
          isKnown(node) ? index.system(node.hash()) : index.systemWith(ofNode(places, node));
      if (like.isEmpty()
          || before.flatMap(kernel -> kernel.system(node.system())).stream()
              .anyMatch(system -> !system.sharesLayouts(like.get()))) {
        return false;
      }
    }
    return true;
  }

  /// The places in the log of the layouts of those systems that are not known.
  private int[] layouts(Manifest manifest) {
    // Why kept: what is in the log stays where it is, and what is added now may be elsewhere when
    // the plan is made again.
    int[] layouts = places(manifest).clone();
    for (Manifest.Node node : manifest.nodes()) {
      if (!isKnown(node)) {
        for (int i = node.from(); i < node.from() + node.events().size(); i++) {
          if (layouts[i] == PendingKernel.NOWHERE) {
            layouts[i] = layout(kernel.events().get(i));
          }
        }
      }
    }
    return layouts;
  }

  /// Those of layouts that the log has of their events.
  private int[] places(Manifest manifest) {
    int[] places = kernel.places(index);
    for (Manifest.Node node : manifest.nodes()) {
      if (!isKnown(node)) {
        for (int i = node.from(); i < node.from() + node.events().size(); i++) {
          if (places[i] == PendingKernel.NOWHERE) {
            PendingEvent event = kernel.events().get(i);
            places[i] =
                index
                    .layout(event.event(), event.hash(), revision)
                    .filter(layout -> identity.target().equals(layout.target()))
                    .map(LayoutEntry::ordinal)
                    .orElse(PendingKernel.NOWHERE);
          }
        }
      }
    }
    return places;
  }

  private static int[] ofNode(int[] places, Manifest.Node node) {
    return Arrays.copyOfRange(places, node.from(), node.from() + node.events().size());
  }

  /// Whether the log has this very node, so that all layouts in it are known, too.
  private boolean isKnown(Manifest.Node node) {
    return index
        .system(node.hash())
        .filter(known -> identity.target().equals(known.layout(0).target()))
        .isPresent();
  }

  /// The place of the event's layout in the log, known or now added; -1 where it cannot be had.
  private int layout(PendingEvent event) {
    // Why not only the event's own: a client sends the text of a layout once, whatever number of
    // events have it.
    byte[] text = texts.get(event.hash());
    if (text == null && !index.knowsLayout(event.hash(), revision)) {
      unknown.add(event);
      return -1;
    }
    return layoutPlanner.place(event.event(), event.hash(), event.file(), text);
  }

  private void refuseErrors() {
    if (findings.errorCount() > 0) {
      List<Diagnostic> all = findings.all();
      String listed =
          findings.errorCount() > all.size()
              ? String.format("; the first %,d are listed", all.size())
              : "";
      throw new RegistryException(
          RegistryException.Code.INVALID_ARGUMENT,
          "events",
          "the formats have "
              + Texts.count(findings.errorCount(), "error")
              + listed
              + "; nothing was registered; first: "
              + all.getFirst(),
          all);
    }
    if (!unknown.isEmpty()) {
      StringBuilder named = new StringBuilder();
      for (PendingEvent event : unknown.subList(0, Math.min(MAX_NAMED, unknown.size()))) {
        named.append(named.isEmpty() ? "" : ", ").append(event.event());
        named.append(" (").append(event.hash().hex(), 0, 16).append("…)");
      }
      throw new RegistryException(
          RegistryException.Code.FAILED_PRECONDITION,
          unknown.getFirst().event().toString(),
          Texts.count(unknown.size(), "layout")
              + (unknown.size() == 1 ? " is" : " are")
              + " not known and came without format: "
              + named
              + (unknown.size() > MAX_NAMED ? ", and more" : "")
              + "; send the formats of what FindMissingLayouts names");
    }
  }
}
