package dev.tracery.bench;

import dev.tracery.compiler.FormatCompiler;
import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.it.SampleKernel;
import dev.tracery.model.EventName;
import dev.tracery.v1.AccessClass;
import dev.tracery.v1.Consumer;
import dev.tracery.v1.EventUse;
import dev.tracery.v1.FieldPlace;
import dev.tracery.v1.FieldUse;
import dev.tracery.v1.Requirement;
import dev.tracery.v1.TextKeys;
import dev.tracery.v1.TextUse;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// Made-up tools that use the events and fields of a real kernel. The same seed gives the same
/// tools.
public final class GeneratedConsumers {

  private final List<Map.Entry<EventName, Layout>> events = new ArrayList<>();
  private final Random random;

  public GeneratedConsumers(SampleKernel kernel, long seed) {
    this.random = new Random(seed);
    FormatCompiler compiler = new FormatCompiler();
    kernel
        .formats()
        .forEach((name, text) ->
            compiler
                .compile(name + "/format", text, kernel.identity().target())
                .layout()
                .filter(layout -> !layout.fields().isEmpty())
                .ifPresent(layout -> events.add(Map.entry(name, layout))));
  }

  public List<Consumer> make(int consumers, int requirements) {
    List<Consumer> made = new ArrayList<>();
    for (int i = 0; i < consumers; i++) {
      Consumer.Builder consumer = Consumer.newBuilder().setName("tool-" + i).setVersion("1.0");
      // A tool says nothing twice.
      Set<EventUse> uses = new LinkedHashSet<>();
      while (uses.size() < requirements) {
        uses.add(use());
      }
      uses.forEach(use -> consumer.addRequirements(Requirement.newBuilder().addAnyOf(use)));
      made.add(consumer.build());
    }
    return made;
  }

  private EventUse use() {
    var event = events.get(random.nextInt(events.size()));
    List<Field> fields = event.getValue().fields();
    EventUse.Builder use = EventUse.newBuilder().setEvent(event.getKey().toString());
    Field one = fields.get(random.nextInt(fields.size()));
    switch (random.nextInt(5)) {
      case 0, 1 ->
          use.setAccess(AccessClass.ACCESS_CLASS_BY_NAME)
              .addFields(
                  FieldUse.newBuilder().addNames(one.name()).setOccurrence(one.occurrence()));
      case 2 ->
          use.setAccess(AccessClass.ACCESS_CLASS_BY_OFFSET)
              .addFields(
                  FieldUse.newBuilder()
                      .addNames(one.name())
                      .setOccurrence(one.occurrence())
                      .setPlace(
                          FieldPlace.newBuilder()
                              .setOffset(one.offset())
                              .setSize(Math.max(1, one.size()))));
      case 3 -> {
        use.setAccess(AccessClass.ACCESS_CLASS_POSITIONAL);
        for (Field field : fields.subList(0, Math.min(3, fields.size()))) {
          use.addFields(
              FieldUse.newBuilder().addNames(field.name()).setOccurrence(field.occurrence()));
        }
      }
      default ->
          use.setAccess(AccessClass.ACCESS_CLASS_PRINT_TEXT)
              .setText(TextUse.newBuilder().setKeys(TextKeys.newBuilder().addKeys(one.name())));
    }
    return use.build();
  }
}
