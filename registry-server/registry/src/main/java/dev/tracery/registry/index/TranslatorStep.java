package dev.tracery.registry.index;

import dev.tracery.registry.Registry.RegistryChange;
import dev.tracery.registry.Translators.Installed;

/// What a commit does to one translator.
///
/// @param removes whether it is taken away; added or replaced otherwise
/// @param revision of the commit
public record TranslatorStep(Installed bundle, boolean removes, long revision) {

  /// The same for those who watch.
  RegistryChange toChange() {
    return removes
        ? new RegistryChange.TranslatorRemoved(bundle.name(), bundle.version())
        : new RegistryChange.TranslatorInstalled(bundle.name(), bundle.version());
  }
}
