package dev.tracery.bench;

import com.google.protobuf.CodedOutputStream;
import dev.tracery.bench.VariedKernel.Event;
import dev.tracery.client.IdentityWriter;
import dev.tracery.it.SampleKernel;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.v1.EventFormat;
import dev.tracery.v1.EventFormats;
import dev.tracery.v1.FindMissingLayoutsRequest;
import dev.tracery.v1.RegisterKernelHeader;
import dev.tracery.v1.RegisterKernelRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/// Builds of one kernel whose layouts are all known, and the messages with which a client registers
/// them: the same bytes as a client's. Only the ids of each build are kept, and the messages are
/// put together when they are asked for, without objects for the events: so the load leaves the
/// processor to the servers. Thread-safe.
final class Siblings {

  /// The messages of one registration.
  ///
  /// @param question a `FindMissingLayoutsRequest`
  /// @param header the first `RegisterKernelRequest` …
  /// @param events … and the second
  record Messages(byte[] question, byte[] header, byte[] events) {}

  /// @param ids by the events' places, 0 for those that the build lacks
  private record Build(KernelIdentity identity, int[] ids) {}

  private final String series;
  private final List<String> names = new ArrayList<>();
  private final List<byte[]> hashes = new ArrayList<>();
  private final int[] hashNumbers;
  private final List<Build> builds = new ArrayList<>();
  private final AtomicInteger taken = new AtomicInteger();

  /// @param count how many builds
  /// @param seed the same seed gives the same builds
  Siblings(SampleKernel real, int count, long seed) {
    this.series = real.id();
    List<Event> events = KernelVariations.unvaried(real).events();
    VariedKernel.Hashes known = new VariedKernel.Hashes();
    Map<EventName, Integer> places = new HashMap<>();
    Map<Sha256, Integer> numbers = new HashMap<>();
    this.hashNumbers = new int[events.size()];
    for (Event event : events) {
      int place = places.size();
      places.put(event.name(), place);
      Sha256 hash = known.of(event, real.identity().target());
      names.add(event.name().toString());
      hashes.add(hash.bytes());
      hashNumbers[place] = numbers.computeIfAbsent(hash, _ -> numbers.size());
    }
    KernelVariations line = new KernelVariations(real, List.of(real), seed);
    for (int i = 0; i < count; i++) {
      VariedKernel build = line.nextWithKnownLayouts();
      int[] ids = new int[events.size()];
      build
          .events()
          .forEach(event -> ids[Objects.requireNonNull(places.get(event.name()))] = event.id());
      builds.add(new Build(build.identity(), ids));
    }
  }

  /// The messages of the next build, each build once.
  ///
  /// @throws IllegalStateException if all were taken
  Messages next() {
    int number = taken.getAndIncrement();
    if (number >= builds.size()) {
      throw new IllegalStateException("all " + builds.size() + " builds are registered");
    }
    Build build = builds.get(number);
    try {
      return new Messages(question(build), header(build), events(build));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The kernel's layouts, each once.
  private byte[] question(Build build) throws IOException {
    boolean[] asked = new boolean[hashes.size()];
    byte[] buffer = new byte[hashes.size() * (Sha256.LENGTH + 8)];
    CodedOutputStream out = CodedOutputStream.newInstance(buffer);
    for (int i = 0; i < hashes.size(); i++) {
      if (build.ids()[i] != 0 && !asked[hashNumbers[i]]) {
        asked[hashNumbers[i]] = true;
        out.writeByteArray(FindMissingLayoutsRequest.LAYOUT_HASHES_FIELD_NUMBER, hashes.get(i));
      }
    }
    return written(buffer, out);
  }

  private byte[] header(Build build) {
    return RegisterKernelRequest.newBuilder()
        .setHeader(
            RegisterKernelHeader.newBuilder()
                .setIdentity(IdentityWriter.write(build.identity()))
                .setSeries(series))
        .build()
        .toByteArray();
  }

  private byte[] events(Build build) throws IOException {
    int size = 0;
    for (int i = 0; i < hashes.size(); i++) {
      if (build.ids()[i] != 0) {
        size += CodedOutputStream.computeTagSize(EventFormats.EVENTS_FIELD_NUMBER);
        size += CodedOutputStream.computeUInt32SizeNoTag(size(build, i)) + size(build, i);
      }
    }
    byte[] buffer = new byte[size + 16];
    CodedOutputStream out = CodedOutputStream.newInstance(buffer);
    out.writeUInt32NoTag(tag(RegisterKernelRequest.EVENTS_FIELD_NUMBER));
    out.writeUInt32NoTag(size);
    for (int i = 0; i < hashes.size(); i++) {
      if (build.ids()[i] != 0) {
        out.writeUInt32NoTag(tag(EventFormats.EVENTS_FIELD_NUMBER));
        out.writeUInt32NoTag(size(build, i));
        out.writeString(EventFormat.EVENT_FIELD_NUMBER, names.get(i));
        out.writeUInt32(EventFormat.ID_FIELD_NUMBER, build.ids()[i]);
        out.writeByteArray(EventFormat.LAYOUT_HASH_FIELD_NUMBER, hashes.get(i));
      }
    }
    return written(buffer, out);
  }

  private int size(Build build, int place) {
    return CodedOutputStream.computeStringSize(EventFormat.EVENT_FIELD_NUMBER, names.get(place))
        + CodedOutputStream.computeUInt32Size(EventFormat.ID_FIELD_NUMBER, build.ids()[place])
        + CodedOutputStream.computeByteArraySize(
            EventFormat.LAYOUT_HASH_FIELD_NUMBER, hashes.get(place));
  }

  /// Of a field with a length.
  private static int tag(int field) {
    return field << 3 | 2;
  }

  private static byte[] written(byte[] buffer, CodedOutputStream out) {
    return Arrays.copyOf(buffer, out.getTotalBytesWritten());
  }
}
