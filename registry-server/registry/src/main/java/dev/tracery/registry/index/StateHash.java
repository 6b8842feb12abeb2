package dev.tracery.registry.index;

import dev.tracery.consumer.ConsumerWriter;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.model.Target;
import dev.tracery.registry.Compatibility.ModeRule;
import dev.tracery.registry.Compatibility.Policy;
import dev.tracery.registry.Compatibility.StabilityRule;
import dev.tracery.registry.Compatibility.Waiver;
import dev.tracery.registry.Translators.Installed;
import dev.tracery.registry.claims.ClaimChanges;
import dev.tracery.registry.claims.ClaimStep;
import dev.tracery.registry.claims.ToolVersion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A SHA-256 over everything that an index holds, through all revisions. Indexes that were folded
/// from the same log have the same one, however they were: commit by commit, from a snapshot, from
/// an import. It is compared between servers of one version, and not stored.
///
/// The parts, each with its name and how much there is of it, so that nothing of one can look like
/// another's:
///
/// | part | in the order | of each |
/// |---|---|---|
/// | `head` | | revision and all counts |
/// | `events` | of names | name, message, the places of its versions |
/// | `versions` | of the log | event, number, revision, content |
/// | `layouts` | of the log | hash, place of the version, revision, target |
/// | `systems` | of the log | name, hash, places of the layouts, relative ids |
/// | `kernels` | of the log | id, identity, fingerprint, places of the systems, first ids, revision, time; series with the revision of each; types with their revision |
/// | `series` | of names | the kernels' ids in the order of their joining, with the revision of each |
/// | `tracepoints`, `structs`, `types` | of the log | name and content; hash and places |
/// | `tools` | of names, and versions of a tool of their appearance | every declaration, sighting and end with revision and time |
/// | `users` | of events' names | versions of tools in the order in which they began to use it |
/// | `policies` | of revisions | the whole policy |
/// | `waivers` | of the log | all of it |
/// | `translators` | of the log | every installation and removal with revision and time |
/// | `revisions` | of the log | time, and what it changed, as those who watch are told |
///
/// Numbers are 8 bytes, highest first; texts and contents have their length before them.
public final class StateHash {

  private final MessageDigest digest = Sha256.digest();
  private final byte[] number = new byte[Long.BYTES];

  private StateHash() {}

  /// The hash of an index to which nothing is added meanwhile.
  public static Sha256 of(Index index) {
    StateHash hash = new StateHash();
    hash.head(index.head());
    hash.events(index);
    hash.kernels(index);
    hash.types(index.types());
    hash.claims(index);
    hash.rulings(index);
    hash.translators(index);
    hash.revisions(index);
    return Sha256.ofBytes(hash.digest.digest());
  }

  private void head(Head head) {
    part("head", 1);
    number(head.revision());
    number(head.kernels());
    number(head.events());
    number(head.schemaVersions());
    number(head.layouts());
    number(head.learned());
    number(head.typed());
  }

  private void events(Index index) {
    part("events", index.events().size());
    for (EventEntry event : index.events()) {
      text(event.text());
      text(event.messageName());
      List<VersionEntry> versions = event.versions(Long.MAX_VALUE);
      number(versions.size());
      versions.forEach(version -> number(version.ordinal()));
    }
    part("versions", index.versionCount());
    for (int i = 0; i < index.versionCount(); i++) {
      VersionEntry version = index.version(i);
      text(version.event().text());
      number(version.number());
      number(version.revision());
      bytes(version.content().toByteArray());
    }
    part("layouts", index.layoutCount());
    for (int i = 0; i < index.layoutCount(); i++) {
      LayoutEntry layout = index.layout(i);
      hash(layout.hash());
      number(layout.version().ordinal());
      number(layout.revision());
      target(layout.target());
    }
    part("systems", index.systemCount());
    for (int i = 0; i < index.systemCount(); i++) {
      SystemEntry system = index.system(i);
      text(system.system());
      hash(system.hash());
      number(system.size());
      for (int event = 0; event < system.size(); event++) {
        number(system.layout(event).ordinal());
        number(system.relativeId(event));
      }
    }
  }

  private void kernels(Index index) {
    List<KernelEntry> kernels = index.kernels("", 0, Integer.MAX_VALUE, Long.MAX_VALUE);
    part("kernels", kernels.size());
    for (KernelEntry kernel : kernels) {
      KernelIdentity identity = kernel.identity();
      text(kernel.id());
      text(identity.release());
      text(identity.build());
      text(identity.machine());
      target(identity.target());
      number(identity.pageSize());
      hash(kernel.fingerprint());
      number(kernel.systemCount());
      for (int i = 0; i < kernel.systemCount(); i++) {
        number(kernel.system(i).ordinal());
        number(kernel.firstId(i));
      }
      number(kernel.revision());
      time(kernel.at(Long.MAX_VALUE).registered());
      kernel.eachMembership((series, revision) -> {
        text(series);
        number(revision);
      });
      number(kernel.types(Long.MAX_VALUE).map(TypesEntry::ordinal).orElse(-1));
      number(kernel.typesRevision());
    }
    List<String> series = index.seriesNames(Long.MAX_VALUE);
    part("series", series.size());
    for (String name : series) {
      text(name);
      index.eachMember(
          name,
          (kernel, revision) -> {
            text(kernel.id());
            number(revision);
          });
    }
  }

  private void types(Types types) {
    part("tracepoints", types.tracepointCount());
    for (int i = 0; i < types.tracepointCount(); i++) {
      text(types.tracepoint(i).name());
      bytes(types.tracepoint(i).content().toByteArray());
    }
    part("structs", types.structCount());
    for (int i = 0; i < types.structCount(); i++) {
      text(types.struct(i).name());
      bytes(types.struct(i).content().toByteArray());
    }
    part("types", types.count());
    for (int i = 0; i < types.count(); i++) {
      TypesEntry entry = types.types(i);
      hash(entry.hash());
      number(entry.tracepointCount());
      for (int t = 0; t < entry.tracepointCount(); t++) {
        number(entry.tracepoint(t).ordinal());
      }
      number(entry.structCount());
      for (int s = 0; s < entry.structCount(); s++) {
        number(entry.struct(s).ordinal());
      }
    }
  }

  private void claims(Index index) {
    List<ToolVersion> tools = index.claims().all(Long.MAX_VALUE).toList();
    part("tools", tools.size());
    for (ToolVersion tool : tools) {
      text(tool.name());
      text(tool.version());
      List<ClaimStep> steps = tool.steps();
      number(steps.size());
      for (ClaimStep step : steps) {
        number(step.revision());
        number(step.timeMillis());
        switch (step) {
          case ClaimStep.Declared declared -> {
            text("declared");
            bytes(ConsumerWriter.write(declared.consumer()).toByteArray());
          }
          case ClaimStep.Observed observed -> {
            text("observed");
            bytes(ConsumerWriter.write(observed.consumer()).toByteArray());
          }
          case ClaimStep.Ended ended -> {
            text("ended");
            text(ended.supersededBy());
            text(ended.reason());
          }
        }
      }
    }
    part("users", index.claims().usedEvents().size());
    for (var event : index.claims().usedEvents()) {
      text(event.toString());
      List<ToolVersion> users = index.claims().usersOf(event, Long.MAX_VALUE).toList();
      number(users.size());
      users.forEach(tool -> text(tool.toString()));
    }
  }

  private void rulings(Index index) {
    Map<Long, Policy> policies = index.rulings().policies();
    part("policies", policies.size());
    for (Policy policy : policies.values()) {
      number(policy.revision());
      constant(policy.defaultMode());
      number(policy.modes().size());
      for (ModeRule rule : policy.modes()) {
        text(rule.series());
        constant(rule.mode());
      }
      number(policy.stability().size());
      for (StabilityRule rule : policy.stability()) {
        text(rule.events());
        constant(rule.stability());
        number(rule.builtIn() ? 1 : 0);
      }
    }
    List<Waiver> waivers = index.rulings().waivers("", Long.MAX_VALUE);
    part("waivers", waivers.size());
    for (Waiver waiver : waivers) {
      text(waiver.name());
      text(waiver.reason());
      text(waiver.author());
      text(waiver.series());
      text(waiver.kernel());
      text(waiver.consumer());
      text(waiver.event().toString());
      text(waiver.field());
      constant(waiver.kind());
      time(waiver.created());
      number(waiver.revision());
    }
  }

  private void translators(Index index) {
    List<TranslatorStep> steps = index.translators().steps();
    part("translators", steps.size());
    for (TranslatorStep step : steps) {
      Installed bundle = step.bundle();
      text(bundle.name());
      text(bundle.version());
      hash(bundle.jar());
      time(bundle.time());
      number(bundle.revision());
      number(step.removes() ? 1 : 0);
      number(step.revision());
    }
  }

  private void revisions(Index index) {
    List<RevisionEntry> revisions = index.revisions(0, Integer.MAX_VALUE);
    part("revisions", revisions.size());
    for (RevisionEntry revision : revisions) {
      number(revision.revision());
      number(revision.timeMillis());
      part("versions", revision.versions().size());
      revision.versions().forEach(version -> number(version.ordinal()));
      part("kernels", revision.kernels().size());
      revision.kernels().forEach(kernel -> text(kernel.id()));
      part("joins", revision.joins().size());
      for (RevisionEntry.Join join : revision.joins()) {
        text(join.kernel().id());
        text(join.series());
      }
      part("waivers", revision.rulings().waivers().size());
      revision.rulings().waivers().forEach(waiver -> text(waiver.name()));
      part("policy", revision.rulings().changes().size());
      revision.rulings().changes().forEach(this::text);
      part("typed", revision.typed().size());
      revision.typed().forEach(kernel -> text(kernel.id()));
      part("learned", revision.learned().size());
      revision.learned().forEach(layout -> number(layout.ordinal()));
      part("tools", revision.claims().told().size());
      for (ClaimChanges.Told told : revision.claims().told()) {
        text(told.tool().toString());
        constant(told.kind());
      }
      part("translators", revision.translators().size());
      revision.translators().forEach(step -> text(step.bundle().name()));
    }
  }

  private void part(String name, long count) {
    text(name);
    number(count);
  }

  private void target(@Nullable Target target) {
    number(target == null ? 0 : target.wordSize().bytes());
    number(target != null && target.byteOrder() == ByteOrder.BIG_ENDIAN ? 1 : 0);
  }

  private void time(Instant time) {
    number(time.toEpochMilli());
  }

  private void constant(@Nullable Enum<?> constant) {
    text(constant == null ? "" : constant.name());
  }

  private void hash(Sha256 hash) {
    digest.update(hash.bytes());
  }

  private void text(String text) {
    bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private void bytes(byte[] bytes) {
    number(bytes.length);
    digest.update(bytes);
  }

  private void number(long value) {
    for (int i = 0; i < Long.BYTES; i++) {
      number[i] = (byte) (value >>> (56 - 8 * i));
    }
    digest.update(number);
  }
}
