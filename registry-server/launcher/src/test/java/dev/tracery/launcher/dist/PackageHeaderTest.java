package dev.tracery.launcher.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class PackageHeaderTest {
  @Test
  void readsVersionsPastDirectivesAndQuotedCommas() {
    assertEquals(
        Map.of("a.b", "1.2.3", "c", "[1.0,2)", "d", "0", "e", "0"),
        PackageHeader.versions(
            "a.b;uses:=\"c,d\";version=\"1.2.3\",c;version=\"[1.0,2)\";resolution:=optional,d;e"));
  }
}
