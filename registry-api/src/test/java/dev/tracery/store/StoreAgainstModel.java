package dev.tracery.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tracery.model.Sha256;
import dev.tracery.store.Store.AppendResult;
import dev.tracery.store.Store.Commit;
import dev.tracery.store.Store.PendingCommit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/// Does the same random operations to a store and to a [MemoryStore] and compares every answer.
final class StoreAgainstModel {

  private static final String FAILURE = "an import that fails, on purpose";

  private final StoreContract contract;
  private final MemoryStore model = new MemoryStore();
  private final Random random;
  private final List<byte[]> contents = new ArrayList<>();

  StoreAgainstModel(StoreContract contract, long seed) {
    this.contract = contract;
    this.random = new Random(seed);
    for (int i = 0; i < 40; i++) {
      contents.add(bytes(random.nextInt(3_000)));
    }
  }

  void run(int operations) throws Exception {
    for (int i = 0; i < operations; i++) {
      switch (random.nextInt(10)) {
        case 0, 1, 2 -> append(model.head());
        case 3 -> append(random.nextLong(model.head() + 2));
        case 4, 5 -> read();
        case 6, 7 -> blob();
        case 8 -> appendAll();
        default -> contract.reopen();
      }
      assertEquals(model.head(), contract.store().head());
    }
    List<Commit> all = contract.store().read(0, Integer.MAX_VALUE);
    assertEquals(text(model.read(0, Integer.MAX_VALUE)), text(all));
    StoreContract.assertInOrder(all);
    for (byte[] content : contents) {
      compareBlob(Sha256.of(content));
    }
  }

  private void append(long expectedHead) {
    byte[] entries = bytes(1 + random.nextInt(5_000));
    Map<Sha256, byte[]> blobs = blobs();
    assertEquals(
        withoutTime(model.append(expectedHead, entries, blobs)),
        withoutTime(contract.store().append(expectedHead, entries, blobs)));
  }

  private void appendAll() {
    List<PendingCommit> commits = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      commits.add(new PendingCommit(7, bytes(1 + random.nextInt(100)), blobs()));
    }
    if (random.nextBoolean()) {
      assertEquals(model.appendAll(commits), contract.store().appendAll(commits));
    } else if (model.head() == 0) {
      Iterable<PendingCommit> failing = () -> Stream.of(1, 2).map(i -> cut(commits, i)).iterator();
      RuntimeException e =
          assertThrows(RuntimeException.class, () -> contract.store().appendAll(failing));
      assertEquals(FAILURE, e.getMessage());
    }
  }

  private static PendingCommit cut(List<PendingCommit> commits, int index) {
    if (index == 2) {
      throw new IllegalStateException(FAILURE);
    }
    return commits.getFirst();
  }

  private void read() {
    long after = random.nextLong(model.head() + 3);
    int limit = random.nextInt(20);
    assertEquals(text(model.read(after, limit)), text(contract.store().read(after, limit)));
  }

  private void blob() {
    compareBlob(Sha256.of(contents.get(random.nextInt(contents.size()))));
  }

  private void compareBlob(Sha256 hash) {
    assertArrayEquals(
        model.blob(hash).orElse(null), contract.store().blob(hash).orElse(null), hash::hex);
  }

  private Map<Sha256, byte[]> blobs() {
    Map<Sha256, byte[]> blobs = new HashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      byte[] content = contents.get(random.nextInt(contents.size()));
      blobs.put(Sha256.of(content), content);
    }
    return blobs;
  }

  private byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  private static String withoutTime(AppendResult result) {
    return switch (result) {
      case AppendResult.Appended(long revision, _) -> "appended " + revision;
      case AppendResult.HeadMoved(long head) -> "moved " + head;
    };
  }

  private static List<String> text(List<Commit> commits) {
    return commits.stream()
        .map(c -> c.revision() + " " + HexFormat.of().formatHex(c.entries()))
        .toList();
  }
}
