package dev.tracery.client.negotiate;

import dev.tracery.consumer.AccessClass;
import dev.tracery.consumer.Consumer;
import dev.tracery.consumer.EventUse;
import dev.tracery.consumer.FieldUse;
import dev.tracery.consumer.Requirement;
import dev.tracery.model.EventName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Puts together what a tool needs, for tools that find fields by name, which most do. Others make
/// a [Consumer] themselves. Not thread-safe.
///
/// ```java
/// Consumer tool =
///     Needs.of("offcputime", "0.31.0")
///         .require("sched/sched_switch", "prev_pid", "next_pid")
///         .like("sched/sched_waking", "prio")
///         .toConsumer();
/// ```
public final class Needs {

  private final String name;
  private final String version;
  private final List<Requirement> requirements = new ArrayList<>();

  private Needs(String name, String version) {
    this.name = name;
    this.version = version;
  }

  /// Nothing yet.
  public static Needs of(String name, String version) {
    return new Needs(name, version);
  }

  /// Adds an event without which, or without one of these fields of which, the tool cannot run.
  ///
  /// @throws IllegalArgumentException if `event` is not `system/name`
  public Needs require(String event, String... fields) {
    requirements.add(new Requirement(List.of(use(event, fields)), false));
    return this;
  }

  /// Adds an event with which, and with these fields of which, the tool does more.
  ///
  /// @throws IllegalArgumentException if `event` is not `system/name`
  public Needs like(String event, String... fields) {
    requirements.add(new Requirement(List.of(use(event, fields)), true));
    return this;
  }

  /// The tool.
  public Consumer toConsumer() {
    return new Consumer(name, version, "", requirements);
  }

  private static EventUse use(String event, String... fields) {
    return new EventUse(
        EventName.parse(event),
        AccessClass.BY_NAME,
        Stream.of(fields)
            .map(field -> new FieldUse(List.of(field), false, false, 0, null, false))
            .toList(),
        false,
        "",
        null,
        List.of(),
        "",
        null);
  }
}
