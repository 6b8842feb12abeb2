package dev.tracery.client;

import dev.tracery.api.ExportedApi;
import org.junit.jupiter.api.Test;

class ExportedApiTest {

  @Test
  void the_exported_api_is_the_committed_one() {
    ExportedApi.check(
        "dev.tracery.client", "dev.tracery.client.decode", "dev.tracery.client.negotiate");
  }
}
