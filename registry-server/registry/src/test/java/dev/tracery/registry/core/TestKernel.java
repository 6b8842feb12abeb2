package dev.tracery.registry.core;

import dev.tracery.compiler.layout.CanonicalForm;
import dev.tracery.model.EventName;
import dev.tracery.model.Fingerprints;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.model.Target;
import dev.tracery.registry.Registry;
import dev.tracery.registry.Registry.Registration;
import dev.tracery.registry.Registry.RegistrationResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;

/// A kernel that tests register.
public record TestKernel(KernelIdentity identity, List<Event> events) {

  public record Event(EventName name, int id, byte[] text) {
    Sha256 hash(Target target) {
      return CanonicalForm.hash(text, target);
    }
  }

  /// A little kernel of made-up formats: `system/name: type field; type field[4]`, the types being
  /// those of [#format].
  public static TestKernel of(String release, String... events) {
    List<Event> list = new ArrayList<>();
    int id = 100;
    for (String event : events) {
      int colon = event.indexOf(':');
      EventName name = EventName.parse(event.substring(0, colon));
      list.add(new Event(name, id, format(name.name(), id, event.substring(colon + 1))));
      id++;
    }
    return new TestKernel(
        new KernelIdentity(release, "#1", "x86_64", Target.LITTLE_64, 4096), list);
  }

  /// A format file with fields of `int`, `long`, `u64`, `char x[16]` and the like.
  public static byte[] format(String name, int id, String fields) {
    StringBuilder text = new StringBuilder("name: " + name + "\nID: " + id + "\nformat:\n");
    field(text, "unsigned short common_type", 0, 2, 0);
    field(text, "unsigned char common_flags", 2, 1, 0);
    field(text, "unsigned char common_preempt_count", 3, 1, 0);
    field(text, "int common_pid", 4, 4, 1);
    text.append('\n');
    int offset = 8;
    for (String field : fields.strip().split(";")) {
      String declaration = field.strip();
      if (declaration.isEmpty()) {
        continue;
      }
      int size = declaration.contains("[16]") ? 16 : declaration.startsWith("int") ? 4 : 8;
      field(text, declaration, offset, size, declaration.startsWith("u") ? 0 : 1);
      offset += size;
    }
    return text.append("\nprint fmt: \"x\"\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void field(
      StringBuilder text, String declaration, int offset, int size, int sign) {
    text.append("\tfield:").append(declaration);
    text.append(String.format(";\toffset:%d;\tsize:%d;\tsigned:%d;\n", offset, size, sign));
  }

  /// The same with other ids, as a build has them that has more events before these.
  TestKernel shifted(int by) {
    return withEvents(event -> withId(event, event.id() + by));
  }

  /// The same with these ids, one after the other.
  TestKernel withIds(IntSupplier ids) {
    return withEvents(event -> withId(event, ids.getAsInt()));
  }

  private static Event withId(Event event, int id) {
    return new Event(
        event.name(),
        id,
        new String(event.text(), StandardCharsets.UTF_8)
            .replaceFirst("(?m)^ID: \\d+", "ID: " + id)
            .getBytes(StandardCharsets.UTF_8));
  }

  TestKernel withRelease(String release) {
    return new TestKernel(
        new KernelIdentity(
            release, identity.build(), identity.machine(), identity.target(), identity.pageSize()),
        events);
  }

  TestKernel withEvents(UnaryOperator<Event> change) {
    return new TestKernel(identity, events.stream().map(change).toList());
  }

  /// Registers it with all texts.
  public RegistrationResult registerIn(Registry registry, String series) {
    return registerIn(registry, series, false);
  }

  RegistrationResult registerIn(Registry registry, String series, boolean validateOnly) {
    try (Registration registration = begin(registry, series)) {
      for (Event event : events) {
        registration.add(
            event.name(), event.id(), event.name() + "/format", event.text(), Optional.empty());
      }
      return registration.finish(validateOnly);
    }
  }

  /// Registers it as a client does that asks first: hashes, and texts of what is missing.
  RegistrationResult registerByHash(Registry registry, String series) {
    List<Sha256> missing =
        registry.missingLayouts(
            events.stream().map(event -> event.hash(identity.target())).toList());
    try (Registration registration = begin(registry, series)) {
      for (Event event : events) {
        Sha256 hash = event.hash(identity.target());
        if (missing.contains(hash)) {
          registration.add(
              event.name(), event.id(), event.name() + "/format", event.text(), Optional.of(hash));
        } else {
          registration.add(event.name(), event.id(), hash);
        }
      }
      return registration.finish(false);
    }
  }

  /// Registers it as a client does that knows what the registry knows: some systems by their hash,
  /// and the other events with their texts.
  RegistrationResult registerBySystem(Registry registry, String series, Set<String> byHash) {
    try (Registration registration = begin(registry, series)) {
      for (Event event : events) {
        if (!byHash.contains(event.name().system())) {
          registration.add(
              event.name(), event.id(), event.name() + "/format", event.text(), Optional.empty());
        }
      }
      for (String system : byHash) {
        registration.addSystem(system, node(system), firstId(system));
      }
      return registration.finish(false);
    }
  }

  /// The names of its systems, sorted.
  List<String> systems() {
    return events.stream().map(event -> event.name().system()).distinct().sorted().toList();
  }

  int firstId(String system) {
    return of(system).stream().mapToInt(Event::id).min().orElseThrow();
  }

  /// The hash of a system.
  Sha256 node(String system) {
    int firstId = firstId(system);
    return Fingerprints.system(
        system,
        of(system).stream()
            .map(event ->
                new Fingerprints.Member(
                    event.name().name(), event.hash(identity.target()), event.id() - firstId))
            .toList());
  }

  private List<Event> of(String system) {
    return events.stream()
        .filter(event -> event.name().system().equals(system))
        .sorted(Comparator.comparing(Event::name))
        .toList();
  }

  private Registration begin(Registry registry, String series) {
    return registry.register(identity, series.isEmpty() ? Optional.empty() : Optional.of(series));
  }
}
