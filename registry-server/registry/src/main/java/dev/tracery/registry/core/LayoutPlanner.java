package dev.tracery.registry.core;

import com.google.protobuf.ByteString;
import dev.tracery.compiler.FormatCompiler;
import dev.tracery.compiler.layout.CanonicalForm;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.lineage.Evolution;
import dev.tracery.compiler.lineage.Lineage;
import dev.tracery.compiler.lineage.LineageEvolver;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import dev.tracery.diagnostic.SourceLocation;
import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;
import dev.tracery.model.Target;
import dev.tracery.registry.index.EventEntry;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.index.LayoutEntry;
import dev.tracery.registry.index.SchemaCodec;
import dev.tracery.registry.log.Entry;
import dev.tracery.registry.log.LayoutAdded;
import dev.tracery.registry.log.SchemaVersionAdded;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides what the layouts of one kernel's events add to the log: compiles the formats that are
/// new, and gives their layouts schema versions. Changes nothing but the lists that it was given.
final class LayoutPlanner {

  private final FormatCompiler compiler;
  private final LineageEvolver evolver = new LineageEvolver();
  private final StoredLayouts stored;
  private final Index index;
  private final long revision;
  private final Target target;
  private final Findings findings;
  private final List<Entry> entries;
  private final Map<Sha256, byte[]> blobs = new HashMap<>();
  private @Nullable Set<String> takenMessageNames;
  private int addedLayouts;
  private int addedVersions;

  /// @param findings to which goes what is found in the formats
  /// @param entries to which goes what the log lacks
  LayoutPlanner(
      FormatCompiler compiler,
      StoredLayouts stored,
      Index index,
      Target target,
      Findings findings,
      List<Entry> entries) {
    this.compiler = compiler;
    this.stored = stored;
    this.index = index;
    this.revision = index.head().revision();
    this.target = target;
    this.findings = findings;
    this.entries = entries;
  }

  /// The canonical forms of the layouts that the store lacks.
  Map<Sha256, byte[]> blobs() {
    return blobs;
  }

  int addedVersions() {
    return addedVersions;
  }

  /// The place of an event's layout in the log, known or now added; -1 where it cannot be had, and
  /// the findings say why. To be asked once for each event.
  ///
  /// @param file how diagnostics name the format
  /// @param text null only if some event has the layout
  int place(EventName event, Sha256 hash, String file, byte @Nullable [] text) {
    Optional<Target> known = index.targetOf(hash);
    if (known.isPresent() && !known.get().equals(target)) {
      findings.add(
          new Diagnostic(
              Severity.ERROR,
              "LAYOUT_OF_OTHER_TARGET",
              SourceLocation.inText(file, 0, 0, 0),
              event + " has a layout of " + known.get() + " kernels, but the kernel is " + target,
              "is the kernel's word size or byte order wrong?"));
      return -1;
    }
    Optional<LayoutEntry> entry = index.layout(event, hash, revision);
    if (entry.isPresent()) {
      return entry.get().ordinal();
    }
    boolean isStored = index.knowsLayout(hash, revision);
    byte[] format = text == null ? stored.format(hash) : text;
    FormatCompiler.Result result = compiler.compile(file, format, target);
    result.diagnostics().forEach(findings::add);
    if (result.layout().isEmpty()) {
      return -1;
    }
    Layout layout = result.layout().get();
    if (!layout.eventName().equals(event.name())) {
      nameMismatch(event, file, layout, format);
    }
    if (findings.errorCount() > 0) {
      return -1;
    }
    if (!isStored) {
      blobs.put(hash, CanonicalForm.of(format, target));
    }
    Evolution evolution = evolve(event, layout);
    SchemaVersion version = evolution.version();
    int versionOrdinal;
    if (evolution.isNew()) {
      versionOrdinal = index.versionCount() + addedVersions++;
      entries.add(
          Entry.newBuilder()
              .setSchemaVersionAdded(
                  SchemaVersionAdded.newBuilder()
                      .setEvent(event.toString())
                      .setVersion(version.version())
                      .setMessageName(version.messageName())
                      .setContent(SchemaCodec.write(version).toByteString()))
              .build());
    } else {
      versionOrdinal =
          index
              .event(event, revision)
              .flatMap(found -> found.version(version.version(), revision))
              .orElseThrow()
              .ordinal();
    }
    entries.add(
        Entry.newBuilder()
            .setLayoutAdded(
                LayoutAdded.newBuilder()
                    .setHash(ByteString.copyFrom(hash.bytes()))
                    .setSchemaVersion(versionOrdinal))
            .build());
    return index.layoutCount() + addedLayouts++;
  }

  private Evolution evolve(EventName name, Layout layout) {
    Optional<EventEntry> event = index.event(name, revision);
    if (event.isPresent()) {
      List<SchemaVersion> versions =
          event.get().versions(revision).stream().map(SchemaCodec::read).toList();
      return evolver.evolve(new Lineage(versions), layout);
    }
    Set<String> taken = takenMessageNames;
    if (taken == null) {
      taken = new HashSet<>(index.messageNames(revision));
      takenMessageNames = taken;
    }
    Evolution evolution = evolver.begin(name, layout, taken);
    taken.add(evolution.version().messageName());
    return evolution;
  }

  private void nameMismatch(EventName event, String file, Layout layout, byte[] text) {
    FormatText.Line line = FormatText.find(text, "name:");
    findings.add(
        new Diagnostic(
            Severity.ERROR,
            "EVENT_NAME_MISMATCH",
            SourceLocation.inText(file, line.number(), 1, line.start()),
            "expected the format of "
                + Texts.quoted(event.name())
                + " but found that of "
                + Texts.quoted(layout.eventName()),
            "the folder of a format has the event's name"));
  }
}
