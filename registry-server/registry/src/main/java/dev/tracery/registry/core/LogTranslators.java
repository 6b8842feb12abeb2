package dev.tracery.registry.core;

import com.google.protobuf.ByteString;
import dev.tracery.model.Sha256;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.RegistryException.Code;
import dev.tracery.registry.Translators;
import dev.tracery.registry.bridge.InstalledBridges;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.log.Commit;
import dev.tracery.registry.log.Entry;
import dev.tracery.registry.log.TranslatorInstalled;
import dev.tracery.registry.log.TranslatorRemoved;
import dev.tracery.store.Store;
import java.util.List;
import java.util.Map;

/// The installed translators over the log. Thread-safe.
final class LogTranslators implements Translators {

  private static final int MAX_NAME = 255;
  private static final int MAX_VERSION = 100;

  private final Log log;
  private final Store store;
  private final InstalledBridges bridges;

  LogTranslators(Log log, Store store, InstalledBridges bridges) {
    this.log = log;
    this.store = store;
    this.bridges = bridges;
  }

  private record Plan(Index index, long base, Commit commit, Map<Sha256, byte[]> blobs)
      implements LogPlan {}

  @Override
  public List<Installed> installed(long atRevision) {
    Index index = log.index();
    return index.translators().at(Revisions.resolve(index, atRevision));
  }

  @Override
  public List<Bridge> bridges() {
    return bridges.all();
  }

  @Override
  public byte[] jar(Sha256 hash) {
    return StoreCalls.call(() -> store.blob(hash))
        .orElseThrow(() ->
            new RegistryException(
                Code.DATA_LOSS, hash.hex(), "the store has lost the jar " + hash));
  }

  @Override
  public Installed install(String name, String version, byte[] jar) {
    check("name", name, MAX_NAME);
    check("version", version, MAX_VERSION);
    Sha256 hash = Sha256.of(jar);
    TranslatorInstalled added =
        TranslatorInstalled.newBuilder()
            .setName(name)
            .setVersion(version)
            .setJarHash(ByteString.copyFrom(hash.bytes()))
            .build();
    long revision = log.write(index -> install(index, added, hash, jar), false).revision();
    return log.index().translators().named(name, revision).orElseThrow();
  }

  private static Plan install(Index index, TranslatorInstalled added, Sha256 hash, byte[] jar) {
    long revision = index.head().revision();
    boolean there =
        index.translators().named(added.getName(), revision).stream()
            .anyMatch(old -> old.jar().equals(hash) && old.version().equals(added.getVersion()));
    Commit.Builder commit = Commit.newBuilder();
    if (!there) {
      commit.addEntries(Entry.newBuilder().setTranslatorInstalled(added));
    }
    return new Plan(index, revision, commit.build(), Map.of(hash, jar));
  }

  @Override
  public Installed remove(String name) {
    long revision = log.write(index -> remove(index, name), false).revision();
    return log.index().translators().named(name, revision - 1).orElseThrow();
  }

  private static LogPlan remove(Index index, String name) {
    long revision = index.head().revision();
    if (index.translators().named(name, revision).isEmpty()) {
      throw new RegistryException(
          Code.NOT_FOUND,
          "translator " + name,
          "no translator "
              + Texts.quoted(name)
              + " is installed; `tracery translators` lists those that are");
    }
    return new LogPlan.Entries(
        index,
        revision,
        Commit.newBuilder()
            .addEntries(
                Entry.newBuilder()
                    .setTranslatorRemoved(TranslatorRemoved.newBuilder().setName(name)))
            .build());
  }

  private static void check(String field, String text, int most) {
    if (text.isBlank() || text.length() > most) {
      throw new RegistryException(
          Code.INVALID_ARGUMENT,
          field,
          field + ": expected 1 to " + most + " characters but found " + Texts.quoted(text));
    }
  }
}
