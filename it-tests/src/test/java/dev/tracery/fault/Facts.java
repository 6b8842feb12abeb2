package dev.tracery.fault;

import com.google.protobuf.ByteString;
import dev.tracery.model.Sha256;
import dev.tracery.registry.log.Entry;
import dev.tracery.v1.Consumer;
import dev.tracery.v1.Waiver;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// What entries of the log and answers of servers say, as lines of text that can be compared.
final class Facts {

  private Facts() {}

  static String kernel(String release) {
    return "kernel " + release;
  }

  static String manifest(String release, ByteString fingerprint) {
    return "manifest of " + release + " " + HexFormat.of().formatHex(fingerprint.toByteArray());
  }

  static String series(String release, String series) {
    return "kernel " + release + " in " + series;
  }

  static String consumer(Consumer consumer) {
    return "consumer "
        + consumer.getName()
        + " "
        + consumer.getVersion()
        + " "
        + Sha256.of(consumer.toByteArray());
  }

  static String ended(String name, String version) {
    return "end of " + name + " " + version;
  }

  static String waiver(Waiver waiver) {
    byte[] content = waiver.toBuilder().clearCreateTime().clearRevision().build().toByteArray();
    return "waiver " + waiver.getName() + " " + Sha256.of(content);
  }

  /// What happens once at most, however often it is asked for.
  static boolean isOnce(String fact) {
    return fact.startsWith("kernel ") || fact.startsWith("waiver ");
  }

  /// What one entry says; nothing for entries that only serve others.
  static List<String> of(Entry entry) {
    List<String> facts = new ArrayList<>();
    switch (entry.getEntryCase()) {
      case KERNEL_REGISTERED -> {
        var kernel = entry.getKernelRegistered();
        facts.add(kernel(kernel.getRelease()));
        facts.add(manifest(kernel.getRelease(), kernel.getManifestFingerprint()));
        if (!kernel.getSeries().isEmpty()) {
          facts.add(series(kernel.getRelease(), kernel.getSeries()));
        }
      }
      case CONSUMER_DECLARED -> facts.add(consumer(entry.getConsumerDeclared().getConsumer()));
      case CONSUMER_ENDED -> {
        var ended = entry.getConsumerEnded();
        facts.add(ended(ended.getName(), ended.getVersion()));
      }
      case WAIVER_GIVEN -> facts.add(waiver(entry.getWaiverGiven().getWaiver()));
      case LAYOUT_ADDED,
          SCHEMA_VERSION_ADDED,
          SYSTEM_ADDED,
          SERIES_JOINED,
          LAYOUTS_LEARNED,
          TRACEPOINT_ADDED,
          STRUCT_ADDED,
          TYPES_ADDED,
          KERNEL_TYPES_ADDED,
          CONSUMER_OBSERVED,
          POLICY_CHANGED,
          TRANSLATOR_INSTALLED,
          TRANSLATOR_REMOVED,
          ENTRY_NOT_SET -> {}
    }
    return facts;
  }
}
