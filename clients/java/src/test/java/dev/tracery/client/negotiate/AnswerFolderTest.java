package dev.tracery.client.negotiate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.model.Sha256;
import dev.tracery.v1.NegotiateResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerFolderTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  @TempDir Path root;

  private Path folder() {
    return root.resolve("a").resolve("negotiations");
  }

  private AnswerFolder answers(long maxBytes) {
    return new AnswerFolder(folder(), maxBytes);
  }

  private static Sha256 question(int number) {
    return new Sha256(number, 0, 0, 0);
  }

  private static NegotiateResponse answer(int number, int bytes) {
    return NegotiateResponse.newBuilder().setRevision(number).setKernel("k".repeat(bytes)).build();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder())) {
      return files.sorted().toList();
    }
  }

  @Test
  void what_is_put_is_got_by_every_process_and_by_this_user_only() throws IOException {
    assertEquals(Optional.empty(), answers(1 << 20).get(question(1)));
    answers(1 << 20).put(question(1), NOON, answer(7, 10));
    assertEquals(
        Optional.of(new AnswerFolder.Kept(NOON, answer(7, 10))), answers(1 << 20).get(question(1)));
    assertEquals(Optional.empty(), answers(1 << 20).get(question(2)));
    assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(files().getFirst())));
    assertEquals(1, files().size());
  }

  @Test
  void whatever_byte_is_damaged_the_answer_is_not_there_and_the_file_is_removed()
      throws IOException {
    AnswerFolder answers = answers(1 << 20);
    answers.put(question(1), NOON, answer(7, 10));
    Path file = files().getFirst();
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i += 7) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 0x20;
      Files.write(file, damaged);
      assertEquals(Optional.empty(), answers.get(question(1)), "byte " + i);
      assertFalse(Files.exists(file));
      Files.write(file, java.util.Arrays.copyOf(whole, i));
      assertEquals(Optional.empty(), answers.get(question(1)), "cut at " + i);
    }
    Files.write(file, whole);
    assertTrue(answers.get(question(1)).isPresent());
  }

  @Test
  void what_was_not_used_for_longest_goes_first() throws IOException {
    AnswerFolder answers = answers(3_500);
    for (int i = 1; i <= 3; i++) {
      answers.put(question(i), NOON, answer(i, 1_000));
      Path file = folder().resolve(question(i).hex() + ".answer");
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(100 - i)));
    }
    assertTrue(answers.get(question(1)).isPresent());
    answers.put(question(4), NOON, answer(4, 1_000));
    assertEquals(
        List.of(true, false, true, true),
        Stream.of(1, 2, 3, 4).map(i -> answers.get(question(i)).isPresent()).toList());
    answers.put(question(5), NOON, answer(5, 5_000));
    assertEquals(Optional.empty(), answers.get(question(5)));
  }

  @Test
  void what_a_killed_process_left_is_removed_in_the_end() throws IOException {
    AnswerFolder answers = answers(1 << 20);
    answers.put(question(1), NOON, answer(1, 10));
    Path old = Files.writeString(folder().resolve("x.part"), "half");
    Path young = Files.writeString(folder().resolve("y.part"), "half");
    Path foreign = Files.writeString(folder().resolve("notes.txt"), "mine");
    Instant twoHoursAgo = Instant.now().minus(Duration.ofHours(2));
    Files.setLastModifiedTime(old, FileTime.from(twoHoursAgo));
    Files.setLastModifiedTime(foreign, FileTime.from(twoHoursAgo));
    answers.put(question(2), NOON, answer(2, 10));
    assertEquals(
        List.of(false, true, true), Stream.of(old, young, foreign).map(Files::exists).toList());
  }

  @Test
  void a_folder_into_which_others_write_is_not_used() throws IOException {
    answers(1 << 20).put(question(1), NOON, answer(1, 10));
    Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwxrwxrwx"));
    assertEquals(Optional.empty(), answers(1 << 20).get(question(1)));
  }

  @Test
  void where_nothing_can_be_written_nothing_is_thrown() throws IOException {
    Files.createDirectories(folder().getParent());
    Files.writeString(folder(), "a file");
    answers(1 << 20).put(question(1), NOON, answer(1, 10));
    assertEquals(Optional.empty(), answers(1 << 20).get(question(1)));
  }

  @Test
  void many_at_once_see_whole_answers_only() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> running = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        int seed = t;
        running.add(
            threads.submit(() -> {
              Random random = new Random(seed);
              AnswerFolder answers = answers(20_000);
              for (int i = 0; i < 300; i++) {
                int number = random.nextInt(20);
                if (random.nextBoolean()) {
                  answers.put(question(number), NOON, answer(number, 2_000));
                } else {
                  answers
                      .get(question(number))
                      .ifPresent(kept -> assertEquals(answer(number, 2_000), kept.answer()));
                }
              }
            }));
      }
      for (Future<?> run : running) {
        run.get();
      }
    }
    long bytes = 0;
    for (Path file : files()) {
      bytes += Files.size(file);
    }
    assertTrue(bytes < 40_000, "kept " + bytes);
  }
}
