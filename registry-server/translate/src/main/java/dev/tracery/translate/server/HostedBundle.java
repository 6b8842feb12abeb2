package dev.tracery.translate.server;

import dev.tracery.translate.guard.Suspect;
import dev.tracery.translation.TranslatorBundles.Bundle;
import dev.tracery.translation.TranslatorBundles.Origin;
import dev.tracery.translation.TranslatorBundles.State;
import dev.tracery.translator.KernelTranslator;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// A bundle's translators as they were when it started, or was last changed: what streams hold.
/// Thread-safe.
final class HostedBundle implements Suspect {

  private static final Logger LOG = System.getLogger(HostedBundle.class.getName());

  /// What it says of itself.
  ///
  /// @param kernel the registry's id of the kernel that it is for; empty where it is for none
  /// @param layouts how many it reads, as far as it says
  record Identity(
      String name,
      String version,
      Origin origin,
      String kernel,
      String release,
      String machine,
      int layouts,
      int ranking) {}

  private final Identity identity;
  private final List<KernelTranslator> translators;
  private final boolean trusted;
  private final AtomicReference<@Nullable String> quarantined = new AtomicReference<>();
  private final LongAdder records = new LongAdder();
  private final AtomicInteger streams = new AtomicInteger();
  private volatile @Nullable Instant lastUse;
  private volatile boolean draining;

  /// @param translators asked in their order
  /// @param trusted whether this server has made it, so that its code need not be watched
  HostedBundle(Identity identity, List<KernelTranslator> translators, boolean trusted) {
    this.identity = identity;
    this.translators = List.copyOf(translators);
    this.trusted = trusted;
  }

  Identity identity() {
    return identity;
  }

  List<KernelTranslator> translators() {
    return translators;
  }

  boolean isTrusted() {
    return trusted;
  }

  /// `NAME VERSION`.
  String label() {
    return identity.name + " " + identity.version;
  }

  @Override
  public boolean isQuarantined() {
    return quarantined.get() != null;
  }

  @Override
  public void quarantine(String reason) {
    if (quarantined.compareAndSet(null, reason)) {
      LOG.log(
          Level.WARNING,
          "the translator " + label() + " is not used until it is updated: " + reason);
    }
  }

  @Override
  public void count(long translated) {
    records.add(translated);
  }

  /// A stream begins to use it.
  void used() {
    streams.incrementAndGet();
    lastUse = Instant.now();
  }

  /// A stream that used it has ended.
  void left() {
    streams.decrementAndGet();
  }

  /// It was removed or replaced.
  void drain() {
    draining = true;
  }

  /// How it is.
  Bundle describe(List<String> bridgedFields) {
    String reason = quarantined.get();
    return new Bundle(
        identity.name,
        identity.version,
        identity.origin,
        draining ? State.DRAINING : reason != null ? State.QUARANTINED : State.ACTIVE,
        reason == null ? "" : reason,
        identity.kernel,
        identity.release,
        identity.machine,
        identity.layouts,
        bridgedFields,
        identity.ranking,
        records.sum(),
        streams.get(),
        Optional.ofNullable(lastUse));
  }
}
