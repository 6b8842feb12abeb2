package dev.tracery.registry.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.tracery.compiler.layout.CanonicalForm;
import dev.tracery.model.Target;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.RegistryException.Code;
import dev.tracery.registry.core.LogRegistry;
import dev.tracery.registry.core.RegistryLimits;
import dev.tracery.registry.core.TestKernel;
import dev.tracery.registry.log.Record;
import dev.tracery.store.MemoryStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Exports of a little registry, whole and damaged.
class ExportTest {

  private final LogRegistry registry = open(new MemoryStore());
  private byte[] export = new byte[0];

  @BeforeEach
  void register() throws IOException {
    TestKernel.of("6.1", "a/one: int x", "b/two: u64 y").registerIn(registry, "line");
    TestKernel.of("6.2", "a/one: u64 x", "b/two: u64 y").registerIn(registry, "line");
    TestKernel.of("6.2", "a/one: u64 x", "b/two: u64 y").registerIn(registry, "other");
    export = export(registry);
  }

  @Test
  void an_import_has_everything_and_exports_the_same_bytes() throws IOException {
    LogRegistry imported = open(new MemoryStore());
    imported.importFrom(new ByteArrayInputStream(export));
    assertEquals(registry.changes(0, 10), imported.changes(0, 10));
    assertEquals(registry.diff("6.1", "6.2", "", 0), imported.diff("6.1", "6.2", "", 0));
    assertArrayEquals(export, export(imported));
  }

  @Test
  void an_imported_registry_can_be_opened_again_and_written_to() throws IOException {
    MemoryStore.Disk disk = new MemoryStore.Disk();
    LogRegistry imported = open(new MemoryStore(disk));
    imported.importFrom(new ByteArrayInputStream(export));
    TestKernel.of("6.3", "a/one: int x").registerIn(imported, "");
    LogRegistry reopened = open(new MemoryStore(disk));
    assertEquals(imported.changes(0, 10), reopened.changes(0, 10));
    assertEquals(4, reopened.head());
  }

  @Test
  void an_empty_registry_can_be_exported_and_imported() throws IOException {
    LogRegistry imported = open(new MemoryStore());
    imported.importFrom(new ByteArrayInputStream(export(open(new MemoryStore()))));
    assertEquals(0, imported.head());
  }

  @Test
  void a_registry_that_is_not_empty_is_not_imported_into() {
    RegistryException refused =
        assertThrows(
            RegistryException.class, () -> registry.importFrom(new ByteArrayInputStream(export)));
    assertEquals(
        "FAILED_PRECONDITION the registry is not empty; import into a new one",
        refused.code() + " " + refused.getMessage());
  }

  @Test
  void an_export_that_is_cut_anywhere_is_refused_with_the_place() {
    for (int length = 0; length < export.length; length += 1 + length / 50) {
      RegistryException refused = refused(Arrays.copyOf(export, length));
      assertEquals("byte " + length, refused.subject());
      assertTrue(
          String.valueOf(refused.getMessage())
              .startsWith("the export is damaged at byte " + length + ": it is truncated: "),
          refused.getMessage());
    }
  }

  @Test
  void any_flipped_bit_is_found() {
    Random random = new Random(3);
    for (int i = 0; i < 500; i++) {
      byte[] damaged = export.clone();
      int at = random.nextInt(damaged.length);
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      RegistryException refused = refused(damaged);
      long named = Long.parseLong(refused.subject().substring("byte ".length()));
      // The damage is in the record that is named, or in the length before what is truncated.
      assertTrue(named <= at || named == damaged.length, at + ": " + refused.getMessage());
    }
  }

  @Test
  void bytes_after_the_end_are_refused() {
    RegistryException refused = refused(Arrays.copyOf(export, export.length + 1));
    assertEquals(
        "the export is damaged at byte " + export.length + ": expected the end but found more",
        refused.getMessage());
  }

  @Test
  void other_files_and_other_versions_are_told_apart() {
    assertEquals(
        "the export is damaged at byte 0: this is no export of a registry",
        refused("PK is a zip file and no export".getBytes(StandardCharsets.UTF_8)).getMessage());
    byte[] newer = export.clone();
    newer["tracery-export ".length()] = '2';
    assertEquals(
        "the export is damaged at byte 0: it is an export of another version of the format; use"
            + " the program that wrote it, or a newer one",
        refused(newer).getMessage());
  }

  @Test
  void records_beyond_the_limit_are_refused_before_they_are_read() {
    byte[] huge = Arrays.copyOf(export, 24);
    Arrays.fill(huge, 16, 20, (byte) 0x7f);
    assertEquals(
        "the export is damaged at byte 16: the record would have 2,139,062,143 bytes; at most"
            + " 1,048,576 are allowed (tracery.limits.import-record-bytes)",
        refused(huge).getMessage());
  }

  @Test
  void blobs_without_end_are_refused_before_memory_is_full() throws IOException {
    int header = 8 + ByteBuffer.wrap(export).getInt(16);
    ByteArrayOutputStream endless = new ByteArrayOutputStream();
    endless.write(export, 0, 16 + header);
    byte[] blob = Arrays.copyOf(CanonicalForm.of(new byte[0], Target.LITTLE_64), 400 << 10);
    byte[] record = Record.newBuilder().setBlob(ByteString.copyFrom(blob)).build().toByteArray();
    CRC32C crc = new CRC32C();
    crc.update(record);
    for (int i = 0; i < 3; i++) {
      endless.writeBytes(
          ByteBuffer.allocate(8).putInt(record.length).putInt((int) crc.getValue()).array());
      endless.writeBytes(record);
    }
    int third = 16 + header + 2 * (8 + record.length);
    assertEquals(
        "the export is damaged at byte "
            + third
            + ": the blobs of a revision have 1,228,800 bytes; at most 1,048,576 are allowed"
            + " (tracery.limits.import-record-bytes)",
        refused(endless.toByteArray()).getMessage());
  }

  @Test
  void an_input_that_cannot_be_read_is_thrown_as_it_is() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the line is cut");
          }
        };
    LogRegistry empty = open(new MemoryStore());
    assertEquals(
        "the line is cut",
        assertThrows(IOException.class, () -> empty.importFrom(broken)).getMessage());
    assertEquals(0, empty.head());
  }

  private static RegistryException refused(byte[] damaged) {
    MemoryStore store = new MemoryStore();
    LogRegistry empty = open(store);
    RegistryException refused =
        assertThrows(
            RegistryException.class, () -> empty.importFrom(new ByteArrayInputStream(damaged)));
    assertEquals(Code.DATA_LOSS, refused.code());
    assertEquals(0, empty.head());
    assertEquals(0, store.head());
    return refused;
  }

  private static LogRegistry open(MemoryStore store) {
    return new LogRegistry(
        store,
        new RegistryLimits(100, 1 << 20, 1 << 20, 100, 100, 1 << 20, 1 << 20, 1 << 20, 1 << 20),
        "test");
  }

  private static byte[] export(LogRegistry from) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    from.export(out, 0);
    return out.toByteArray();
  }
}
