package dev.tracery.registry.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.tracery.model.EventName;
import dev.tracery.registry.Translators.Bridge;
import dev.tracery.translator.BridgedField;
import dev.tracery.translator.FieldBridge;
import java.time.Duration;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Bridges that come, go, and misbehave.
class InstalledBridgesTest {

  private static final BridgedField GOOD = BridgedField.renamed("a/one", "x", "y");

  private final InstalledBridges bridges = new InstalledBridges(Duration.ofMillis(500));

  private void add(String bundle, int ranking, FieldBridge bridge) {
    bridges.add(bundle, bundle.charAt(0), ranking, bundle, "1.0.0", bridge);
  }

  private String problem(FieldBridge bridge) {
    add("bad", 0, bridge);
    List<Bridge> all = bridges.all();
    assertEquals(List.of(), all.getFirst().fields());
    assertEquals(List.of(), bridges.table().of(EventName.parse("a/one")));
    bridges.remove("bad");
    return all.getFirst().problem();
  }

  private List<String> bundlesOf(String event) {
    return bridges.table().of(EventName.parse(event)).stream()
        .map(BridgeTable.Entry::bundle)
        .toList();
  }

  @Test
  void the_higher_ranking_goes_first_and_of_two_the_older() {
    add("b", 0, () -> List.of(GOOD));
    add("a", 0, () -> List.of(GOOD));
    add("c", 5, () -> List.of(GOOD));
    add("d", -1, () -> List.of(GOOD));
    assertEquals(List.of("c", "a", "b", "d"), bundlesOf("a/one"));
    assertEquals(List.of(), bundlesOf("a/two"));
    bridges.remove("c");
    assertEquals(List.of("a", "b", "d"), bundlesOf("a/one"));
  }

  @Test
  void every_coming_and_going_is_another_generation() {
    long none = bridges.table().generation();
    add("a", 0, () -> List.of(GOOD));
    long one = bridges.table().generation();
    bridges.remove("a");
    long gone = bridges.table().generation();
    bridges.remove("a");
    assertEquals(List.of(none + 1, none + 2), List.of(one, gone));
    assertEquals(gone, bridges.table().generation());
  }

  @Test
  void a_bridge_that_throws_is_ignored_and_reported() {
    assertEquals(
        "it failed with java.lang.IllegalStateException: no mood",
        problem(() -> {
          throw new IllegalStateException("no mood\nat all");
        }));
    assertEquals(
        "it failed with java.lang.NoClassDefFoundError: gone",
        problem(() -> {
          throw new NoClassDefFoundError("gone");
        }));
    assertEquals(
        "it failed with java.lang.IllegalArgumentException: a/one.x: times(0) leaves no value",
        problem(() -> List.of(GOOD.times(0))));
  }

  @SuppressWarnings("NullAway") // Bridges need not be checked as we are.
  private static List<BridgedField> withNull() {
    return Arrays.asList(GOOD, null);
  }

  @Test
  void nonsense_is_ignored_and_reported() {
    assertEquals(
        "it failed with java.lang.NullPointerException: a field is null",
        problem(InstalledBridgesTest::withNull));
    assertEquals(
        "it failed with java.lang.IllegalArgumentException: it names more than 10,000 fields",
        problem(() ->
            new AbstractList<>() {
              @Override
              public BridgedField get(int index) {
                return GOOD;
              }

              @Override
              public int size() {
                return Integer.MAX_VALUE;
              }
            }));
  }

  /// What bridges may throw: who asks what it is must not wait for ever, nor fail.
  private static final class Nameless extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Runnable whenAsked;

    Nameless(Runnable whenAsked) {
      this.whenAsked = whenAsked;
    }

    @Override
    public String toString() {
      whenAsked.run();
      return "at last";
    }
  }

  private static void sleepLong() {
    try {
      Thread.sleep(Duration.ofMinutes(1));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void what_a_bridge_throws_is_its_code_too() {
    assertEquals(
        "it failed with " + Nameless.class.getName(),
        problem(() -> {
          throw new Nameless(() -> {
            throw new StackOverflowError();
          });
        }));
    assertTimeout(
        Duration.ofSeconds(20),
        () ->
            assertEquals(
                "it did not say within 500 ms what it fills",
                problem(() -> {
                  throw new Nameless(InstalledBridgesTest::sleepLong);
                })));
  }

  @Test
  void a_bridge_that_does_not_answer_keeps_nobody_waiting_for_long() {
    assertTimeout(
        Duration.ofSeconds(20),
        () ->
            assertEquals(
                "it did not say within 500 ms what it fills",
                problem(() -> {
                  try {
                    Thread.sleep(Duration.ofMinutes(1));
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  }
                  return List.of(GOOD);
                })));
  }

  @Test
  void the_good_ones_stay_beside_a_bad_one() {
    add("good", 0, () -> List.of(GOOD));
    add(
        "bad",
        9,
        () -> {
          throw new IllegalStateException("no");
        });
    assertEquals(List.of("good"), bundlesOf("a/one"));
    assertEquals(
        List.of(
            new Bridge(
                "bad", "1.0.0", 9, List.of(), "it failed with java.lang.IllegalStateException: no"),
            new Bridge("good", "1.0.0", 0, List.of(GOOD), "")),
        bridges.all());
  }
}
