package dev.tracery.bench;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tracery.bench.FleetModel.Tool;
import dev.tracery.bench.FleetRequests.Key;
import dev.tracery.consumer.Consumer;
import dev.tracery.v1.NegotiateResponse;
import dev.tracery.v1.RunOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/// Hosts on a clock of their own, which start tools and keep answers as clients do
/// (`clients/conformance/README.md`): by the question, for as long as the registry says, refusals
/// not at all. What is not kept is asked for real.
final class Fleet {

  /// A start of a tool and what became of it, of the host that is looked at.
  record Start(long millis, Key key, boolean asked) {}

  private record Kept(long millis, long forMillis) {}

  private final int hosts;
  private final List<Tool> tools = FleetModel.tools();
  private final List<VariedKernel> kernels;
  private final Map<List<Integer>, Consumer> needs = new HashMap<>();
  private final FleetRequests requests = new FleetRequests();
  private final List<Map<Key, Kept>> kept = new ArrayList<>();
  private final int[] kernelOf;
  private final int[] monitorVersion;
  private final Random random = new Random(1);
  private final int watched;
  final List<Start> watchedStarts = new ArrayList<>();
  final LongAdder starts = new LongAdder();
  final LongAdder fromCache = new LongAdder();
  final LongAdder asked = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder withTexts = new LongAdder();
  final LongAdder offline = new LongAdder();
  final LongAdder unreachable = new LongAdder();

  /// @param kernels that hosts run; each host begins with `kernelOf` it
  /// @param watched the host whose starts are noted
  Fleet(int hosts, List<VariedKernel> kernels, IntUnaryOperator kernelOf, int watched) {
    this.hosts = hosts;
    this.kernels = kernels;
    this.watched = watched;
    this.kernelOf = new int[hosts];
    this.monitorVersion = new int[hosts];
    for (int host = 0; host < hosts; host++) {
      this.kernelOf[host] = kernelOf.applyAsInt(host);
      kept.add(new ConcurrentHashMap<>());
    }
  }

  int hosts() {
    return hosts;
  }

  List<VariedKernel> kernels() {
    return kernels;
  }

  /// What a start asks about.
  Consumer tool(Key key) {
    return needs.computeIfAbsent(
        List.of(key.tool(), key.version()), _ -> tools.get(key.tool()).needs(key.version()));
  }

  /// From now on the host runs another kernel.
  void boot(int host, int kernel) {
    kernelOf[host] = kernel;
  }

  /// From now on the host has the next version of the tool that it starts most.
  void update(int host) {
    monitorVersion[host]++;
  }

  /// What starts in this minute; returns when all of it is answered.
  void minute(int minute, FleetCalls calls) throws InterruptedException {
    for (int host = 0; host < hosts; host++) {
      for (int tool = 0; tool < tools.size(); tool++) {
        if (tools.get(tool).isOn(host, hosts) && tools.get(tool).starts(host, minute, random)) {
          start(host, tool, minute, calls);
        }
      }
    }
    // Why: the next minute is over in less time than an answer takes, and an answer that was not
    // there
    // yet would be asked for again.
    calls.finish();
  }

  /// Every tool of every host starts in this minute.
  void everything(int minute, FleetCalls calls) throws InterruptedException {
    for (int tool = 0; tool < tools.size(); tool++) {
      for (int host = 0; host < hosts; host++) {
        if (tools.get(tool).isOn(host, hosts)) {
          start(host, tool, minute, calls);
        }
      }
    }
  }

  private void start(int host, int tool, int minute, FleetCalls calls) throws InterruptedException {
    long now = minute * 60_000L;
    Key key = new Key(tool, tool == 0 ? monitorVersion[host] : 0, kernelOf[host]);
    Map<Key, Kept> answers = kept.get(host);
    Kept known = answers.get(key);
    boolean fresh = known != null && now - known.millis() < known.forMillis();
    starts.increment();
    if (host == watched) {
      watchedStarts.add(new Start(now, key, !fresh));
    }
    if (fresh) {
      fromCache.increment();
      return;
    }
    byte[] request = requests.of(key, tool(key), kernels.get(key.kernel()));
    asked.increment();
    // Why by the host: each has the addresses in another order, or all would ask the first.
    calls.ask(request, host, new Question(request, key, now, answers, known != null));
  }

  private final class Question implements FleetCalls.Listener {
    private final byte[] request;
    private final Key key;
    private final long now;
    private final Map<Key, Kept> answers;
    private final boolean hasOld;

    Question(byte[] request, Key key, long now, Map<Key, Kept> answers, boolean hasOld) {
      this.request = request;
      this.key = key;
      this.now = now;
      this.answers = answers;
      this.hasOld = hasOld;
    }

    @Override
    public byte @Nullable [] answered(NegotiateResponse answer)
        throws InvalidProtocolBufferException {
      if (answer.getNeedFormatsCount() > 0) {
        withTexts.increment();
        return FleetRequests.withTexts(
            request, answer.getNeedFormatsList(), kernels.get(key.kernel()));
      }
      if (answer.getOutcome() == RunOutcome.RUN_OUTCOME_REJECTED) {
        refused.increment();
      } else {
        answers.put(key, new Kept(now, answer.getCacheFor().getSeconds() * 1_000));
      }
      return null;
    }

    @Override
    public void unreachable() {
      (hasOld ? offline : unreachable).increment();
    }
  }
}
