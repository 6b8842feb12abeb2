package dev.tracery.translate;

import dev.tracery.api.ExportedApi;
import org.junit.jupiter.api.Test;

class ExportedApiTest {

  @Test
  void the_exported_api_is_the_committed_one() {
    ExportedApi.check(
        "dev.tracery.trace",
        "dev.tracery.translate",
        "dev.tracery.render",
        "dev.tracery.render.evaluate",
        "dev.tracery.render.line",
        "dev.tracery.render.printf");
  }
}
