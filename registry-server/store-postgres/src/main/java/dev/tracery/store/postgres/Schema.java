package dev.tracery.store.postgres;

import dev.tracery.store.Store.Commit;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/// The tables, and every statement that touches them.
final class Schema {

  /// What the one row of `tracery_schema` says.
  static final String APPLICATION = "tracery registry";

  /// Why so long: a lock is held for milliseconds, but by an import.
  private static final int LOCK_MILLIS = 2_000;

  private static final int SERVER_SECONDS = 60;

  /// From which tables the next version is made, and how.
  ///
  /// @param statements in one transaction
  /// @param columns what the tables are afterwards: each column as `table.name type`, in the order
  ///   of the text
  record Migration(int version, List<String> statements, List<String> columns) {}

  /// In the order of their versions, which count from 1.
  static final List<Migration> MIGRATIONS =
      List.of(
          new Migration(
              1,
              List.of(
                  """
                  CREATE TABLE tracery_schema (
                    one boolean PRIMARY KEY DEFAULT true CHECK (one),
                    application text NOT NULL,
                    version integer NOT NULL
                  )
                  """,
                  """
                  CREATE TABLE log (
                    revision bigint PRIMARY KEY CHECK (revision > 0),
                    time_millis bigint NOT NULL,
                    checksum bigint NOT NULL,
                    packing smallint NOT NULL,
                    size integer NOT NULL,
                    entries bytea NOT NULL,
                    append_id uuid NOT NULL
                  )
                  """,
                  """
                  CREATE TABLE blob (
                    hash bytea PRIMARY KEY CHECK (length(hash) = 32),
                    packing smallint NOT NULL,
                    size integer NOT NULL,
                    content bytea NOT NULL
                  )
                  """,
                  """
                  CREATE TABLE snapshot (
                    revision bigint PRIMARY KEY,
                    append_id uuid NOT NULL,
                    parts integer NOT NULL
                  )
                  """,
                  """
                  CREATE TABLE snapshot_part (
                    revision bigint REFERENCES snapshot ON DELETE CASCADE,
                    part integer,
                    sha256 bytea NOT NULL,
                    packing smallint NOT NULL,
                    size integer NOT NULL,
                    content bytea NOT NULL,
                    PRIMARY KEY (revision, part)
                  )
                  """,
                  """
                  CREATE TABLE server (
                    id text PRIMARY KEY,
                    address text NOT NULL,
                    version text NOT NULL,
                    revision bigint NOT NULL,
                    started_millis bigint NOT NULL,
                    heard timestamptz NOT NULL
                  )
                  """,
                  // Why: it is packed already.
                  "ALTER TABLE log ALTER entries SET STORAGE EXTERNAL",
                  "ALTER TABLE blob ALTER content SET STORAGE EXTERNAL",
                  "ALTER TABLE snapshot_part ALTER content SET STORAGE EXTERNAL"),
              List.of(
                  "blob.content bytea",
                  "blob.hash bytea",
                  "blob.packing smallint",
                  "blob.size integer",
                  "log.append_id uuid",
                  "log.checksum bigint",
                  "log.entries bytea",
                  "log.packing smallint",
                  "log.revision bigint",
                  "log.size integer",
                  "log.time_millis bigint",
                  "server.address text",
                  "server.heard timestamp with time zone",
                  "server.id text",
                  "server.revision bigint",
                  "server.started_millis bigint",
                  "server.version text",
                  "snapshot.append_id uuid",
                  "snapshot.parts integer",
                  "snapshot.revision bigint",
                  "snapshot_part.content bytea",
                  "snapshot_part.packing smallint",
                  "snapshot_part.part integer",
                  "snapshot_part.revision bigint",
                  "snapshot_part.sha256 bytea",
                  "snapshot_part.size integer",
                  "tracery_schema.application text",
                  "tracery_schema.one boolean",
                  "tracery_schema.version integer")));

  /// What the role must be allowed: table and right.
  static final List<String> RIGHTS =
      List.of(
          "tracery_schema SELECT",
          "log SELECT",
          "log INSERT",
          "log UPDATE",
          "blob SELECT",
          "blob INSERT",
          "snapshot SELECT",
          "snapshot INSERT",
          "snapshot DELETE",
          "snapshot_part SELECT",
          "snapshot_part INSERT",
          "server SELECT",
          "server INSERT",
          "server UPDATE",
          "server DELETE");

  /// Where new heads are told. A schema's own, because a database may have several registries.
  static final String SELECT_CHANNEL =
      "SELECT 'tracery_' || oid FROM pg_namespace WHERE nspname = current_schema()";

  /// The head, and the append of the revision that is asked for, null if it is not there.
  static final String SELECT_HEAD =
      "SELECT coalesce(max(revision), 0), (SELECT append_id FROM log WHERE revision = ?) FROM log";

  /// Commits after a revision, and with each (or alone) the append of the revision that is asked
  /// for.
  static final String SELECT_COMMITS =
      """
      SELECT known.append_id,
             l.revision, l.time_millis, l.checksum, l.packing, l.size, l.entries, l.append_id
      FROM (SELECT (SELECT append_id FROM log WHERE revision = ?) AS append_id) known
      LEFT JOIN LATERAL (SELECT * FROM log WHERE revision > ? ORDER BY revision LIMIT ?) l ON true
      ORDER BY l.revision
      """;

  static final String SELECT_BLOB = "SELECT packing, size, content FROM blob WHERE hash = ?";

  static final String SELECT_SIZE =
      "SELECT pg_total_relation_size('log') + pg_total_relation_size('blob')";

  /// What became of a commit. Why it locks the row: that makes it a write, which returns only when
  /// a synchronous replica has it, too, and with it the commit.
  static final String FIND_APPENDED =
      "SELECT append_id, time_millis FROM log WHERE revision = ? FOR UPDATE";

  static final String LOCK_LOG = "LOCK TABLE log IN EXCLUSIVE MODE";

  static final String SET_LOCK_TIMEOUT =
      "SELECT set_config('lock_timeout', '" + LOCK_MILLIS + "', true)";

  static final String INSERT_COMMITS =
      """
      INSERT INTO log (revision, time_millis, checksum, packing, size, entries, append_id)
      SELECT c.revision, c.time_millis, c.checksum, c.packing, c.size, c.entries, ?
      FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::smallint[], ?::integer[], ?::bytea[])
        AS c (revision, time_millis, checksum, packing, size, entries)
      ON CONFLICT (revision) DO NOTHING
      """;

  static final String INSERT_BLOBS =
      """
      INSERT INTO blob (hash, packing, size, content)
      SELECT * FROM unnest(?::bytea[], ?::smallint[], ?::integer[], ?::bytea[])
      ON CONFLICT (hash) DO NOTHING
      """;

  private static final String NOTIFY =
      "pg_notify('tracery_' || (SELECT oid FROM pg_namespace WHERE nspname = current_schema()), ?)";

  /// Tells that the head has moved, when the transaction is committed.
  static final String SELECT_NOTIFY = "SELECT " + NOTIFY;

  /// A revision that nobody but one can have; the blobs after it, so that only the one that has it
  /// stores any; and who listens is told. Answers the time of the commit, null if the head is
  /// another than was expected; and the head before the statement with its append, null if the log
  /// was empty.
  ///
  /// Why the timeouts are set here: what belongs to a session is lost behind a pooler. And what was
  /// acknowledged is on disk, whatever the database's default is.
  private static final String APPEND =
      """
      WITH head AS (
        SELECT revision, time_millis, append_id FROM log ORDER BY revision DESC LIMIT 1
      ), put AS (
        INSERT INTO log (revision, time_millis, checksum, packing, size, entries, append_id)
        SELECT ?, t.millis, ?::bigint # t.millis, ?, ?, ?, ?
        FROM (
          SELECT greatest(
              coalesce((SELECT time_millis FROM head), 0),
              (extract(epoch FROM clock_timestamp()) * 1000)::bigint) AS millis,
            set_config('lock_timeout', '%d', true),
            set_config(
              'synchronous_commit',
              replace(current_setting('synchronous_commit'), 'off', 'on'), true)
        ) t
        WHERE coalesce((SELECT revision FROM head), 0) = ?
          AND coalesce((SELECT append_id FROM head) = ?, true)
        ON CONFLICT (revision) DO NOTHING
        RETURNING time_millis
      ), stored AS (
        INSERT INTO blob (hash, packing, size, content)
        SELECT b.* FROM unnest(?::bytea[], ?::smallint[], ?::integer[], ?::bytea[]) AS b
        WHERE EXISTS (SELECT FROM put)
        ON CONFLICT (hash) DO NOTHING
      )
      SELECT put.time_millis, head.revision, head.append_id%s
      FROM (VALUES (1)) one LEFT JOIN put ON true LEFT JOIN head ON true
      """;

  static final String APPEND_AND_NOTIFY =
      APPEND.formatted(
          LOCK_MILLIS, ", CASE WHEN put.time_millis IS NOT NULL THEN " + NOTIFY + " END");
  static final String APPEND_QUIETLY = APPEND.formatted(LOCK_MILLIS, "");

  static final String SELECT_SNAPSHOT =
      """
      SELECT s.revision, s.parts, s.append_id, l.append_id,
             p.part, p.sha256, p.packing, p.size, p.content
      FROM snapshot s LEFT JOIN log l USING (revision) LEFT JOIN snapshot_part p USING (revision)
      WHERE s.revision = (SELECT max(revision) FROM snapshot)
      ORDER BY p.part
      """;

  /// Only one at a time, so that none waits for another's rows.
  static final String LOCK_SNAPSHOTS = "SELECT pg_advisory_xact_lock(hashtext('tracery snapshot'))";

  static final String SELECT_APPEND = "SELECT append_id FROM log WHERE revision = ?";

  /// Answers nothing where there is a snapshot of this revision or a greater one.
  static final String INSERT_SNAPSHOT =
      """
      INSERT INTO snapshot (revision, append_id, parts)
      SELECT given.* FROM (VALUES (?::bigint, ?::uuid, ?::integer)) AS given (revision)
      WHERE NOT EXISTS (SELECT FROM snapshot s WHERE s.revision >= given.revision)
      """;

  static final String INSERT_PART =
      "INSERT INTO snapshot_part (revision, part, sha256, packing, size, content)"
          + " VALUES (?, ?, ?, ?, ?, ?)";

  static final String DELETE_SNAPSHOTS = "DELETE FROM snapshot WHERE revision < ?";

  /// Who is heard of, and the dead with it. Why not synchronous: it says the same again in two
  /// seconds.
  static final String PUT_SERVER =
      """
      WITH asynchronous AS (
        SELECT set_config('synchronous_commit', 'off', true) AS setting
      ), dead AS (
        DELETE FROM server WHERE heard < now() - interval '%d seconds' AND id <> ?
      )
      INSERT INTO server (id, address, version, revision, started_millis, heard)
      SELECT ?, ?, ?, ?, ?, now() FROM asynchronous WHERE setting = 'off'
      ON CONFLICT (id) DO UPDATE SET
        address = excluded.address, version = excluded.version, revision = excluded.revision,
        started_millis = excluded.started_millis, heard = excluded.heard
      """
          .formatted(SERVER_SECONDS);

  static final String DELETE_SERVER = "DELETE FROM server WHERE id = ?";

  static final String SELECT_SERVERS =
      """
      SELECT id, address, version, revision, started_millis,
             (extract(epoch FROM heard) * 1000)::bigint
      FROM server WHERE heard >= now() - interval '%d seconds' ORDER BY address, id
      """
          .formatted(SERVER_SECONDS);

  private Schema() {}

  /// CRC-32C of the revision (8 bytes, big-endian) and the entries, unpacked. The database's clock
  /// says the time, which is put to it by exclusive or.
  static long checksum(long revision, byte[] entries) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Long.BYTES).putLong(revision).flip());
    crc.update(entries);
    return crc.getValue();
  }

  /// As it is stored.
  static long checksum(Commit commit) {
    return checksum(commit.revision(), commit.entries()) ^ commit.timeMillis();
  }
}
