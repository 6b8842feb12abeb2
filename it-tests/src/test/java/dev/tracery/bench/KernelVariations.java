package dev.tracery.bench;

import dev.tracery.bench.VariedKernel.Event;
import dev.tracery.it.FormatText;
import dev.tracery.it.SampleKernel;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// A line of builds that follow a real kernel, as a distribution's updates do. Builds differ in:
///
/// - build string and release: always;
/// - ids: the kernel gives them in link order, and modules in load order, so an event more shifts
///   all that follow, and modules trade places. Always;
/// - which systems there are: up to two modules are not loaded;
/// - layouts: half of the builds change none, the others one to three, and every tenth, like a
///   minor version, forty. Changes stay in later builds. A change is a field more, or the layout
///   that another real kernel of the same word size and byte order has.
///
/// The same seed gives the same builds. Not thread-safe.
public final class KernelVariations {

  private static final int LAYOUTS_OF_A_MINOR_VERSION = 40;

  private final SampleKernel base;
  private final List<SampleKernel> relatives;
  private final Random random;
  private final List<Event> real;
  private final Map<EventName, byte[]> changed = new HashMap<>();
  private int builds;
  private int changes;

  /// @param all where other layouts come from
  public KernelVariations(SampleKernel base, List<SampleKernel> all, long seed) {
    this.base = base;
    this.relatives =
        all.stream()
            .filter(kernel -> !kernel.id().equals(base.id()))
            .filter(kernel -> kernel.identity().target().equals(base.identity().target()))
            .toList();
    this.random = new Random(seed);
    this.real =
        unvaried(base).events().stream().sorted(Comparator.comparingInt(Event::id)).toList();
  }

  /// The real kernel as it is.
  public static VariedKernel unvaried(SampleKernel kernel) {
    return new VariedKernel(
        kernel.identity(),
        kernel.id(),
        kernel.formats().entrySet().stream()
            .map(f -> new Event(f.getKey(), FormatText.id(f.getValue()), f.getValue()))
            .toList());
  }

  /// The next build.
  public VariedKernel next() {
    builds++;
    int changed =
        builds % 10 == 0 ? LAYOUTS_OF_A_MINOR_VERSION : Math.max(0, random.nextInt(7) - 3);
    return next(changed);
  }

  /// The next build, with the layouts of the one before.
  public VariedKernel nextWithKnownLayouts() {
    builds++;
    return next(0);
  }

  private VariedKernel next(int changedLayouts) {
    for (int i = 0; i < changedLayouts; i++) {
      change(real.get(random.nextInt(real.size())));
    }
    KernelIdentity was = base.identity();
    KernelIdentity identity =
        new KernelIdentity(
            was.release() + "-v" + builds,
            was.build().replaceFirst("#1 ", "#" + (builds + 1) + " "),
            was.machine(),
            was.target(),
            was.pageSize());
    List<Event> events = new ArrayList<>();
    int id = 1;
    for (List<Event> module : shuffled(runs())) {
      for (Event event : module) {
        id += random.nextInt(500) == 0 ? 2 : 1;
        byte[] text = changed.getOrDefault(event.name(), event.text());
        events.add(new Event(event.name(), id, text));
      }
    }
    events.sort(Comparator.comparing(Event::name));
    return new VariedKernel(identity, base.id(), events);
  }

  private void change(Event event) {
    changes++;
    if (!relatives.isEmpty() && random.nextBoolean()) {
      byte[] other = relatives.get(random.nextInt(relatives.size())).formats().get(event.name());
      if (other != null) {
        changed.put(event.name(), other);
        return;
      }
    }
    changed.put(event.name(), FormatText.withField(event.text(), "added_" + changes));
  }

  /// The events by id, cut where the system changes.
  private List<List<Event>> runs() {
    List<List<Event>> runs = new ArrayList<>();
    for (Event event : real) {
      if (runs.isEmpty()
          || !runs.getLast().getFirst().name().system().equals(event.name().system())) {
        runs.add(new ArrayList<>());
      }
      runs.getLast().add(event);
    }
    return runs;
  }

  /// Modules come last: a few of them trade places, and up to two are not there.
  private List<List<Event>> shuffled(List<List<Event>> runs) {
    int firstModule = runs.size() / 2;
    for (int i = 0; i < 5; i++) {
      Collections.swap(runs, module(runs, firstModule), module(runs, firstModule));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      runs.remove(module(runs, firstModule));
    }
    return runs;
  }

  private int module(List<List<Event>> runs, int firstModule) {
    return firstModule + random.nextInt(runs.size() - firstModule);
  }
}
