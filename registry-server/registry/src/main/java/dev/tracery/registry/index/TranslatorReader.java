package dev.tracery.registry.index;

import dev.tracery.model.Sha256;
import dev.tracery.registry.Translators.Installed;
import dev.tracery.registry.log.TranslatorInstalled;
import dev.tracery.registry.log.TranslatorRemoved;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Reads what one commit does to translators, against those before it, which are not changed.
final class TranslatorReader {

  private final TranslatorBundles before;
  private final long revision;
  private final long timeMillis;
  private final List<TranslatorStep> steps = new ArrayList<>();

  TranslatorReader(TranslatorBundles before, long revision, long timeMillis) {
    this.before = before;
    this.revision = revision;
    this.timeMillis = timeMillis;
  }

  /// @throws IllegalArgumentException if it has no name
  void read(TranslatorInstalled added) {
    if (added.getName().isEmpty()) {
      throw new IllegalArgumentException("a translator without a name was installed");
    }
    Installed bundle =
        new Installed(
            added.getName(),
            added.getVersion(),
            Sha256.ofBytes(added.getJarHash().toByteArray()),
            Instant.ofEpochMilli(timeMillis),
            revision);
    steps.add(new TranslatorStep(bundle, false, revision));
  }

  /// @throws IllegalArgumentException if there is none of that name
  void read(TranslatorRemoved removed) {
    Installed bundle =
        before
            .named(removed.getName(), Long.MAX_VALUE)
            .orElseThrow(
                () -> new IllegalArgumentException("there is no translator " + removed.getName()));
    steps.add(new TranslatorStep(bundle, true, revision));
  }

  List<TranslatorStep> steps() {
    return List.copyOf(steps);
  }
}
