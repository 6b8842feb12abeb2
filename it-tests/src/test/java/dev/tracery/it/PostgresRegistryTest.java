package dev.tracery.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.client.ClientOptions;
import dev.tracery.client.IdentityWriter;
import dev.tracery.client.TraceryClient;
import dev.tracery.client.TraceryException;
import dev.tracery.store.postgres.testing.TestPostgres;
import dev.tracery.v1.AccessClass;
import dev.tracery.v1.Consumer;
import dev.tracery.v1.EventUse;
import dev.tracery.v1.FieldUse;
import dev.tracery.v1.GetStatusResponse;
import dev.tracery.v1.NegotiateRequest;
import dev.tracery.v1.NegotiateResponse;
import dev.tracery.v1.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Registry servers over a real PostgreSQL: moved there from SQLite and back, and without it for a
/// while.
class PostgresRegistryTest {

  private static final Duration WAIT = Duration.ofSeconds(60);

  @TempDir static Path shared;
  private static TestPostgres postgres;

  @TempDir Path folder;

  @BeforeAll
  static void startDatabase() throws IOException {
    postgres = TestPostgres.started();
    Files.writeString(shared.resolve("password"), TestPostgres.PASSWORD);
  }

  @AfterAll
  static void stopDatabase() {
    postgres.close();
  }

  @Test
  void a_registry_moves_from_sqlite_to_postgresql_and_back_byte_for_byte() throws Exception {
    Path first = export(SharedRegistry.address(), "first");
    Path second;
    try (ServerProcess over = server("over", postgres.newDatabase())) {
      load(over, first);
      assertEquals(stateHash(SharedRegistry.address()), stateHash(over.address()));
      second = export(over.address(), "second");
    }
    try (ServerProcess back = ServerProcess.start(Files.createDirectory(folder.resolve("back")))) {
      load(back, second);
      assertEquals(stateHash(SharedRegistry.address()), stateHash(back.address()));
      assertEquals(-1, Files.mismatch(first, export(back.address(), "third")));
    }
    assertEquals(-1, Files.mismatch(first, second));
  }

  @Test
  void a_server_that_lost_its_database_answers_from_memory_and_catches_up() throws Exception {
    String database = postgres.newDatabase();
    SampleKernel kernel = SampleKernel.all().getFirst();
    SampleKernel next = SampleKernel.all().get(1);
    try (ServerProcess one = server("one", database);
        ServerProcess two = server("two", database);
        TraceryClient writer = TraceryClient.connect(one.address(), ClientOptions.defaults());
        TraceryClient reader = TraceryClient.connect(two.address(), ClientOptions.defaults())) {
      long revision = writer.register(Registrations.of(kernel)).getRevision();
      awaitStatus(reader, status -> status.getRevision() == revision);
      NegotiateResponse before = reader.negotiate(question(kernel), WAIT);

      postgres.stop();
      try {
        GetStatusResponse away =
            awaitStatus(reader, status -> !status.getStoreStatus().getReachable());
        assertTrue(away.getStoreStatus().getProblem().contains("does not answer"), away.toString());
        assertEquals(before, reader.negotiate(question(kernel), WAIT));
        assertFalse(reader.freshness().orElseThrow().storeReachable());
        assertTrue(reader.freshness().orElseThrow().age().isPositive());
        assertTrue(reader.kernels("", 0).iterator().hasNext());
        TraceryException refused =
            assertThrows(TraceryException.class, () -> reader.register(Registrations.of(next)));
        assertTrue(refused.toString().contains("lost its store"), refused.toString());
      } finally {
        postgres.start();
      }

      awaitStatus(writer, status -> status.getStoreStatus().getReachable());
      long after = writer.register(Registrations.of(next)).getRevision();
      assertEquals(revision + 1, after);
      GetStatusResponse caughtUp = awaitStatus(reader, status -> status.getRevision() == after);
      assertEquals(2, caughtUp.getKernelCount());
      assertEquals(stateHash(one.address()), stateHash(two.address()));
    }
  }

  private ServerProcess server(String name, String database) throws IOException {
    return ServerProcess.start(
        Files.createDirectory(folder.resolve(name)),
        "localhost:0",
        "--store",
        postgres.url(database),
        "--store-password-file",
        shared.resolve("password").toString());
  }

  private Path export(String address, String name) {
    Path file = folder.resolve(name + ".tracery");
    Outcome.of("export", "--server", address, file.toString()).fine();
    return file;
  }

  private static void load(ServerProcess server, Path file) {
    Outcome.of("import", "--server", server.address(), file.toString()).fine();
  }

  private static String stateHash(String address) {
    String status = Outcome.of("status", "--server", address, "--state-hash").fine().out();
    return status.lines().filter(line -> line.startsWith("state hash")).findFirst().orElseThrow();
  }

  private static GetStatusResponse awaitStatus(
      TraceryClient client, Predicate<GetStatusResponse> wanted) throws InterruptedException {
    long end = System.nanoTime() + WAIT.toNanos();
    GetStatusResponse status = client.status();
    while (!wanted.test(status)) {
      assertTrue(System.nanoTime() < end, status.toString());
      Thread.sleep(100);
      status = client.status();
    }
    return status;
  }

  private static NegotiateRequest question(SampleKernel kernel) {
    return NegotiateRequest.newBuilder()
        .setTool(
            Consumer.newBuilder()
                .setName("lasting")
                .setVersion("1")
                .addRequirements(
                    Requirement.newBuilder()
                        .addAnyOf(
                            EventUse.newBuilder()
                                .setEvent("sched/sched_switch")
                                .setAccess(AccessClass.ACCESS_CLASS_BY_NAME)
                                .addFields(FieldUse.newBuilder().addNames("prev_pid")))))
        .setKernel(IdentityWriter.write(kernel.identity()))
        .setDryRun(true)
        .build();
  }
}
