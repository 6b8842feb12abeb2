package dev.tracery.registry.core;

import dev.tracery.consumer.Consumer;
import dev.tracery.consumer.ConsumerWriter;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Consumers.Claim;
import dev.tracery.registry.Consumers.Origin;
import dev.tracery.registry.Consumers.State;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.RegistryException.Code;
import dev.tracery.registry.claims.ToolVersion;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.log.Commit;
import dev.tracery.registry.log.ConsumerDeclared;
import dev.tracery.registry.log.ConsumerEnded;
import dev.tracery.registry.log.Entry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Decides what a declaration or a withdrawal adds to the log. Changes nothing.
final class ConsumerPlanner {

  // Why: claims are listed and watched in messages of 4 MiB, the most that gRPC's clients accept by
  // default.
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_REASON = 1_000;

  private final Index index;
  private final long revision;
  private final ClaimSettings settings;
  private final Instant now;

  ConsumerPlanner(Index index, ClaimSettings settings, Instant now) {
    this.index = index;
    this.revision = index.head().revision();
    this.settings = settings;
    this.now = now;
  }

  /// What is planned, and what of it the caller is told.
  ///
  /// @param versions those whose claims end
  record ConsumerPlan(
      Index index, long base, Commit commit, List<String> versions, List<String> warnings)
      implements LogPlan {
    @Override
    public Map<Sha256, byte[]> blobs() {
      return Map.of();
    }
  }

  /// The plan that declares a consumer.
  ConsumerPlan declare(Consumer consumer, List<String> supersedes, boolean allowUnknown) {
    dev.tracery.v1.Consumer wire = ConsumerWriter.write(consumer);
    if (wire.getSerializedSize() > MAX_BYTES) {
      throw new RegistryException(
          Code.RESOURCE_EXHAUSTED,
          "consumer",
          String.format(
              "the consumer takes %,d bytes; at most %,d are allowed",
              wire.getSerializedSize(), MAX_BYTES));
    }
    List<String> warnings = new KnownNames(index, revision).check(consumer, allowUnknown);
    List<String> ended = superseded(consumer, supersedes);
    Commit.Builder commit = Commit.newBuilder();
    Optional<Claim> before = live(consumer.name(), consumer.version(), Origin.DECLARED);
    if (before.isEmpty() || !before.get().consumer().equals(consumer)) {
      checkRoom(consumer);
      commit.addEntries(
          Entry.newBuilder().setConsumerDeclared(ConsumerDeclared.newBuilder().setConsumer(wire)));
    }
    for (String version : ended) {
      commit.addEntries(
          Entry.newBuilder()
              .setConsumerEnded(
                  ConsumerEnded.newBuilder()
                      .setName(consumer.name())
                      .setVersion(version)
                      .setSupersededBy(consumer.version())));
    }
    return new ConsumerPlan(index, revision, commit.build(), ended, warnings);
  }

  /// The plan that withdraws a version, or all of them if `version` is empty.
  ConsumerPlan withdraw(String name, String version, String reason) {
    if (reason.length() > MAX_REASON) {
      throw new RegistryException(
          Code.INVALID_ARGUMENT,
          "reason",
          "reason: at most " + MAX_REASON + " characters are allowed, not " + reason.length());
    }
    List<String> ended =
        ConsumerNames.find(index, name, version, revision).stream()
            .filter(this::isLive)
            .map(ToolVersion::version)
            .toList();
    Commit.Builder commit = Commit.newBuilder();
    for (String each : ended) {
      commit.addEntries(
          Entry.newBuilder()
              .setConsumerEnded(
                  ConsumerEnded.newBuilder().setName(name).setVersion(each).setReason(reason)));
    }
    return new ConsumerPlan(index, revision, commit.build(), ended, List.of());
  }

  private List<String> superseded(Consumer consumer, List<String> supersedes) {
    List<ToolVersion> versions = index.claims().versions(consumer.name(), revision);
    List<String> ended = new ArrayList<>();
    for (int i = 0; i < supersedes.size(); i++) {
      String field = "supersedes[" + i + "]";
      String named = supersedes.get(i);
      if (named.equals("*")) {
        versions.stream()
            .filter(tool -> !tool.version().equals(consumer.version()))
            .filter(tool -> live(tool, Origin.DECLARED).isPresent())
            .map(ToolVersion::version)
            .filter(version -> !ended.contains(version))
            .forEach(ended::add);
        continue;
      }
      if (named.equals(consumer.version())) {
        throw new RegistryException(
            Code.INVALID_ARGUMENT, field, field + ": a version does not supersede itself");
      }
      ToolVersion tool =
          versions.stream()
              .filter(other -> other.version().equals(named))
              .findFirst()
              .orElseThrow(() ->
                  new RegistryException(
                      Code.INVALID_ARGUMENT,
                      field,
                      field
                          + ": "
                          + consumer.name()
                          + " has no version "
                          + Texts.quoted(named)
                          + NearNames.hint(
                              named, versions.stream().map(ToolVersion::version).toList(), "")));
      if (isLive(tool) && !ended.contains(named)) {
        ended.add(named);
      }
    }
    return ended;
  }

  private void checkRoom(Consumer consumer) {
    if (index.claims().versionCount() >= settings.maxVersions()
        && index.claims().find(consumer.name(), consumer.version()).isEmpty()) {
      throw new RegistryException(
          Code.RESOURCE_EXHAUSTED,
          ClaimSettings.PREFIX + "max-versions",
          String.format(
              "the registry has %,d versions of tools, which is the limit; set %smax-versions to"
                  + " raise it",
              settings.maxVersions(), ClaimSettings.PREFIX));
    }
  }

  private boolean isLive(ToolVersion tool) {
    return live(tool, Origin.DECLARED).or(() -> live(tool, Origin.OBSERVED)).isPresent();
  }

  private Optional<Claim> live(String name, String version, Origin origin) {
    return index.claims().find(name, version).flatMap(tool -> live(tool, origin));
  }

  private Optional<Claim> live(ToolVersion tool, Origin origin) {
    return tool.claims(revision, now, settings.lapse()).stream()
        .filter(claim -> claim.origin() == origin && claim.state() == State.LIVE)
        .findFirst();
  }
}
