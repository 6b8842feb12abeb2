package dev.tracery.client.negotiate;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tracery.model.Sha256;
import dev.tracery.v1.NegotiateResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Answers as files, one for each question, under the question's hash. Any number of processes may
/// use the folder: a file is whole or not there. What goes wrong with it costs the answer and
/// nothing else; a tool must start where it cannot write. Thread-safe.
final class AnswerFolder {

  /// An answer with the time at which the registry gave it.
  record Kept(Instant time, NegotiateResponse answer) {}

  private record Entry(Path file, long bytes, FileTime used) {}

  private static final System.Logger LOGGER = System.getLogger(AnswerFolder.class.getName());

  /// A file: this, the milliseconds since 1970 in 8 bytes, the SHA-256 of both and the answer, the
  /// answer.
  private static final byte[] MAGIC = "tracery-answer 1\n".getBytes(StandardCharsets.US_ASCII);

  private static final int TIME_BYTES = 8;
  private static final int HEAD_BYTES = MAGIC.length + TIME_BYTES + Sha256.LENGTH;
  private static final String SUFFIX = ".answer";
  private static final String UNFINISHED = ".part";
  private static final Path SELF = Path.of("/proc/self");
  private static final Duration ABANDONED = Duration.ofHours(1);

  private final Path folder;
  private final long maxBytes;

  /// @param folder made when it is first needed, for this user only
  AnswerFolder(Path folder, long maxBytes) {
    this.folder = folder;
    this.maxBytes = maxBytes;
  }

  /// The answer to a question. A damaged file is removed.
  Optional<Kept> get(Sha256 question) {
    Path file = file(question);
    try {
      if (!Files.isDirectory(folder)) {
        return Optional.empty();
      }
      checkOwner();
      Optional<Kept> kept = read(content(file));
      if (kept.isPresent()) {
        touch(file);
      } else {
        LOGGER.log(System.Logger.Level.WARNING, "{0} is damaged and was removed", file);
        Files.deleteIfExists(file);
      }
      return kept;
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException | UncheckedIOException | UnsupportedOperationException e) {
      LOGGER.log(System.Logger.Level.WARNING, "cannot read " + file, e);
      return Optional.empty();
    }
  }

  /// Notes that a file was used, where it can be written to.
  private static void touch(Path file) {
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.DEBUG, "cannot note that " + file + " was used", e);
    }
  }

  /// Keeps an answer, and drops what was not used for longest where there is too much.
  void put(Sha256 question, Instant time, NegotiateResponse answer) {
    byte[] content = write(time, answer.toByteArray());
    if (content.length > maxBytes) {
      return;
    }
    Path file = file(question);
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      checkOwner();
      // Why: made for this user only, and by a name that no other process has.
      Path part = Files.createTempFile(folder, question.hex(), UNFINISHED);
      try {
        Files.write(part, content);
        move(part, file);
      } finally {
        Files.deleteIfExists(part);
      }
      trim();
    } catch (IOException | UncheckedIOException | UnsupportedOperationException e) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "cannot keep the registry's answer in "
              + folder
              + "; without it the tool does not start"
              + " while the registry cannot be reached",
          e);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /// Refuses a folder into which others write: they would tell the tool how to read the kernel.
  private void checkOwner() throws IOException {
    Set<PosixFilePermission> permissions =
        Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS);
    if (permissions.contains(PosixFilePermission.GROUP_WRITE)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new IOException(folder + " can be written to by others; chmod 700 it");
    }
    // The owner of /proc/self is the effective user of this process (proc(5)).
    if (Files.exists(SELF)) {
      UserPrincipal owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS);
      if (!owner.equals(Files.getOwner(SELF))) {
        throw new IOException(
            folder + " belongs to " + owner.getName() + "; use a folder of your own");
      }
    }
  }

  private void trim() throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      files.forEach(file -> entry(file).ifPresent(entries::add));
    }
    long bytes = entries.stream().mapToLong(Entry::bytes).sum();
    entries.sort(Comparator.comparing(Entry::used));
    Instant abandoned = Instant.now().minus(ABANDONED);
    for (Entry entry : entries) {
      boolean isPart = entry.file.toString().endsWith(UNFINISHED);
      if (isPart ? entry.used.toInstant().isBefore(abandoned) : bytes > maxBytes) {
        Files.deleteIfExists(entry.file);
        bytes -= entry.bytes;
      }
    }
  }

  private static Optional<Entry> entry(Path file) {
    String name = file.getFileName().toString();
    if (!name.endsWith(SUFFIX) && !name.endsWith(UNFINISHED)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Entry(file, Files.size(file), Files.getLastModifiedTime(file)));
    } catch (IOException _) {
      // Another process has removed it.
      return Optional.empty();
    }
  }

  private Path file(Sha256 question) {
    return folder.resolve(question.hex() + SUFFIX);
  }

  private byte[] content(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return in.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, maxBytes + 1));
    }
  }

  private static byte[] write(Instant time, byte[] answer) {
    byte[] moment = ByteBuffer.allocate(TIME_BYTES).putLong(time.toEpochMilli()).array();
    return ByteBuffer.allocate(HEAD_BYTES + answer.length)
        .put(MAGIC)
        .put(moment)
        .put(hash(moment, answer))
        .put(answer)
        .array();
  }

  /// Empty if anything about it is not as it was written.
  private static Optional<Kept> read(byte[] content) {
    if (content.length < HEAD_BYTES
        || !Arrays.equals(content, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(content, MAGIC.length, content.length - MAGIC.length);
    byte[] moment = new byte[TIME_BYTES];
    byte[] hash = new byte[Sha256.LENGTH];
    byte[] answer = new byte[content.length - HEAD_BYTES];
    in.get(moment).get(hash).get(answer);
    if (!Arrays.equals(hash, hash(moment, answer))) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Kept(
              Instant.ofEpochMilli(ByteBuffer.wrap(moment).getLong()),
              NegotiateResponse.parseFrom(answer)));
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  private static byte[] hash(byte[] moment, byte[] answer) {
    var digest = Sha256.digest();
    digest.update(moment);
    return digest.digest(answer);
  }
}
