package dev.tracery.registry.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.tracery.model.Fingerprints;
import dev.tracery.model.Sha256;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.log.Commit;
import dev.tracery.registry.log.Entry;
import dev.tracery.registry.log.KernelRegistered;
import dev.tracery.registry.log.LayoutAdded;
import dev.tracery.registry.log.SchemaVersionAdded;
import dev.tracery.registry.log.SeriesJoined;
import dev.tracery.registry.log.SystemAdded;
import dev.tracery.store.Store;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Commits that are not what a registry writes.
class CommitReaderTest {

  // The system a with the event b, whose hash is right.
  private static final Entry AB =
      Entry.newBuilder()
          .setSystemAdded(
              SystemAdded.newBuilder()
                  .setSystem("a")
                  .setHash(
                      ByteString.copyFrom(
                          Fingerprints.system(
                                  "a",
                                  List.of(new Fingerprints.Member("b", new Sha256(0, 0, 0, 0), 0)))
                              .bytes()))
                  .addLayouts(0)
                  .addRelativeIds(0))
          .build();
  private static final ByteString HASH = ByteString.copyFrom(new byte[32]);

  // What is damaged can look as if somebody knew more.
  private static final Set<RegistryException.Code> REFUSALS =
      Set.of(RegistryException.Code.DATA_LOSS, RegistryException.Code.FAILED_PRECONDITION);

  record Bad(String what, List<Entry> entries, String expected) {
    @Override
    public String toString() {
      return what;
    }
  }

  static List<Bad> bad() {
    return List.of(
        new Bad("nothing", List.of(), "the commit has no entries"),
        new Bad(
            "no event's name",
            List.of(version("sched", 1, "linux.A")),
            "expected system/name but found \"sched\", which has no '/'"),
        new Bad(
            "a version too far",
            List.of(version("a/b", 2, "linux.A")),
            "expected version 1 of a/b but found 2"),
        new Bad(
            "a message of another event",
            List.of(version("a/b", 1, "linux.A"), version("a/c", 1, "linux.A")),
            "the message linux.A of a/c belongs to another event"),
        new Bad(
            "another message",
            List.of(version("a/b", 1, "linux.A"), version("a/b", 2, "linux.B")),
            "the message of a/b was linux.A and is linux.B"),
        new Bad("a layout of nothing", List.of(layout(0)), "there is no schema version number 0"),
        new Bad(
            "a system of nothing",
            List.of(system("a", List.of(0), List.of(0))),
            "there is no layout number 0"),
        new Bad(
            "a system with an event of another",
            List.of(version("a/b", 1, "linux.A"), layout(0), system("b", List.of(0), List.of(0))),
            "the system b cannot have a/b at place 0"),
        new Bad(
            "a system without an id",
            List.of(version("a/b", 1, "linux.A"), layout(0), system("a", List.of(0), List.of())),
            "the system a has 1 layouts and 0 ids"),
        new Bad(
            "a system of another hash",
            List.of(version("a/b", 1, "linux.A"), layout(0), system("a", List.of(0), List.of(0))),
            "the system a should have the hash 0000000000000000000000000000000000000000000000000000"
                + "000000000000 but has …"),
        new Bad(
            "a system with an id of more than two bytes",
            List.of(
                version("a/b", 1, "linux.A"), layout(0), system("a", List.of(0), List.of(65_536))),
            "the system a cannot have the id 65536"),
        new Bad(
            "a system with the layouts of nothing",
            List.of(like("a", 0, List.of(), List.of(0))),
            "there is no system number 0"),
        new Bad(
            "a system with the layouts of one before the first",
            List.of(like("a", -1, List.of(), List.of(0))),
            "there is no system number -1"),
        new Bad(
            "a system with the layouts of another",
            List.of(
                version("a/b", 1, "linux.A"), layout(0), AB, like("b", 0, List.of(), List.of(0))),
            "the system b cannot have the layouts of a and 0 others"),
        new Bad(
            "a system with the layouts of another and its own",
            List.of(
                version("a/b", 1, "linux.A"), layout(0), AB, like("a", 0, List.of(0), List.of(0))),
            "the system a cannot have the layouts of a and 1 others"),
        new Bad(
            "a system with more ids than the layouts it shares",
            List.of(
                version("a/b", 1, "linux.A"),
                layout(0),
                AB,
                like("a", 0, List.of(), List.of(0, 1))),
            "the system a has 1 layouts and 2 ids"),
        new Bad(
            "a kernel of nothing",
            List.of(
                Entry.newBuilder()
                    .setKernelRegistered(
                        KernelRegistered.newBuilder()
                            .setRelease("6.1")
                            .setMachine("x86_64")
                            .setWordBytes(8)
                            .setPageSize(4096)
                            .addSystems(0)
                            .addFirstIds(0))
                    .build()),
            "there is no system number 0"),
        new Bad(
            "a kernel without a page size",
            List.of(
                Entry.newBuilder()
                    .setKernelRegistered(
                        KernelRegistered.newBuilder()
                            .setRelease("6.1")
                            .setMachine("x86_64")
                            .setWordBytes(8))
                    .build()),
            "page_size: expected a power of two from 4096 to 1048576 but found 0"),
        new Bad(
            "a series of nothing",
            List.of(
                Entry.newBuilder()
                    .setSeriesJoined(SeriesJoined.newBuilder().setKernelId("ab").setSeries("s"))
                    .build()),
            "there is no kernel ab"));
  }

  @Test
  void nodes_with_the_same_layouts_share_them_whether_the_log_says_so_or_not() {
    Index said = new Index();
    Index listed = new Index();
    for (Index index : List.of(said, listed)) {
      apply(index, version("a/b", 1, "linux.A"), layout(0), AB);
    }
    apply(said, like("a", 0, List.of(), List.of(7)));
    apply(listed, system("a", List.of(0), List.of(7)));

    for (Index index : List.of(said, listed)) {
      assertTrue(index.system(0).sharesLayouts(index.system(1)));
      assertEquals(7, index.system(1).relativeId(0));
    }
    assertEquals(StateHash.of(said), StateHash.of(listed));
  }

  private static void apply(Index index, Entry... entries) {
    byte[] commit = Commit.newBuilder().addAllEntries(List.of(entries)).build().toByteArray();
    index.apply(CommitReader.read(index, new Store.Commit(index.head().revision() + 1, 0, commit)));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void a_commit_that_does_not_fit_is_refused_whole(Bad bad) {
    Index index = new Index();
    byte[] entries = Commit.newBuilder().addAllEntries(bad.entries).build().toByteArray();
    RegistryException refused =
        assertThrows(
            RegistryException.class,
            () -> CommitReader.verify(index, new Store.Commit(1, 0, entries)));
    String message = String.valueOf(refused.getMessage());
    String before = "the log is damaged at revision 1: ";
    String after = "; restore the store from a backup or import an export into an empty one";
    String what = message.substring(before.length(), message.length() - after.length());
    assertEquals(before + what + after, message);
    int hash = bad.expected.indexOf(" but has ");
    assertEquals(
        hash < 0 ? bad.expected : bad.expected.substring(0, hash),
        hash < 0 ? what : what.substring(0, what.indexOf(" but has ")));
    assertEquals(RegistryException.Code.DATA_LOSS, refused.code());
    assertEquals(0, index.head().revision());
  }

  @Test
  void an_entry_of_a_newer_version_is_no_damage() {
    byte[] newer =
        Commit.newBuilder()
            .addEntries(
                Entry.newBuilder()
                    .setUnknownFields(
                        UnknownFieldSet.newBuilder()
                            .addField(
                                9_999, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                            .build()))
            .build()
            .toByteArray();

    RegistryException refused =
        assertThrows(
            RegistryException.class,
            () -> CommitReader.read(new Index(), new Store.Commit(1, 0, newer)));

    assertEquals(RegistryException.Code.FAILED_PRECONDITION, refused.code());
    assertEquals(
        "revision 1 of the log was written by a newer version of this program: it has an entry of a"
            + " kind that this version does not know; update this server",
        refused.getMessage());
  }

  @Test
  void a_revision_that_is_not_the_next_is_refused() {
    RegistryException refused =
        assertThrows(
            RegistryException.class,
            () -> CommitReader.read(new Index(), new Store.Commit(2, 0, new byte[0])));
    assertEquals("revision 2", refused.subject());
  }

  @Test
  void random_bytes_are_refused_or_read_and_never_crash() {
    Random random = new Random(11);
    byte[] good =
        Commit.newBuilder()
            .addEntries(version("a/b", 1, "linux.A"))
            .addEntries(layout(0))
            .build()
            .toByteArray();
    int refused = 0;
    for (int i = 0; i < 5_000; i++) {
      byte[] damaged = good.clone();
      for (int j = random.nextInt(4); j >= 0; j--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        CommitReader.read(new Index(), new Store.Commit(1, 0, damaged));
      } catch (RegistryException e) {
        assertTrue(REFUSALS.contains(e.code()), e.toString());
        refused++;
      }
    }
    assertTrue(refused > 1_000, refused + " refused");
  }

  private static Entry version(String event, int number, String message) {
    return Entry.newBuilder()
        .setSchemaVersionAdded(
            SchemaVersionAdded.newBuilder()
                .setEvent(event)
                .setVersion(number)
                .setMessageName(message))
        .build();
  }

  private static Entry layout(int version) {
    return Entry.newBuilder()
        .setLayoutAdded(LayoutAdded.newBuilder().setHash(HASH).setSchemaVersion(version))
        .build();
  }

  private static Entry like(String name, int other, List<Integer> layouts, List<Integer> ids) {
    return Entry.newBuilder()
        .setSystemAdded(system(name, layouts, ids).getSystemAdded().toBuilder().setLayoutsOf(other))
        .build();
  }

  private static Entry system(String name, List<Integer> layouts, List<Integer> ids) {
    return Entry.newBuilder()
        .setSystemAdded(
            SystemAdded.newBuilder()
                .setSystem(name)
                .setHash(HASH)
                .addAllLayouts(layouts)
                .addAllRelativeIds(ids))
        .build();
  }
}
