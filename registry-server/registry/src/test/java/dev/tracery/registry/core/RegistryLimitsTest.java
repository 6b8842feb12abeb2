package dev.tracery.registry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RegistryLimitsTest {

  @Test
  void what_is_not_set_is_the_default() {
    assertEquals(RegistryLimits.DEFAULT, RegistryLimits.of(_ -> null));
    assertEquals(
        new RegistryLimits(
            65_536, 5, 1 << 20, 1_024, 65_536, 16L << 20, 64L << 20, 16L << 20, 128 << 20),
        RegistryLimits.of(Map.of("tracery.limits.format-bytes", " 5 ")::get));
  }

  @Test
  void a_value_that_is_no_number_is_refused() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> RegistryLimits.of(Map.of("tracery.limits.events-per-kernel", "many")::get));
    assertEquals(
        "tracery.limits.events-per-kernel: expected a whole number from 1 to 2147483647 but found"
            + " many",
        refused.getMessage());
  }
}
