package dev.tracery.translator;

import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;
import org.jspecify.annotations.Nullable;

/// The translators that one bundle brings: an OSGi service. Of two that read the same layout the
/// one with the higher `service.ranking` is taken. Thread-safe.
public interface KernelTranslator {

  /// The translator for a layout's records into messages of a schema version.
  ///
  /// @return null if this bundle has none
  @Nullable EventTranslator translator(EventName event, Sha256 layout, int schemaVersion);
}
