package dev.tracery.registry.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.tracery.model.Sha256;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.log.Commit;
import dev.tracery.registry.log.Entry;
import dev.tracery.store.Store;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class StateHashTest {

  private static final long TIME = 1_700_000_000_000L;

  @Test
  void the_same_log_makes_the_same_hash() {
    List<Commit> log = LogOfEverything.commits();

    assertEquals(hash(log), hash(log));
    assertEquals(EnumSet.complementOf(EnumSet.of(Entry.EntryCase.ENTRY_NOT_SET)), kinds(log));
  }

  @Test
  void a_log_without_its_last_commits_makes_another_hash() {
    List<Commit> log = LogOfEverything.commits();
    Set<Sha256> hashes = new TreeSet<>(java.util.Comparator.comparing(Sha256::hex));
    for (int size = 0; size <= log.size(); size++) {
      hashes.add(hash(log.subList(0, size)).orElseThrow());
    }
    assertEquals(log.size() + 1, hashes.size());
  }

  /// Changes each number, text and constant of the log, one at a time. Some make a log that does
  /// not fit; all others make another hash.
  @Test
  void whatever_is_changed_changes_the_hash() {
    List<Commit> log = LogOfEverything.commits();
    Map<Sha256, String> known = new HashMap<>();
    known.put(hash(log).orElseThrow(), "nothing");
    Set<String> changed = new TreeSet<>();
    for (int i = 0; i < log.size(); i++) {
      int place = i;
      eachChange(
          log.get(i),
          i + ":",
          change -> {
            List<Commit> other = new ArrayList<>(log);
            other.set(place, (Commit) change.message());
            hash(other)
                .ifPresent(hash -> {
                  assertEquals(null, known.put(hash, change.path()), change.path());
                  changed.add(change.path().replaceFirst("^\\d+:", ""));
                });
          });
    }
    // Those that cannot be changed alone: what others name, or what must be one of a few.
    assertTrue(changed.size() >= 43, changed.size() + ": " + changed);
  }

  @Test
  void every_commits_time_counts() {
    List<Commit> log = LogOfEverything.commits();
    Set<String> hashes = new TreeSet<>();
    for (int later = 0; later <= log.size(); later++) {
      Index index = new Index();
      for (int i = 0; i < log.size(); i++) {
        apply(index, log.get(i), i + 1, TIME + (i >= later ? 1 : 0));
      }
      hashes.add(StateHash.of(index).hex());
    }
    assertEquals(log.size() + 1, hashes.size());
  }

  private record Change(String path, Message message) {}

  private static void eachChange(Message message, String path, Consumer<Change> action) {
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      FieldDescriptor descriptor = field.getKey();
      String name = path + "." + descriptor.getName();
      int count = descriptor.isRepeated() ? message.getRepeatedFieldCount(descriptor) : 1;
      for (int i = 0; i < count; i++) {
        int place = i;
        Object value =
            descriptor.isRepeated() ? message.getRepeatedField(descriptor, i) : field.getValue();
        Consumer<Object> with =
            other -> {
              Message.Builder builder = message.toBuilder();
              if (descriptor.isRepeated()) {
                builder.setRepeatedField(descriptor, place, other);
              } else {
                builder.setField(descriptor, other);
              }
              action.accept(new Change(name, builder.build()));
            };
        if (value instanceof Message inner) {
          eachChange(
              inner,
              name,
              change -> {
                Message.Builder builder = message.toBuilder();
                if (descriptor.isRepeated()) {
                  builder.setRepeatedField(descriptor, place, change.message());
                } else {
                  builder.setField(descriptor, change.message());
                }
                action.accept(new Change(change.path(), builder.build()));
              });
        } else {
          with.accept(other(value));
        }
      }
    }
  }

  private static Object other(Object value) {
    return switch (value) {
      case Integer number -> number + 1;
      case Long number -> number + 1;
      case Boolean truth -> !truth;
      case String text -> text + "x";
      case ByteString bytes -> {
        byte[] content = bytes.toByteArray();
        content[content.length - 1] ^= 1;
        yield ByteString.copyFrom(content);
      }
      case EnumValueDescriptor constant ->
          constant.getType().getValues().get(constant.getIndex() == 1 ? 2 : 1);
      default -> throw new AssertionError(value.getClass());
    };
  }

  private static Set<Entry.EntryCase> kinds(List<Commit> log) {
    Set<Entry.EntryCase> kinds = EnumSet.noneOf(Entry.EntryCase.class);
    log.forEach(
        commit -> commit.getEntriesList().forEach(entry -> kinds.add(entry.getEntryCase())));
    return kinds;
  }

  /// Empty if it is no log.
  private static Optional<Sha256> hash(List<Commit> log) {
    Index index = new Index();
    try {
      for (int i = 0; i < log.size(); i++) {
        apply(index, log.get(i), i + 1, TIME);
      }
      return Optional.of(StateHash.of(index));
    } catch (RegistryException e) {
      return Optional.empty();
    }
  }

  private static void apply(Index index, Commit commit, long revision, long time) {
    index.apply(CommitReader.read(index, new Store.Commit(revision, time, commit.toByteArray())));
  }
}
