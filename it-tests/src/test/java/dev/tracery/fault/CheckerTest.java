package dev.tracery.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.tracery.fault.Operation.Judged;
import dev.tracery.fault.Operation.Kind;
import dev.tracery.fault.Operation.Outcome;
import dev.tracery.fault.Violation.Promise;
import dev.tracery.registry.log.Commit;
import dev.tracery.registry.log.Entry;
import dev.tracery.registry.log.KernelRegistered;
import dev.tracery.registry.log.SchemaContent;
import dev.tracery.registry.log.SchemaFieldContent;
import dev.tracery.registry.log.SchemaVersionAdded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Histories that were doctored: each promise that is broken is found, and no other.
class CheckerTest {

  private static final Checker.Oracle AGREES = (question, revision) -> "fine";

  private final List<Operation> operations = new ArrayList<>();
  private final List<Seen> seen = new ArrayList<>();
  private final List<String> surprises = new ArrayList<>();
  private final List<String> badAnswers = new ArrayList<>();

  /// Three kernels, each in its revision.
  private List<Commit> commits = List.of(kernel("one"), kernel("two"), kernel("three"));

  private Checker.Oracle oracle = AGREES;
  private boolean mayLose;

  @Test
  void a_history_that_is_as_it_should_be_has_no_violation() {
    operations.add(registered("one", 1));
    operations.add(uncertain("two"));
    operations.add(refused("four"));
    operations.add(read("three", 3, 3));
    seen.addAll(List.of(see(7, 1), see(7, 2), see(7, 3), see(8, 1), see(8, 2)));
    assertEquals(Set.of(), broken(server("a"), server("b")));
  }

  @Test
  void what_was_acknowledged_and_is_nowhere_is_lost() {
    operations.add(registered("four", 4));
    assertEquals(Set.of(Promise.NOTHING_LOST), broken(server("a")));
  }

  @Test
  void a_loss_is_told_apart_where_it_is_allowed() {
    mayLose = true;
    operations.add(registered("four", 4));
    seen.add(see(7, 4));
    Checker checker = new Checker(evidence(server("a")));
    assertEquals(List.of(), checker.check(oracle, 10, new Random(1)));
    assertEquals(
        List.of(Promise.NOTHING_LOST, Promise.ONE_LOG),
        checker.losses().stream().map(Violation::promise).toList());
  }

  @Test
  void what_was_acknowledged_is_at_its_revision() {
    operations.add(registered("two", 3));
    assertEquals(Set.of(Promise.AT_ITS_REVISION), broken(server("a")));
  }

  @Test
  void a_read_that_finds_something_else_than_the_log_has_is_found() {
    operations.add(read("nobody", 3, 3));
    assertEquals(Set.of(Promise.NOTHING_LOST), broken(server("a")));
  }

  @Test
  void what_was_refused_for_certain_is_not_there() {
    operations.add(refused("two"));
    assertEquals(Set.of(Promise.REFUSED_IS_NOT_THERE), broken(server("a")));
    operations.add(uncertain("two"));
    assertEquals(Set.of(), broken(server("a")));
  }

  @Test
  void a_kernel_is_registered_once() {
    commits = List.of(kernel("one"), kernel("two"), kernel("one"));
    assertEquals(Set.of(Promise.ONCE), broken(server("a")));
  }

  @Test
  void revisions_have_no_gaps() {
    List<LoggedCommit> log = log(commits);
    ServerState server = server("a", List.of(log.get(0), log.get(2)), 2, "state");
    assertEquals(Set.of(Promise.NO_GAPS), broken(server));
  }

  @Test
  void servers_export_the_same() {
    List<LoggedCommit> other = log(List.of(kernel("one"), kernel("2"), kernel("three")));
    Set<Promise> broken = broken(server("a"), server("b", other, 3, "state"));
    assertEquals(Set.of(Promise.ONE_LOG), broken);
  }

  @Test
  void watchers_have_seen_what_servers_have() {
    seen.add(new Seen(7, 2, "something else"));
    assertEquals(Set.of(Promise.ONE_LOG), broken(server("a")));
    seen.clear();
    seen.add(see(7, 4));
    assertEquals(Set.of(Promise.ONE_LOG), broken(server("a")));
  }

  @Test
  void a_watch_leaves_nothing_out_and_repeats_nothing() {
    seen.addAll(List.of(see(7, 1), see(7, 3)));
    assertEquals(Set.of(Promise.NO_GAPS), broken(server("a")));
    seen.clear();
    seen.addAll(List.of(see(7, 1), see(7, 2), see(7, 2)));
    assertEquals(Set.of(Promise.NO_GAPS), broken(server("a")));
  }

  @Test
  void an_answer_is_not_older_than_what_was_asked_for() {
    operations.add(read("one", 2, 3));
    assertEquals(Set.of(Promise.NOT_STALE), broken(server("a")));
  }

  @Test
  void what_was_acknowledged_is_found() {
    operations.add(operation(Kind.READ_KERNEL, "one", Outcome.REFUSED, false, 1, 0));
    assertEquals(Set.of(Promise.NOT_STALE), broken(server("a")));
  }

  @Test
  void a_verdict_is_what_a_fresh_registry_says() {
    operations.add(judged(Kind.CHECK, 0, 2, "fine"));
    assertEquals(Set.of(), broken(server("a")));
    oracle = (question, revision) -> revision == 2 ? "BREAK sched/sched_switch" : "fine";
    assertEquals(Set.of(Promise.VERDICTS_HOLD), broken(server("a")));
  }

  @Test
  void a_series_that_enforces_takes_nothing_that_breaks_somebody() {
    operations.add(judged(Kind.REGISTER_ENFORCED, 3, 2, "BREAK sched/sched_switch"));
    oracle = (question, revision) -> "BREAK sched/sched_switch";
    assertEquals(Set.of(Promise.ENFORCED), broken(server("a")));
  }

  @Test
  void what_was_written_was_judged_at_the_revision_before() {
    operations.add(judged(Kind.REGISTER_ENFORCED, 3, 1, "fine"));
    assertEquals(Set.of(Promise.ENFORCED), broken(server("a")));
  }

  @Test
  void questions_are_asked_again_in_the_order_of_revisions() {
    List<Long> asked = new ArrayList<>();
    oracle =
        (question, revision) -> {
          asked.add(revision);
          return "fine";
        };
    for (long revision : new long[] {3, 1, 2, 1, 3}) {
      operations.add(judged(Kind.CHECK, 0, revision, "fine"));
    }
    assertEquals(Set.of(), broken(server("a")));
    assertEquals(List.of(1L, 1L, 2L, 3L, 3L), asked);
  }

  @Test
  void all_servers_have_one_state() {
    ServerState other = server("b", log(commits), 3, "another state");
    assertEquals(Set.of(Promise.ONE_STATE), broken(server("a"), other));
    ServerState behind = server("b", log(commits), 2, "state");
    assertEquals(Set.of(Promise.ONE_STATE), broken(server("a"), behind));
  }

  @Test
  void a_number_has_one_meaning() {
    commits = List.of(version(1, field(1, "pid")), version(2, field(1, "tgid")));
    assertEquals(Set.of(Promise.NUMBERS_STAY), broken(server("a")));
  }

  @Test
  void a_field_that_comes_back_has_the_number_that_it_had() {
    commits = List.of(version(1, field(1, "pid")), version(2, field(2, "pid")));
    assertEquals(Set.of(Promise.NUMBERS_STAY), broken(server("a")));
  }

  @Test
  void versions_of_a_lineage_have_no_gaps() {
    commits = List.of(version(1, field(1, "pid")), version(3, field(1, "pid")));
    assertEquals(Set.of(Promise.NUMBERS_STAY), broken(server("a")));
  }

  @Test
  void a_number_that_was_given_out_is_in_the_log() {
    commits = List.of(version(1, field(1, "pid")), version(2, field(1, "pid"), field(2, "prio")));
    operations.add(given(2, 2, 2, "prio"));
    assertEquals(Set.of(), broken(server("a")));
    operations.add(given(2, 2, 2, "cpu"));
    assertEquals(Set.of(Promise.NUMBERS_STAY), broken(server("a")));
    operations.clear();
    operations.add(given(1, 2, 2, "prio"));
    assertEquals(Set.of(Promise.NUMBERS_STAY), broken(server("a")));
  }

  @Test
  void what_must_not_happen_is_a_violation() {
    surprises.add("server 2 ended by itself with status 3");
    assertEquals(Set.of(Promise.NO_SURPRISES), broken(server("a")));
  }

  @Test
  void an_answer_of_who_has_lost_something_is_a_violation_where_nothing_may_be_lost() {
    badAnswers.add("REGISTER was answered DATA_LOSS");
    assertEquals(Set.of(Promise.NO_SURPRISES), broken(server("a")));
    mayLose = true;
    assertEquals(Set.of(), broken(server("a")));
    surprises.add("server 2 ended by itself with status 3");
    assertEquals(Set.of(Promise.NO_SURPRISES), broken(server("a")));
  }

  @Test
  void every_promise_has_a_test() throws Exception {
    // Of those above, each asserts the promise that it is about.
    String source =
        java.nio.file.Files.readString(
            java.nio.file.Path.of("src/test/java/dev/tracery/fault/CheckerTest.java"));
    for (Promise promise : Promise.values()) {
      assertTrue(source.contains("Set.of(Promise." + promise + ")"), promise::name);
    }
  }

  private Set<Promise> broken(ServerState... servers) {
    Set<Promise> broken = new TreeSet<>();
    new Checker(evidence(servers))
        .check(oracle, 10, new Random(1))
        .forEach(violation -> broken.add(violation.promise()));
    return broken;
  }

  private Evidence evidence(ServerState... servers) {
    return new Evidence(operations, seen, Arrays.asList(servers), surprises, badAnswers, mayLose);
  }

  private ServerState server(String name) {
    return server(name, log(commits), commits.size(), "state");
  }

  private static ServerState server(
      String name, List<LoggedCommit> log, long revision, String state) {
    List<Seen> watched = log.stream().map(commit -> see(0, commit.revision())).toList();
    String export = log.stream().map(commit -> commit.content().toString()).toList().toString();
    return new ServerState(name, revision, state, export, log, watched);
  }

  private static Seen see(int watcher, long revision) {
    return new Seen(watcher, revision, "content " + revision);
  }

  private static List<LoggedCommit> log(List<Commit> commits) {
    List<LoggedCommit> log = new ArrayList<>();
    for (Commit commit : commits) {
      long revision = log.size() + 1L;
      log.add(new LoggedCommit(revision, 1000 + revision, commit.toByteString(), commit, Map.of()));
    }
    return log;
  }

  private static Commit kernel(String release) {
    return Commit.newBuilder()
        .addEntries(
            Entry.newBuilder()
                .setKernelRegistered(KernelRegistered.newBuilder().setRelease(release)))
        .build();
  }

  private static Commit version(int version, SchemaFieldContent... fields) {
    ByteString content =
        SchemaContent.newBuilder().addAllFields(Arrays.asList(fields)).build().toByteString();
    return Commit.newBuilder()
        .addEntries(
            Entry.newBuilder()
                .setSchemaVersionAdded(
                    SchemaVersionAdded.newBuilder()
                        .setEvent("sched/sched_switch")
                        .setVersion(version)
                        .setContent(content)))
        .build();
  }

  private static SchemaFieldContent field(int number, String name) {
    return SchemaFieldContent.newBuilder().setNumber(number).setName(name).setKind(1).build();
  }

  private static Operation registered(String release, long at) {
    return operation(
        Kind.REGISTER, release, Outcome.OK, false, 0, at, at, Judged.NOTHING, List.of());
  }

  private static Operation uncertain(String release) {
    return operation(Kind.REGISTER, release, Outcome.UNCERTAIN, false, 0, 0);
  }

  private static Operation refused(String release) {
    return operation(Kind.REGISTER, release, Outcome.FAILED, true, 0, 0);
  }

  private static Operation read(String release, long revision, long floor) {
    long at = release.equals("one") ? 1 : 3;
    return operation(
        Kind.READ_KERNEL,
        release,
        Outcome.OK,
        false,
        floor,
        revision,
        at,
        Judged.NOTHING,
        List.of());
  }

  private static Operation judged(Kind kind, long claimedAt, long revision, String verdict) {
    return operation(
        kind,
        "three",
        Outcome.OK,
        false,
        0,
        Math.max(claimedAt, revision),
        claimedAt,
        new Judged(5, verdict, revision),
        List.of());
  }

  private static Operation given(long revision, int version, int number, String name) {
    Numbers numbers =
        new Numbers("sched/sched_switch", version, number, name + "[0] of kind 1", false);
    return operation(
        Kind.NEGOTIATE,
        "three",
        Outcome.OK,
        false,
        0,
        revision,
        0,
        Judged.NOTHING,
        List.of(numbers));
  }

  private static Operation operation(
      Kind kind,
      String release,
      Outcome outcome,
      boolean nothingStored,
      long floor,
      long revision) {
    return operation(
        kind, release, outcome, nothingStored, floor, revision, 0, Judged.NOTHING, List.of());
  }

  private static Operation operation(
      Kind kind,
      String release,
      Outcome outcome,
      boolean nothingStored,
      long floor,
      long revision,
      long claimedAt,
      Judged judged,
      List<Numbers> numbers) {
    return new Operation(
        1,
        1,
        kind,
        release,
        0,
        1,
        outcome,
        outcome == Outcome.OK ? "" : "UNAVAILABLE",
        nothingStored,
        floor,
        revision,
        List.of(Facts.kernel(release)),
        claimedAt > 0 ? List.of(Facts.kernel(release)) : List.of(),
        claimedAt,
        judged,
        numbers);
  }
}
