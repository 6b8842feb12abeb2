package dev.tracery.api;

import org.junit.jupiter.api.Test;

class ExportedApiTest {

  @Test
  void the_exported_api_is_the_committed_one() {
    ExportedApi.check(
        "dev.tracery.model",
        "dev.tracery.diagnostic",
        "dev.tracery.metrics",
        "dev.tracery.store",
        "dev.tracery.store.packing",
        "dev.tracery.registry",
        "dev.tracery.consumer",
        "dev.tracery.decode");
  }
}
