package dev.tracery.registry.core;

import dev.tracery.registry.RegistryException;
import dev.tracery.store.StoreException;
import java.util.function.Supplier;

/// Calls of the store, whose failures become refusals.
final class StoreCalls {

  private StoreCalls() {}

  static <T> T call(Supplier<T> call) {
    try {
      return call.get();
    } catch (StoreException e) {
      throw refusal(e);
    }
  }

  /// The refusal that a failure of the store is.
  static RegistryException refusal(StoreException failure) {
    RegistryException.Code code =
        switch (failure.reason()) {
          // Why also rewound: this server reads the log anew, and another one may have.
          case UNAVAILABLE, REWOUND -> RegistryException.Code.UNAVAILABLE;
          case FULL -> RegistryException.Code.RESOURCE_EXHAUSTED;
          case UNCERTAIN -> RegistryException.Code.UNCERTAIN;
          case UNUSABLE -> RegistryException.Code.FAILED_PRECONDITION;
          case CORRUPT -> RegistryException.Code.DATA_LOSS;
        };
    RegistryException refusal =
        new RegistryException(code, "store", String.valueOf(failure.getMessage()));
    refusal.initCause(failure);
    return refusal;
  }
}
