package dev.tracery.fault;

import dev.tracery.fault.Operation.Kind;
import dev.tracery.fault.Operation.Outcome;
import dev.tracery.fault.Violation.Promise;
import dev.tracery.registry.log.Entry;
import dev.tracery.registry.log.SchemaContent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Compares what clients were answered with what servers have in the end. Knows nothing of how the
/// run was made.
final class Checker {

  /// What a registry that has exactly this log says.
  interface Oracle {
    /// The verdict of a fresh registry.
    ///
    /// @param question of [Questions]
    /// @param revision up to which it has the log; never less than in the call before
    String verdict(int question, long revision);
  }

  private final Evidence evidence;
  private final List<Violation> violations = new ArrayList<>();
  private final List<Violation> losses = new ArrayList<>();

  /// Facts of the log by revision, and revisions by fact.
  private final Map<Long, Set<String>> facts = new HashMap<>();

  private final Map<String, Set<Long>> revisions = new HashMap<>();
  private final List<LoggedCommit> log;

  Checker(Evidence evidence) {
    this.evidence = evidence;
    this.log = evidence.servers().isEmpty() ? List.of() : evidence.servers().getFirst().log();
    for (LoggedCommit commit : log) {
      for (String fact : commit.facts()) {
        facts.computeIfAbsent(commit.revision(), _ -> new HashSet<>()).add(fact);
        revisions.computeIfAbsent(fact, _ -> new TreeSet<>()).add(commit.revision());
      }
    }
  }

  /// Everything that is not as it was promised; empty if all is well.
  ///
  /// @param judgements how many verdicts are asked for again, drawn by `random`
  List<Violation> check(Oracle oracle, int judgements, Random random) {
    acknowledged();
    refused();
    once();
    gaps();
    oneLog();
    stale();
    oneState();
    numbers();
    verdicts(oracle, judgements, random);
    surprises();
    return List.copyOf(violations);
  }

  /// What was lost where that is allowed. After [#check].
  List<Violation> losses() {
    return List.copyOf(losses);
  }

  private void acknowledged() {
    for (Operation operation : evidence.operations()) {
      if (operation.claimedAt() == 0) {
        continue;
      }
      for (String fact : operation.claimed()) {
        if (facts.getOrDefault(operation.claimedAt(), Set.of()).contains(fact)) {
          continue;
        }
        Set<Long> at = revisions.getOrDefault(fact, Set.of());
        boolean isThere = !at.isEmpty();
        lose(
            isThere ? Promise.AT_ITS_REVISION : Promise.NOTHING_LOST,
            operation
                + " was answered \""
                + fact
                + "\" at "
                + operation.claimedAt()
                + (isThere ? ", but it is at " + at : ", but it is nowhere"));
      }
    }
  }

  private void refused() {
    Set<String> possible = new HashSet<>();
    for (Operation operation : evidence.operations()) {
      if (!operation.nothingStored()) {
        possible.addAll(operation.asked());
      }
    }
    for (Operation operation : evidence.operations()) {
      if (operation.nothingStored()) {
        for (String fact : operation.asked()) {
          if (!possible.contains(fact) && revisions.containsKey(fact)) {
            fail(
                Promise.REFUSED_IS_NOT_THERE,
                operation
                    + " was refused ("
                    + operation.problem()
                    + "), but \""
                    + fact
                    + "\" is at "
                    + revisions.get(fact));
          }
        }
      }
    }
  }

  private void once() {
    revisions.forEach((fact, at) -> {
      if (Facts.isOnce(fact) && at.size() > 1) {
        fail(Promise.ONCE, "\"" + fact + "\" is at " + at);
      }
    });
  }

  private void gaps() {
    for (ServerState server : evidence.servers()) {
      long expected = 1;
      long time = Long.MIN_VALUE;
      for (LoggedCommit commit : server.log()) {
        if (commit.revision() != expected || commit.timeMillis() < time) {
          fail(
              Promise.NO_GAPS,
              server.server() + " has revision " + commit.revision() + " in place of " + expected);
        }
        expected++;
        time = commit.timeMillis();
      }
    }
  }

  private void oneLog() {
    for (ServerState server : evidence.servers()) {
      ServerState first = evidence.servers().getFirst();
      if (!server.exportHash().equals(first.exportHash())) {
        fail(
            Promise.ONE_LOG,
            server.server()
                + " and "
                + first.server()
                + " export different logs, from revision "
                + firstDifference(server.log(), first.log())
                + " on");
      }
    }
    Map<Long, Seen> known = new HashMap<>();
    for (ServerState server : evidence.servers()) {
      server.watched().forEach(seen -> compare(seen, known, server.server()));
    }
    // Why before those of the run: what the servers have in the end is what others are wrong
    // against.
    for (Seen seen : evidence.seen()) {
      if (!known.containsKey(seen.revision())) {
        lose(
            Promise.ONE_LOG,
            "watcher " + seen.watcher() + " saw revision " + seen.revision() + ", which is gone");
      } else if (!known.get(seen.revision()).content().equals(seen.content())) {
        lose(
            Promise.ONE_LOG,
            "watcher "
                + seen.watcher()
                + " saw other entries at revision "
                + seen.revision()
                + " than the servers have");
      }
    }
    eachWatchInOrder();
  }

  private void compare(Seen seen, Map<Long, Seen> known, String server) {
    Seen before = known.putIfAbsent(seen.revision(), seen);
    if (before != null && !before.content().equals(seen.content())) {
      fail(Promise.ONE_LOG, server + " tells watchers other entries at " + seen.revision());
    }
  }

  private void eachWatchInOrder() {
    Map<Integer, Long> last = new TreeMap<>();
    for (Seen seen : evidence.seen()) {
      Long before = last.put(seen.watcher(), seen.revision());
      if (before != null && seen.revision() != before + 1) {
        lose(
            Promise.NO_GAPS,
            "watcher " + seen.watcher() + " saw revision " + seen.revision() + " after " + before);
      }
    }
  }

  private static long firstDifference(List<LoggedCommit> one, List<LoggedCommit> other) {
    for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
      if (!one.get(i).entries().equals(other.get(i).entries())
          || one.get(i).timeMillis() != other.get(i).timeMillis()) {
        return i + 1L;
      }
    }
    return Math.min(one.size(), other.size()) + 1L;
  }

  private void stale() {
    for (Operation operation : evidence.operations()) {
      if (operation.revision() > 0 && operation.revision() < operation.floor()) {
        fail(
            Promise.NOT_STALE,
            operation
                + " was answered as of revision "
                + operation.revision()
                + ", but "
                + operation.floor()
                + " was asked for");
      }
      boolean isRead =
          operation.kind() == Kind.READ_KERNEL || operation.kind() == Kind.READ_CONSUMER;
      if (isRead && operation.outcome() == Outcome.REFUSED) {
        // Workers read only what they were told is there.
        lose(
            Promise.NOT_STALE,
            operation + " did not find what was acknowledged: " + operation.problem());
      }
    }
  }

  private void oneState() {
    for (ServerState server : evidence.servers()) {
      ServerState first = evidence.servers().getFirst();
      if (server.revision() != first.revision() || !server.stateHash().equals(first.stateHash())) {
        fail(
            Promise.ONE_STATE,
            "%s has state %s at revision %d, %s has %s at %d"
                .formatted(
                    first.server(),
                    first.stateHash(),
                    first.revision(),
                    server.server(),
                    server.stateHash(),
                    server.revision()));
      }
      if (server.revision() != server.log().size()) {
        fail(
            Promise.ONE_STATE,
            "%s says that it is at revision %d, but exports %d"
                .formatted(server.server(), server.revision(), server.log().size()));
      }
    }
  }

  private void numbers() {
    Map<String, Numbers> byNumber = new HashMap<>();
    Map<String, Numbers> byMeaning = new HashMap<>();
    Map<String, Integer> versions = new HashMap<>();
    Map<String, Long> added = new HashMap<>();
    for (LoggedCommit commit : log) {
      for (Entry entry : commit.content().getEntriesList()) {
        if (!entry.hasSchemaVersionAdded()) {
          continue;
        }
        var version = entry.getSchemaVersionAdded();
        int before = versions.getOrDefault(version.getEvent(), 0);
        if (version.getVersion() != before + 1) {
          fail(
              Promise.NUMBERS_STAY,
              "%s has version %d after %d, at revision %d"
                  .formatted(version.getEvent(), version.getVersion(), before, commit.revision()));
        }
        versions.put(version.getEvent(), version.getVersion());
        added.put(version.getEvent() + " " + version.getVersion(), commit.revision());
        for (Numbers field :
            Numbers.of(version.getEvent(), version.getVersion(), content(version.getContent()))) {
          unique(field, byNumber, byMeaning);
        }
      }
    }
    for (Operation operation : evidence.operations()) {
      for (Numbers given : operation.numbers()) {
        Long at = added.get(given.event() + " " + given.version());
        Numbers known = byNumber.get(given.event() + " " + given.number());
        if (at == null || known == null || at > operation.revision()) {
          lose(
              Promise.NUMBERS_STAY,
              operation
                  + " was given "
                  + given
                  + ", of which the log does not know at revision "
                  + operation.revision());
        } else if (!known.meaning().equals(given.meaning())) {
          lose(
              Promise.NUMBERS_STAY,
              operation + " was given " + given + ", but the log says " + known);
        }
      }
    }
  }

  private void unique(
      Numbers field, Map<String, Numbers> byNumber, Map<String, Numbers> byMeaning) {
    Numbers sameNumber = byNumber.putIfAbsent(field.event() + " " + field.number(), field);
    if (sameNumber != null && !sameNumber.meaning().equals(field.meaning())) {
      fail(Promise.NUMBERS_STAY, sameNumber + ", and " + field);
    }
    Numbers sameMeaning = byMeaning.putIfAbsent(field.event() + " " + field.meaning(), field);
    if (sameMeaning != null && sameMeaning.number() != field.number()) {
      fail(Promise.NUMBERS_STAY, sameMeaning + ", and " + field);
    }
  }

  private static SchemaContent content(com.google.protobuf.ByteString bytes) {
    try {
      return SchemaContent.parseFrom(bytes);
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private void verdicts(Oracle oracle, int judgements, Random random) {
    List<Operation> judged = new ArrayList<>();
    for (Operation operation : evidence.operations()) {
      if (operation.judged().isThere()) {
        judged.add(operation);
        judgedBeforeItsWrite(operation);
      }
    }
    Collections.shuffle(judged, random);
    List<Operation> drawn =
        judged.stream()
            .filter(operation -> operation.judged().revision() <= log.size())
            .limit(judgements)
            .sorted(Comparator.comparingLong(operation -> operation.judged().revision()))
            .toList();
    for (Operation operation : drawn) {
      Operation.Judged given = operation.judged();
      String fresh = oracle.verdict(given.question(), given.revision());
      if (!fresh.equals(given.verdict())) {
        lose(
            Promise.VERDICTS_HOLD,
            "%s says as of revision %d:%n%s%nbut a fresh registry says:%n%s"
                .formatted(operation, given.revision(), given.verdict(), fresh));
      }
      if (operation.kind() == Kind.REGISTER_ENFORCED
          && operation.outcome() == Outcome.OK
          // What was lost was judged by a log that is gone.
          && isThere(operation)
          && Verdicts.breaks(fresh)) {
        fail(
            Promise.ENFORCED,
            operation + " was accepted at " + operation.claimedAt() + ", but breaks:\n" + fresh);
      }
    }
  }

  private boolean isThere(Operation operation) {
    return facts.getOrDefault(operation.claimedAt(), Set.of()).containsAll(operation.claimed());
  }

  /// The verdict on what was written is of the revision just before.
  private void judgedBeforeItsWrite(Operation operation) {
    if (operation.isAcknowledgedWrite()
        && operation.judged().revision() != operation.claimedAt() - 1) {
      fail(
          Promise.ENFORCED,
          "%s is at revision %d, but was judged at %d"
              .formatted(operation, operation.claimedAt(), operation.judged().revision()));
    }
  }

  private void surprises() {
    evidence.surprises().forEach(surprise -> fail(Promise.NO_SURPRISES, surprise));
    evidence.badAnswers().forEach(answer -> lose(Promise.NO_SURPRISES, answer));
  }

  private void fail(Promise promise, String what) {
    violations.add(new Violation(promise, what));
  }

  /// Something that follows from a loss: no violation where the database may lose.
  private void lose(Promise promise, String what) {
    (evidence.mayLose() ? losses : violations).add(new Violation(promise, what));
  }
}
