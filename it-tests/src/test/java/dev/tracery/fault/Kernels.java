package dev.tracery.fault;

import dev.tracery.bench.GeneratedConsumers;
import dev.tracery.bench.KernelVariations;
import dev.tracery.bench.VariedKernel;
import dev.tracery.client.Registration;
import dev.tracery.it.SampleKernel;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.v1.Consumer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Kernels and tools that no other worker has, without end: builds that follow a part of a real
/// kernel, and tools that use its events. The same seed gives the same. Not thread-safe.
final class Kernels {

  // Why not all: what is tested is the log, and a kernel of 2,000 events keeps two cores busy with
  // something else.
  private static final Set<String> SYSTEMS =
      Set.of("sched", "irq", "timer", "signal", "task", "workqueue", "net", "power");

  private static final List<SampleKernel> REAL =
      List.of(
              SampleKernel.AMD64_6_1,
              "debian-bullseye-5.10.0-46-amd64",
              "debian-trixie-6.12.117-amd64")
          .stream()
          .map(SampleKernel::read)
          .map(Kernels::part)
          .toList();

  private final VariedKernel.Hashes hashes = new VariedKernel.Hashes();
  private final KernelVariations variations;
  private final GeneratedConsumers consumers;
  private final int worker;
  private int tools;

  Kernels(int worker, long seed) {
    this.worker = worker;
    SampleKernel real = REAL.getFirst();
    KernelIdentity identity = real.identity();
    SampleKernel own =
        new SampleKernel(
            real.id(),
            new KernelIdentity(
                identity.release() + "-w" + worker,
                identity.build(),
                identity.machine(),
                identity.target(),
                identity.pageSize()),
            real.formats());
    this.variations = new KernelVariations(own, REAL, seed);
    this.consumers = new GeneratedConsumers(own, seed);
  }

  /// The next build.
  Registration kernel(String series) {
    Registration next = variations.next().registration(hashes);
    return new Registration(next.identity(), Optional.of(series), false, next.events());
  }

  /// The next tool.
  Consumer tool() {
    tools++;
    return consumers.make(1, 2).getFirst().toBuilder()
        .setName("tool-" + worker + "-" + tools)
        .build();
  }

  private static SampleKernel part(SampleKernel kernel) {
    SortedMap<EventName, byte[]> formats = new TreeMap<>(kernel.formats());
    formats.keySet().removeIf(event -> !SYSTEMS.contains(event.system()));
    return new SampleKernel(kernel.id(), kernel.identity(), formats);
  }
}
