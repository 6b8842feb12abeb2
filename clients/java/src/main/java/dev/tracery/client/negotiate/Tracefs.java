package dev.tracery.client.negotiate;

import dev.tracery.client.EventSource;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The formats of a tracefs. Reads those only that it is asked for: a kernel has thousands, and a
/// tool needs a few. Thread-safe.
public final class Tracefs implements SeenKernel {

  /// The longest format that is read, in bytes. Kernels of 2025 write 40 KiB at most.
  private static final int MAX_FORMAT_BYTES = 1 << 20;

  private final Path events;
  private final KernelIdentity identity;

  private Tracefs(Path events, KernelIdentity identity) {
    this.events = events;
    this.identity = identity;
  }

  /// That of the running kernel: `/sys/kernel/tracing`, or `/sys/kernel/debug/tracing`.
  ///
  /// @throws IOException if neither can be read, and says what to do
  public static Tracefs ofRunningKernel() throws IOException {
    return ofKernelUnder(Path.of("/"));
  }

  /// @param root where `sys` and `proc` are
  static Tracefs ofKernelUnder(Path root) throws IOException {
    for (String place : List.of("sys/kernel/tracing", "sys/kernel/debug/tracing")) {
      Path events = root.resolve(place).resolve("events");
      if (Files.isDirectory(events) && Files.isExecutable(events)) {
        return new Tracefs(events, new RunningKernel(root).identity(events));
      }
    }
    throw new IOException(
        root.resolve("sys/kernel/tracing/events")
            + " is not there or not readable; run as root, and if there is no events folder, mount"
            + " it: mount -t tracefs nodev /sys/kernel/tracing");
  }

  /// A folder of the running kernel: a tracefs that is mounted elsewhere, or its `events`.
  ///
  /// @throws IOException if it is neither
  public static Tracefs ofRunningKernel(Path folder) throws IOException {
    Path events = events(folder);
    return new Tracefs(events, new RunningKernel(Path.of("/")).identity(events));
  }

  /// A folder with the formats of any kernel: a tracefs or a copy of one, or its `events`.
  ///
  /// @throws IOException if it is neither
  public static Tracefs of(Path folder, KernelIdentity identity) throws IOException {
    return new Tracefs(events(folder), identity);
  }

  private static Path events(Path folder) throws IOException {
    Path events = folder.resolve("events");
    if (Files.isDirectory(events)) {
      return events;
    }
    if (!Files.isDirectory(folder)) {
      throw new NotDirectoryException(folder + " is no folder that can be read");
    }
    return folder;
  }

  @Override
  public KernelIdentity identity() {
    return identity;
  }

  @Override
  public Optional<byte[]> format(EventName event) throws IOException {
    Path file = events.resolve(event.system()).resolve(event.name()).resolve("format");
    // Why no size first: a tracefs file has none.
    try (InputStream in = Files.newInputStream(file)) {
      byte[] text = in.readNBytes(MAX_FORMAT_BYTES + 1);
      if (text.length > MAX_FORMAT_BYTES) {
        throw new IOException(file + ": has more than " + MAX_FORMAT_BYTES + " bytes");
      }
      return Optional.of(text);
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  /// All events, sorted by name: what a registration or a check sends. Reads every format, of which
  /// there are thousands.
  ///
  /// @throws IOException if one cannot be read
  public List<EventSource> events() throws IOException {
    List<EventSource> all = new ArrayList<>();
    for (Path system : folders(events)) {
      for (Path event : folders(system)) {
        EventName name =
            new EventName(
                String.valueOf(system.getFileName()), String.valueOf(event.getFileName()));
        format(name)
            .ifPresent(text ->
                all.add(
                    new EventSource(
                        name,
                        FormatText.id(text),
                        FormatText.layoutHash(text, identity.target()),
                        () -> text)));
      }
    }
    return all;
  }

  private static List<Path> folders(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isDirectory).sorted().toList();
    }
  }
}
