package dev.tracery.compiler;

import dev.tracery.api.ExportedApi;
import org.junit.jupiter.api.Test;

class ExportedApiTest {

  @Test
  void the_exported_api_is_the_committed_one() {
    ExportedApi.check(
        "dev.tracery.compiler",
        "dev.tracery.compiler.btf",
        "dev.tracery.compiler.emit",
        "dev.tracery.compiler.input",
        "dev.tracery.compiler.layout",
        "dev.tracery.compiler.lineage",
        "dev.tracery.compiler.print");
  }
}
