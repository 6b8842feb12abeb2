package dev.tracery.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Short runs of what `./run-faults` does at length. A run that fails leaves its history in
/// `target/faults`.
class ClusterFaultsTest {

  private static final int WORKERS = 4;
  private static final int JUDGEMENTS = 100;

  @Test
  void three_servers_over_one_database_keep_their_promises() throws Exception {
    assertKept(Setup.POSTGRES, 11, 8);
  }

  @Test
  void they_keep_them_when_the_replica_takes_the_databases_place() throws Exception {
    assertKept(Setup.REPLICA, 4, 6);
  }

  @Test
  void they_are_equal_in_the_end_where_the_replica_had_not_all_of_the_log() throws Exception {
    assertKept(Setup.LAGGING_REPLICA, 3, 3);
  }

  @Test
  void one_server_over_a_file_that_is_killed_in_the_middle_of_writes_keeps_them() throws Exception {
    assertKept(Setup.SQLITE, 1, 5);
  }

  private static void assertKept(Setup setup, long seed, int faults) throws Exception {
    Path folder = Path.of("target", "faults", "test-" + setup).toAbsolutePath();
    FaultReport report =
        new FaultRun(setup, setup.plan(seed, faults), WORKERS, JUDGEMENTS, folder, _ -> {}).run();
    assertEquals(List.of(), report.violations(), report::toString);
    // Why: a run in which nothing was written proves nothing.
    assertTrue(
        report.evidence().operations().stream().filter(Operation::isAcknowledgedWrite).count()
            > 5L * faults,
        report::toString);
  }
}
