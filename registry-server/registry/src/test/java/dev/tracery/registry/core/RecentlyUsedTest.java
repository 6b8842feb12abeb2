package dev.tracery.registry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecentlyUsedTest {

  private final RecentlyUsed<String, String> cache = new RecentlyUsed<>(10, String::length);

  @Test
  void what_was_not_used_for_longest_goes_first() {
    cache.put("a", "1234");
    cache.put("b", "1234");
    cache.get("a");
    cache.put("c", "1234");
    assertEquals(Optional.of("1234"), cache.get("a"));
    assertEquals(Optional.empty(), cache.get("b"));
    assertEquals(Optional.of("1234"), cache.get("c"));
  }

  @Test
  void what_weighs_too_much_is_not_kept() {
    cache.put("a", "12345678901");
    assertEquals(0, cache.size());
    cache.put("b", "1234567890");
    assertEquals(1, cache.size());
  }

  @Test
  void a_new_value_replaces_the_weight_of_the_old_one() {
    for (int i = 0; i < 10; i++) {
      cache.put("a", "123456");
    }
    cache.put("b", "1234");
    assertEquals(2, cache.size());
  }
}
