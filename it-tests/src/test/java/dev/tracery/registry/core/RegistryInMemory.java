package dev.tracery.registry.core;

import dev.tracery.registry.Registry;
import dev.tracery.registry.bridge.InstalledBridges;
import dev.tracery.store.Store;
import java.time.InstantSource;

/// The registry without a framework around it.
public final class RegistryInMemory {

  private RegistryInMemory() {}

  /// One with bridges, and everything else by default.
  public static Registry open(Store store, InstalledBridges bridges) {
    return new LogRegistry(
        store,
        bridges,
        RegistryLimits.DEFAULT,
        ClaimSettings.DEFAULT,
        NegotiationSettings.DEFAULT,
        InstantSource.system(),
        "test");
  }
}
