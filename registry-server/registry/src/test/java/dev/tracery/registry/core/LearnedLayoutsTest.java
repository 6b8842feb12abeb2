package dev.tracery.registry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tracery.compiler.layout.CanonicalForm;
import dev.tracery.model.EventName;
import dev.tracery.registry.Negotiation.SeenEvent;
import dev.tracery.registry.Registry.RegistryChange;
import dev.tracery.registry.Registry.SchemaSelector;
import dev.tracery.registry.RegistryException;
import dev.tracery.store.MemoryStore;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Layouts that a trace brings.
class LearnedLayoutsTest {

  private final LogRegistry registry =
      new LogRegistry(new MemoryStore(), RegistryLimits.DEFAULT, "test");

  @Test
  void a_trace_brings_the_layouts_that_no_kernel_has_in_one_revision() {
    TestKernel.of("6.1", "a/one: int x").registerIn(registry, "");
    TestKernel other = TestKernel.of("6.2", "a/one: int x", "a/two: int y", "a/three: u64 z");
    List<SeenEvent> seen = seen(other);
    assertEquals(seen.subList(1, 3), registry.layouts().unknown(seen));
    registry.layouts().learn(other.identity(), seen);
    assertEquals(List.of(), registry.layouts().unknown(seen));
    assertEquals(2, registry.head());
    assertEquals(
        List.of("a/three", "a/two"),
        registry.changes(1, 1).getFirst().changes().stream()
            .filter(change -> change instanceof RegistryChange.LayoutLearned)
            .map(change -> ((RegistryChange.LayoutLearned) change).event().toString())
            .toList());
    var schema =
        registry.schema(
            EventName.parse("a/two"),
            new SchemaSelector.ByLayout(seen.get(1).layoutHash()),
            Set.of(),
            0);
    assertEquals("linux.a.Two 1", schema.messageName() + " " + schema.version());
    registry.layouts().learn(other.identity(), seen);
    assertEquals(2, registry.head());
  }

  @Test
  void a_layout_is_given_back_as_a_format_of_that_layout() {
    TestKernel kernel = TestKernel.of("6.1", "a/one: int x");
    kernel.registerIn(registry, "");
    SeenEvent event = seen(kernel).getFirst();
    assertEquals(
        event.layoutHash(),
        CanonicalForm.hash(
            registry.layouts().format(event.layoutHash()), kernel.identity().target()));
  }

  @Test
  void a_layout_that_nobody_has_is_not_there() {
    SeenEvent event = seen(TestKernel.of("6.1", "a/one: int x")).getFirst();
    RegistryException refused =
        assertThrows(RegistryException.class, () -> registry.layouts().format(event.layoutHash()));
    assertEquals(RegistryException.Code.NOT_FOUND, refused.code());
  }

  private static List<SeenEvent> seen(TestKernel kernel) {
    return kernel.events().stream()
        .map(event ->
            new SeenEvent(
                event.name(), event.id(), event.hash(kernel.identity().target()), event.text()))
        .toList();
  }
}
