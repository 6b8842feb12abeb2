package dev.tracery.grpc;

import dev.tracery.consumer.Consumer;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Compatibility;
import dev.tracery.v1.KernelTypes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Gives the answers that a test puts into it, and notes what it was asked. Thread-safe.
final class FakeCompatibility implements Compatibility {

  final List<String> asked = new CopyOnWriteArrayList<>();
  final List<Waiver> waivers = new CopyOnWriteArrayList<>();
  final List<KernelFit> fits = new CopyOnWriteArrayList<>();
  final AtomicReference<@Nullable CheckResult> result = new AtomicReference<>();
  final AtomicReference<@Nullable Consumer> tool = new AtomicReference<>();
  final AtomicInteger openChecks = new AtomicInteger();

  @Override
  public Check check(KernelIdentity identity, String series) {
    asked.add("check " + identity.release() + " " + series);
    openChecks.incrementAndGet();
    return new FakeCheck();
  }

  @Override
  public KernelFit canRunOn(Consumer asking, String kernel, long atRevision) {
    tool.set(asking);
    asked.add("canRunOn " + asking.name() + " " + kernel + " " + atRevision);
    return fits.getFirst();
  }

  @Override
  public List<KernelFit> canRunIn(Consumer asking, String series, int limit, long atRevision) {
    tool.set(asking);
    asked.add("canRunIn " + asking.name() + " " + series + " " + limit + " " + atRevision);
    return List.copyOf(fits);
  }

  @Override
  public Waiver waive(Waiver waiver) {
    asked.add("waive " + waiver.name());
    Waiver given =
        new Waiver(
            waiver.name(),
            waiver.reason(),
            waiver.author(),
            waiver.series(),
            waiver.kernel(),
            waiver.consumer(),
            waiver.event(),
            waiver.field(),
            waiver.kind(),
            Instant.ofEpochSecond(1_000),
            8);
    waivers.add(given);
    return given;
  }

  @Override
  public List<Waiver> waivers(String series, int from, int limit, long atRevision) {
    asked.add("waivers " + series + " " + from + " " + limit + " " + atRevision);
    return waivers.stream().skip(from).limit(limit).toList();
  }

  @Override
  public Policy policy(long atRevision) {
    asked.add("policy " + atRevision);
    return new Policy(
        Mode.ADVISE,
        List.of(new ModeRule("debian", Mode.ENFORCE)),
        List.of(
            new StabilityRule("mine/*", Stability.STABLE, false),
            new StabilityRule("kprobes/*", Stability.DYNAMIC, true)),
        9);
  }

  @Override
  public Policy updatePolicy(List<ModeRule> modes, List<StabilityRule> stability) {
    asked.add("updatePolicy " + modes + " " + stability);
    return policy(0);
  }

  private final class FakeCheck implements Check {
    private boolean closed;

    @Override
    public void add(EventName event, int id, String file, byte[] text, Optional<Sha256> hash) {
      asked.add(event + " " + id + " " + text.length + " " + hash.isPresent());
    }

    @Override
    public void add(EventName event, int id, Sha256 layoutHash) {
      asked.add(event + " " + id + " " + layoutHash.equals(FakeRegistry.KNOWN));
    }

    @Override
    public void addSystem(String system, Sha256 node, int firstId) {
      asked.add(system + " " + firstId + " " + node.equals(FakeRegistry.KNOWN));
    }

    @Override
    public void addTypes(KernelTypes types) {
      asked.add("types " + types.getTracepointsCount());
    }

    @Override
    public CheckResult finish() {
      asked.add("finish");
      CheckResult found = result.get();
      if (found == null) {
        throw new AssertionError("the test has no result for it");
      }
      return found;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        openChecks.decrementAndGet();
      }
    }
  }
}
