package dev.tracery.conformance;

import dev.tracery.compiler.emit.DescriptorEmitter;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.lineage.SchemaField;
import dev.tracery.conformance.v1.PlanCase;
import dev.tracery.decode.PlanInterpreter;
import dev.tracery.it.SampleKernel;
import dev.tracery.model.EventName;
import dev.tracery.trace.RecordCursor;
import dev.tracery.trace.RecordFilter;
import dev.tracery.trace.Trace;
import dev.tracery.trace.TraceLimits;
import dev.tracery.trace.Traces;
import dev.tracery.translate.EventType;
import dev.tracery.translate.EventTypes;
import dev.tracery.translate.FreshSchemas;
import dev.tracery.v1.DecodeOperation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Records that the sample kernels wrote: of each kernel the events that have something new, until
/// there are enough, and of each event a few.
final class SampleRecords {

  private static final List<String> ALWAYS = List.of("sched/sched_switch", "sched/sched_waking");
  private static final int RECORDS = 3;
  private static final int OF_EACH_KERNEL = 22;
  private static final int LONGEST_RECORD = 400;

  /// Tables of flags make some descriptors very long.
  private static final int LONGEST_FILE = 3500;

  /// An event of a trace with some of its records.
  private static final class Seen {
    final EventType type;
    final Set<List<Byte>> records = new java.util.LinkedHashSet<>();

    Seen(EventType type) {
      this.type = type;
    }
  }

  private final List<PlanCase> cases = new ArrayList<>();
  private final FreshSchemas schemas = new FreshSchemas();
  private final Set<String> everHad = new HashSet<>();
  private final Set<EventName> everEvent = new HashSet<>();

  static List<PlanCase> make(List<SampleKernel> kernels) {
    SampleRecords made = new SampleRecords();
    kernels.forEach(made::kernel);
    return List.copyOf(made.cases);
  }

  private void kernel(SampleKernel kernel) {
    Map<String, Seen> events = new TreeMap<>();
    try {
      Path traces = SampleKernel.SAMPLES.resolve(kernel.id()).resolve("traces");
      List<Path> files;
      try (Stream<Path> all = Files.list(traces)) {
        files = all.filter(file -> file.toString().endsWith(".dat.zst")).sorted().toList();
      }
      for (Path file : files) {
        try (Trace trace = Traces.open(file, TraceLimits.DEFAULT)) {
          read(trace, events);
        }
      }
      Path folder = Files.createTempDirectory("rawall");
      try {
        dev.tracery.it.RawRecords.read(kernel, "rawall", folder);
        try (Trace trace =
            Traces.openPages(folder, SampleKernel.tar(kernel.id()), TraceLimits.DEFAULT)) {
          read(trace, events);
        }
      } finally {
        dev.tracery.it.Folders.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(kernel.id(), e);
    }
    choose(kernel, events).forEach(seen -> add(kernel, seen));
  }

  private void read(Trace trace, Map<String, Seen> events) throws IOException {
    EventTypes types =
        new EventTypes(trace.content(), schemas, (plan, _) -> new PlanInterpreter(plan));
    try (RecordCursor cursor = trace.records(RecordFilter.ALL)) {
      while (cursor.advance()) {
        EventType type = types.of(cursor.bytes(), cursor.offset(), cursor.length());
        if (type == null || cursor.length() > LONGEST_RECORD) {
          continue;
        }
        Seen seen = events.computeIfAbsent(type.name().toString(), _ -> new Seen(type));
        if (seen.records.size() < 40 && seen.type.layout().hash().equals(type.layout().hash())) {
          List<Byte> record = new ArrayList<>();
          for (int i = 0; i < cursor.length(); i++) {
            record.add(cursor.bytes()[cursor.offset() + i]);
          }
          seen.records.add(record);
        }
      }
    }
  }

  private List<Seen> choose(SampleKernel kernel, Map<String, Seen> events) {
    Map<String, Seen> chosen = new LinkedHashMap<>();
    for (String event : ALWAYS) {
      chosen.put(event, Objects.requireNonNull(events.get(event), () -> kernel.id() + event));
    }
    Set<String> had = new HashSet<>();
    chosen.values().forEach(seen -> had.addAll(features(seen.type)));
    everHad.addAll(had);
    // What no kernel before had, then what this one's cases have not, then other events.
    for (Set<String> known : List.of(everHad, had)) {
      events.forEach((name, seen) -> {
        Set<String> features = features(seen.type);
        boolean fits = file(seen.type).getSerializedSize() <= LONGEST_FILE;
        if (chosen.size() < OF_EACH_KERNEL && fits && !known.containsAll(features)) {
          chosen.put(name, seen);
          had.addAll(features);
          everHad.addAll(features);
          everEvent.add(seen.type.name());
        }
      });
    }
    events.forEach((name, seen) -> {
      boolean fits = file(seen.type).getSerializedSize() <= LONGEST_FILE / 2;
      if (chosen.size() < OF_EACH_KERNEL && fits && everEvent.add(seen.type.name())) {
        chosen.put(name, seen);
      }
    });
    return List.copyOf(chosen.values());
  }

  /// What a client may get wrong in an event.
  private static Set<String> features(EventType type) {
    Set<String> features = new HashSet<>();
    for (DecodeOperation operation : type.plan().getOperationsList()) {
      features.add(
          operation.getPlacement()
              + " "
              + operation.getConversion()
              + " "
              + operation.getElementSize()
              + (operation.getSigned() ? " signed" : ""));
    }
    for (SchemaField field : type.schema().fields()) {
      if (field.occurrence() > 0) {
        features.add("occurrence");
      }
      field.symbols().forEach(table -> features.add("symbols " + table.match()));
      if (field.symbols().size() > 1) {
        features.add("tables");
      }
    }
    return features;
  }

  private static com.google.protobuf.DescriptorProtos.FileDescriptorProto file(EventType type) {
    return new DescriptorEmitter().emit(type.schema());
  }

  private void add(SampleKernel kernel, Seen seen) {
    Layout layout = seen.type.layout();
    CheckedPlan plan =
        new CheckedPlan(kernel.id() + " " + seen.type.name(), seen.type.plan(), file(seen.type));
    List<byte[]> records = seen.records.stream().map(SampleRecords::bytes).toList();
    Set<Integer> indexes = new java.util.TreeSet<>();
    for (int i = 0; i < RECORDS; i++) {
      indexes.add(i * (records.size() - 1) / (RECORDS - 1));
    }
    indexes.forEach(index -> plan.add("recorded, no. " + index, records.get(index)));
    if (ALWAYS.contains(seen.type.name().toString())) {
      byte[] first = records.getFirst();
      plan.add("cut before its last field", Arrays.copyOf(first, layout.fixedSize() - 4));
    }
    cases.add(plan.build());
  }

  private static byte[] bytes(List<Byte> list) {
    byte[] bytes = new byte[list.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = list.get(i);
    }
    return bytes;
  }
}
