package dev.tracery.translate;

import dev.tracery.model.Sha256;
import dev.tracery.translator.EventTranslator;
import dev.tracery.v1.DecodePlan;

/// Gives each layout what turns its records into messages.
@FunctionalInterface
public interface TranslatorSource {

  /// A translator that does what the plan says.
  EventTranslator translator(DecodePlan plan, Sha256 layout);
}
