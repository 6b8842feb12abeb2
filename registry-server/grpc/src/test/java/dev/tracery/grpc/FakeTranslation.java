package dev.tracery.grpc;

import dev.tracery.registry.RegistryException;
import dev.tracery.translation.Answers;
import dev.tracery.translation.TraceJob;
import dev.tracery.translation.Translation;
import dev.tracery.translation.TranslatorBundles;
import dev.tracery.v1.TraceItem;
import dev.tracery.v1.TranslateResponse;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A translation that notes what it is given, and answers as much as a test wants. Thread-safe.
final class FakeTranslation implements Translation, TranslatorBundles {

  final List<String> asked = new CopyOnWriteArrayList<>();
  final AtomicInteger open = new AtomicInteger();
  final AtomicInteger sent = new AtomicInteger();
  volatile int answers = 1;
  volatile int answerBytes = 10;
  volatile @Nullable RegistryException failure;

  @Override
  public TraceJob begin(Request request, Answers answers) {
    asked.add(request.source().toString());
    open.incrementAndGet();
    return new Job(answers);
  }

  private final class Job implements TraceJob {
    private final Answers out;
    private long bytes;
    private boolean closed;

    Job(Answers out) {
      this.out = out;
    }

    @Override
    public void file(byte[] chunk) {
      bytes += chunk.length;
    }

    @Override
    public void pages(int cpu, byte[] pages) {
      asked.add("cpu " + cpu + " " + pages.length);
      answer();
    }

    @Override
    public void finish() {
      asked.add("finish " + bytes);
      answer();
    }

    private void answer() {
      RegistryException refused = failure;
      if (refused != null) {
        throw refused;
      }
      for (int i = 0; i < answers; i++) {
        out.check();
        out.send(item());
        sent.incrementAndGet();
      }
    }

    private byte[] item() {
      TraceItem.Builder item = TraceItem.newBuilder();
      item.getStartBuilder().setClock("x".repeat(answerBytes));
      return TranslateResponse.newBuilder().addItems(item).build().toByteArray();
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        open.decrementAndGet();
      }
    }
  }

  @Override
  public List<Bundle> list() {
    return List.of(bundle("there", "1.0"));
  }

  @Override
  public int maxJarBytes() {
    return 3 << 20;
  }

  @Override
  public Installation install(byte[] jar) {
    asked.add("install " + jar.length);
    return new Installation(bundle("new", "2.0"), Optional.of("1.0"));
  }

  @Override
  public Bundle remove(String name) {
    asked.add("remove " + name);
    return bundle(name, "1.0");
  }

  private static Bundle bundle(String name, String version) {
    return new Bundle(
        name,
        version,
        Origin.INSTALLED,
        State.QUARANTINED,
        "it throws",
        "k1",
        "6.1",
        "x86_64",
        3,
        List.of("sched/sched_switch.prev_pid"),
        5,
        100,
        2,
        Optional.of(Instant.ofEpochSecond(7)));
  }
}
