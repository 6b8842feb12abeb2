package dev.tracery.store.postgres.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TestPostgresTest {

  private static final String WRITTEN = "SELECT string_agg(a::text, ',' ORDER BY a) FROM t";

  @Test
  void what_was_written_outlives_a_stop_and_a_kill() {
    Path data;
    try (TestPostgres server = TestPostgres.started()) {
      data = server.data();
      String database = server.newDatabase();
      server.sql(database, "CREATE TABLE t AS SELECT 1 AS a");
      server.restart();
      server.sql(database, "INSERT INTO t VALUES (2)");
      server.kill();
      assertFalse(server.isRunning());
      server.start();
      server.sql(database, "INSERT INTO t VALUES (3)");
      server.stopImmediately();
      server.start();

      assertEquals(List.of("1,2,3"), server.sql(database, WRITTEN));
    }
    assertFalse(Files.exists(data));
  }

  @Test
  void a_replica_has_what_was_acknowledged_and_can_be_promoted() {
    try (TestPostgres primary = TestPostgres.started();
        TestPostgres replica = primary.newReplica()) {
      primary.waitForReplicas(1);
      String database = primary.newDatabase();
      primary.sql(database, "CREATE TABLE t AS SELECT 1 AS a");
      assertThrows(
          IllegalStateException.class, () -> replica.sql(database, "INSERT INTO t VALUES (2)"));
      primary.kill();

      replica.promote();

      replica.sql(database, "INSERT INTO t VALUES (2)");
      assertEquals(List.of("1,2"), replica.sql(database, WRITTEN));
    }
  }

  @Test
  void a_paused_server_answers_when_it_goes_on() throws InterruptedException {
    try (TestPostgres server = TestPostgres.started()) {
      server.pause();
      Thread caller = Thread.ofPlatform().start(() -> server.sql("postgres", "SELECT 1"));
      caller.join(500);
      assertTrue(caller.isAlive());

      server.resume();
      caller.join();
    }
  }
}
