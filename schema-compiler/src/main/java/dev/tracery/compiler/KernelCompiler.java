package dev.tracery.compiler;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tracery.compiler.emit.DecodePlanner;
import dev.tracery.compiler.emit.DescriptorEmitter;
import dev.tracery.compiler.emit.DescriptorReader;
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
import dev.tracery.v1.DecodePlan;
import dev.tracery.v1.OptionsProto;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Compiles the formats of kernels, one kernel after the other, without a registry: what comes
/// first is numbered first. The same formats in the same order give the same schemas and plans. Not
/// thread-safe.
public final class KernelCompiler {

  private static final List<FileDescriptorProto> IMPORTS =
      List.of(
          DescriptorProto.getDescriptor().getFile().toProto(),
          OptionsProto.getDescriptor().getFile().toProto());

  private final FormatCompiler formats = new FormatCompiler();
  private final LineageEvolver evolver = new LineageEvolver();
  private final DecodePlanner planner = new DecodePlanner();
  private final Map<EventName, Lineage> lineages = new TreeMap<>();
  private final Set<String> messageNames = new HashSet<>();
  private final Map<PlanKey, DecodePlan> plans = new TreeMap<>();
  private int newVersions;

  private record PlanKey(EventName event, Sha256 layout) implements Comparable<PlanKey> {
    private static final Comparator<PlanKey> ORDER =
        Comparator.comparing(PlanKey::event).thenComparing(PlanKey::layout);

    @Override
    public int compareTo(PlanKey other) {
      return ORDER.compare(this, other);
    }
  }

  /// Begins every lineage anew.
  public KernelCompiler() {}

  /// Continues the lineages in the bytes of a [#descriptors]: fields keep their numbers, and no
  /// number is given to another meaning.
  ///
  /// @throws IllegalArgumentException if it is anything else, saying why
  public static KernelCompiler continuing(byte[] descriptors) {
    KernelCompiler compiler = new KernelCompiler();
    DescriptorReader reader = new DescriptorReader();
    Set<String> imports = new HashSet<>();
    IMPORTS.forEach(file -> imports.add(file.getName()));
    for (FileDescriptorProto file : parse(descriptors).getFileList()) {
      if (!imports.contains(file.getName())) {
        compiler.take(reader.read(file));
      }
    }
    return compiler;
  }

  private void take(SchemaVersion schema) {
    if (lineages.put(schema.event(), new Lineage(List.of(schema))) != null) {
      throw new IllegalArgumentException(schema.event() + " has two schemas in the lineage file");
    }
    if (!messageNames.add(schema.messageName())) {
      throw new IllegalArgumentException(
          schema.messageName() + " stands for two events in the lineage file");
    }
  }

  private static FileDescriptorSet parse(byte[] descriptors) {
    ExtensionRegistry options = ExtensionRegistry.newInstance();
    OptionsProto.registerAllExtensions(options);
    try {
      return FileDescriptorSet.parseFrom(descriptors, options);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("not a FileDescriptorSet: " + e.getMessage(), e);
    }
  }

  /// Compiles one event's format. With an error among the diagnostics nothing has changed, and what
  /// comes out in the end lacks that event.
  ///
  /// @param file how diagnostics name it
  public List<Diagnostic> add(EventName event, String file, byte[] format, Target target) {
    PlanKey key = new PlanKey(event, CanonicalForm.hash(format, target));
    if (plans.containsKey(key)) {
      return List.of();
    }
    FormatCompiler.Result result = formats.compile(file, format, target);
    if (result.layout().isEmpty()) {
      return result.diagnostics();
    }
    Layout layout = result.layout().get();
    Optional<Diagnostic> mismatch = nameMismatch(event, file, layout);
    if (mismatch.isPresent()) {
      List<Diagnostic> diagnostics = new ArrayList<>(result.diagnostics());
      diagnostics.add(mismatch.get());
      return List.copyOf(diagnostics);
    }
    plans.put(key, planner.plan(layout, evolve(event, layout)));
    return result.diagnostics();
  }

  /// The error that a format's `name:` line is another event's than the one that it was found
  /// under; empty if it is not.
  public static Optional<Diagnostic> nameMismatch(EventName event, String file, Layout layout) {
    if (layout.eventName().equals(event.name())) {
      return Optional.empty();
    }
    return Optional.of(
        new Diagnostic(
            Severity.ERROR,
            "EVENT_NAME_MISMATCH",
            SourceLocation.inText(file, 1, 1, 0),
            "expected the format of \""
                + event.name()
                + "\" but found that of \""
                + layout.eventName()
                + "\"",
            "the folder of a format has the event's name"));
  }

  private SchemaVersion evolve(EventName event, Layout layout) {
    Lineage lineage = lineages.get(event);
    Evolution evolution =
        lineage == null
            ? evolver.begin(event, layout, messageNames)
            : evolver.evolve(lineage, layout);
    if (evolution.isNew()) {
      newVersions++;
      List<SchemaVersion> versions =
          new ArrayList<>(lineage == null ? List.of() : lineage.versions());
      versions.add(evolution.version());
      lineages.put(event, new Lineage(versions));
      messageNames.add(evolution.version().messageName());
    }
    return evolution.version();
  }

  /// The latest version of every lineage, by event.
  public List<SchemaVersion> schemas() {
    return lineages.values().stream().map(Lineage::latest).toList();
  }

  /// The decode plan of every layout that was compiled, by event and layout hash.
  public List<DecodePlan> plans() {
    return List.copyOf(plans.values());
  }

  /// The decode plan of one layout of an event; empty if it was not compiled.
  public Optional<DecodePlan> plan(EventName event, Sha256 layout) {
    return Optional.ofNullable(plans.get(new PlanKey(event, layout)));
  }

  /// How many schema versions were made that the lineages did not have.
  public int newVersions() {
    return newVersions;
  }

  /// The latest version of every lineage as one set that links by itself: the files that they
  /// import first. [#continuing] reads it.
  public FileDescriptorSet descriptors() {
    DescriptorEmitter emitter = new DescriptorEmitter();
    FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder().addAllFile(IMPORTS);
    lineages.values().forEach(lineage -> set.addFile(emitter.emit(lineage.latest())));
    return set.build();
  }
}
