package dev.tracery.bench;

import dev.tracery.store.postgres.AppendStatement;
import dev.tracery.store.postgres.testing.TestPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// What the database itself makes of the store's own statement: `pgbench` appends commits to a log
/// of its own, of the size of one that a registry wrote.
final class PgBench {

  // Whose it is does not matter, only that it has one.
  private static final String APPEND = "'00000000-0000-4000-8000-000000000000'::uuid";

  private final TestPostgres postgres;
  private final String database;
  private final Path folder;
  private final int bytes;
  private final Path alone;
  private final Path several;

  /// @param like the database of a registry, whose last commit the commits are like
  PgBench(TestPostgres postgres, String like, Path folder) throws IOException {
    this.postgres = postgres;
    this.folder = folder;
    this.database = postgres.newDatabase();
    AppendStatement.prepare(postgres.url(database), TestPostgres.PASSWORD);
    String[] last =
        postgres
            .sql(
                like,
                "SELECT packing, size, encode(entries, 'hex') FROM log ORDER BY revision DESC LIMIT 1")
            .getFirst()
            .split("\\|");
    this.bytes = last[2].length() / 2;
    String statement =
        AppendStatement.with(
            List.of(
                ":next::bigint",
                "1",
                last[0] + "::smallint",
                last[1] + "::integer",
                ":entries::bytea",
                APPEND,
                ":head::bigint",
                "NULL",
                "'{}'",
                "'{}'",
                "'{}'",
                "'{}'",
                ":next::text"));
    // Why two: one that writes alone knows the head, as a registry does; of several each must ask,
    // and those that were too late have appended nothing.
    this.alone =
        Files.writeString(
            folder.resolve("alone.sql"),
            "\\set next :head + 1\n" + oneLine(statement) + ";\n\\set head :next\n");
    this.several =
        Files.writeString(
            folder.resolve("several.sql"),
            "SELECT coalesce(max(revision), 0) AS head FROM log \\gset\n\\set next :head + 1\n"
                + oneLine(statement)
                + ";\n");
    Files.writeString(folder.resolve("entries"), "\\x" + last[2]);
  }

  /// The packed size of each commit.
  int bytes() {
    return bytes;
  }

  /// Appends for some seconds.
  ///
  /// @return commits that are there afterwards, in a second
  double run(int clients, int seconds) throws IOException, InterruptedException {
    long before = head();
    List<String> command = new ArrayList<>();
    Collections.addAll(
        command,
        postgres.programs().resolve("pgbench").toString(),
        "--no-vacuum",
        "--protocol=prepared",
        "--client=" + clients,
        "--jobs=1",
        "--time=" + seconds,
        "--define=head=" + before,
        "--define=entries=" + Files.readString(folder.resolve("entries")),
        "--file=" + (clients == 1 ? alone : several),
        "--host=127.0.0.1",
        "--port=" + postgres.port(),
        "--username=" + TestPostgres.ROLE,
        database);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PGPASSWORD", TestPostgres.PASSWORD);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException("pgbench failed:\n" + said);
    }
    double appended = head() - before;
    if (appended == 0) {
      throw new IllegalStateException("pgbench appended nothing:\n" + said);
    }
    return appended / seconds;
  }

  private long head() {
    return Long.parseLong(
        postgres.sql(database, "SELECT coalesce(max(revision), 0) FROM log").getFirst());
  }

  private static String oneLine(String statement) {
    return statement.lines().map(String::strip).reduce((a, b) -> a + " " + b).orElseThrow();
  }
}
