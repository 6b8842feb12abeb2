package dev.tracery.translation;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The bundles that translate or bridge, as this server has them. Thread-safe. Installing a bundle
/// runs its code.
public interface TranslatorBundles {

  /// What there is, sorted by name, then version.
  List<Bundle> list();

  /// How many bytes a jar may have.
  int maxJarBytes();

  /// Installs a bundle, or updates the one of its name, here and in the log.
  ///
  /// @throws dev.tracery.registry.RegistryException INVALID_ARGUMENT for what is no bundle, or
  ///   gives neither translators nor bridges; FAILED_PRECONDITION for one that cannot be resolved
  ///   or started; RESOURCE_EXHAUSTED for one that is too large
  Installation install(byte[] jar);

  /// Removes a bundle, here and from the log.
  ///
  /// @return what it was
  /// @throws dev.tracery.registry.RegistryException NOT_FOUND if none has the name
  Bundle remove(String name);

  /// What was installed.
  ///
  /// @param replacedVersion empty if there was none of that name
  record Installation(Bundle bundle, Optional<String> replacedVersion) {}

  /// A bundle.
  ///
  /// @param stateReason why it is quarantined; empty otherwise
  /// @param kernel the id of the kernel whose records it reads; empty where it is not for one
  /// @param layouts how many it reads, as far as it says
  /// @param bridgedFields as `system/name.field`
  /// @param ranking of two that read one record the one with the higher is taken
  /// @param activeStreams that use it now
  /// @param lastUse when a stream last began to use it
  record Bundle(
      String name,
      String version,
      Origin origin,
      State state,
      String stateReason,
      String kernel,
      String release,
      String machine,
      int layouts,
      List<String> bridgedFields,
      int ranking,
      long translatedRecords,
      int activeStreams,
      Optional<Instant> lastUse) {

    public Bundle {
      bridgedFields = List.copyOf(bridgedFields);
    }
  }

  /// Where a bundle comes from.
  enum Origin {
    /// The server made it.
    GENERATED,
    /// Somebody installed it.
    INSTALLED
  }

  /// How a bundle is.
  enum State {
    /// It is used.
    ACTIVE,
    /// It failed, and is not used until it is updated.
    QUARANTINED,
    /// It was removed or replaced, and streams that began with it still run.
    DRAINING
  }
}
