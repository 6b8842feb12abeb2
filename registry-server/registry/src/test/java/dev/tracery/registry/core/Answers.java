package dev.tracery.registry.core;

import dev.tracery.model.Sha256;
import dev.tracery.registry.Registry;
import dev.tracery.registry.Registry.Kernel;
import dev.tracery.registry.Registry.KernelEvent;
import dev.tracery.registry.Registry.Schema;
import dev.tracery.registry.Registry.SchemaPart;
import dev.tracery.registry.Registry.SchemaSelector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Everything that a registry answers at one revision, to be compared with what another answers.
final class Answers {

  private static final Set<SchemaPart> OF_SCHEMA =
      Set.of(SchemaPart.DESCRIPTOR, SchemaPart.IMPORTS, SchemaPart.PROTO);

  private Answers() {}

  /// All answers at `revision`; each under the question.
  static Map<String, Object> at(Registry registry, long revision) {
    return at(registry, revision, 1);
  }

  /// All answers at `revision`, but only every `stride`-th of the schemas.
  static Map<String, Object> at(Registry registry, long revision, int stride) {
    Map<String, Object> answers = new TreeMap<>();
    List<Kernel> kernels = registry.kernels("", 0, Integer.MAX_VALUE, revision);
    answers.put("kernels", kernels);
    for (Kernel kernel : kernels) {
      answers.put("kernel " + kernel.id(), registry.kernel(kernel.id(), revision));
      answers.put("types of " + kernel.id(), registry.types(kernel.id(), "", revision));
      for (String series : kernel.series()) {
        answers.put("series " + series, registry.kernels(series, 0, 1_000, revision));
      }
      List<KernelEvent> events =
          registry.events(kernel.id(), "", null, Integer.MAX_VALUE, revision);
      answers.put("events of " + kernel.id(), events);
      for (int i = 0; i < events.size(); i += stride) {
        KernelEvent event = events.get(i);
        answers.put(
            "schema of " + event.event() + " in " + event.layoutHash().orElseThrow(),
            digest(
                registry.schema(
                    event.event(),
                    new SchemaSelector.ByKernel(kernel.id()),
                    EnumSet.allOf(SchemaPart.class),
                    revision)));
      }
    }
    List<KernelEvent> lineages = registry.events("", "", null, Integer.MAX_VALUE, revision);
    answers.put("lineages", lineages);
    for (int i = 0; i < lineages.size(); i += stride) {
      KernelEvent lineage = lineages.get(i);
      for (int version = 1; version <= lineage.schemaVersion(); version++) {
        answers.put(
            "version " + version + " of " + lineage.event(),
            digest(
                registry.schema(
                    lineage.event(), new SchemaSelector.ByVersion(version), OF_SCHEMA, revision)));
      }
    }
    answers.put(
        "changes",
        registry.changes(0, Integer.MAX_VALUE).stream()
            .takeWhile(changes -> changes.revision() <= revision)
            .toList());
    for (int i = 1; i < kernels.size(); i++) {
      answers.put(
          "diff " + i,
          registry.diff(
              kernels.get(i - 1).id(), kernels.get(i).id(), stride == 1 ? "" : "s*_*", revision));
    }
    return answers;
  }

  /// What an answer says, short enough to be kept by the thousand.
  private static Sha256 digest(Schema schema) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      bytes.write(
          (schema.event() + " " + schema.version() + " " + schema.messageName()).getBytes());
      bytes.write((" " + schema.revision()).getBytes());
      bytes.write(schema.proto().orElse("").getBytes());
      schema.descriptorSet().ifPresent(set -> write(bytes, set.toByteArray()));
      schema.decodePlan().ifPresent(plan -> write(bytes, plan.toByteArray()));
      schema.layout().ifPresent(layout -> write(bytes, layout.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Sha256.of(bytes.toByteArray());
  }

  private static void write(ByteArrayOutputStream out, byte[] bytes) {
    out.writeBytes(bytes);
  }
}
