package dev.tracery.bench;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.tracery.client.IdentityWriter;
import dev.tracery.it.SampleKernel;
import dev.tracery.model.EventName;
import dev.tracery.model.Fingerprints;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.v1.EventFormat;
import dev.tracery.v1.EventFormats;
import dev.tracery.v1.FindMissingLayoutsRequest;
import dev.tracery.v1.RegisterKernelHeader;
import dev.tracery.v1.RegisterKernelRequest;
import dev.tracery.v1.SystemNode;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Builds of one kernel whose layouts are all known, and the messages with which a client registers
/// them: what a client sends. Hashes are made before, so the load leaves the processor to the
/// servers. Thread-safe.
final class Siblings {

  // An event that a build lacks.
  private static final int ABSENT = -1;

  /// An event of the kernel.
  private record Member(EventName event, Sha256 hash) {}

  /// The events of one system of some builds.
  ///
  /// @param relativeIds by the events' places among the system's
  private record Node(String system, List<Member> members, int[] relativeIds, Sha256 hash) {}

  private final String series;
  private final List<Build> builds = new ArrayList<>();
  private final AtomicInteger taken = new AtomicInteger();

  /// @param count how many builds
  /// @param seed the same seed gives the same builds
  Siblings(SampleKernel real, int count, long seed) {
    this.series = real.id();
    VariedKernel.Hashes hashes = new VariedKernel.Hashes();
    List<VariedKernel.Event> all = KernelVariations.unvaried(real).events();
    TreeMap<String, List<Member>> systems = new TreeMap<>();
    for (VariedKernel.Event event : all) {
      systems
          .computeIfAbsent(event.name().system(), _ -> new ArrayList<>())
          .add(new Member(event.name(), hashes.of(event, real.identity().target())));
    }
    Map<String, Map<IntBuffer, Node>> known = new HashMap<>();
    KernelVariations line = new KernelVariations(real, List.of(real), seed);
    for (int i = 0; i < count; i++) {
      VariedKernel build = line.nextWithKnownLayouts();
      // By the places of all events, which are in the order of their names here and there.
      Iterator<VariedKernel.Event> present = build.events().iterator();
      VariedKernel.Event next = present.next();
      List<Node> nodes = new ArrayList<>(systems.size());
      int[] firstIds = new int[systems.size()];
      for (Map.Entry<String, List<Member>> system : systems.entrySet()) {
        List<Member> members = system.getValue();
        int[] ids = new int[members.size()];
        int first = Integer.MAX_VALUE;
        for (int at = 0; at < ids.length; at++) {
          ids[at] = ABSENT;
          if (next != null && next.name().equals(members.get(at).event())) {
            ids[at] = next.id();
            first = Math.min(first, next.id());
            next = present.hasNext() ? present.next() : null;
          }
        }
        if (first < Integer.MAX_VALUE) {
          for (int at = 0; at < ids.length; at++) {
            ids[at] = ids[at] == ABSENT ? ABSENT : ids[at] - first;
          }
          firstIds[nodes.size()] = first;
          nodes.add(
              known
                  .computeIfAbsent(system.getKey(), _ -> new HashMap<>())
                  .computeIfAbsent(IntBuffer.wrap(ids), _ -> node(system.getKey(), members, ids)));
        }
      }
      builds.add(new Build(build.identity(), nodes, firstIds));
    }
  }

  /// The next build, each once.
  ///
  /// @throws IllegalStateException if all were taken
  Build next() {
    int number = taken.getAndIncrement();
    if (number >= builds.size()) {
      throw new IllegalStateException("all " + builds.size() + " builds are registered");
    }
    return builds.get(number);
  }

  private static Node node(String system, List<Member> members, int[] relativeIds) {
    List<Fingerprints.Member> present = new ArrayList<>(relativeIds.length);
    for (int at = 0; at < relativeIds.length; at++) {
      if (relativeIds[at] != ABSENT) {
        Member member = members.get(at);
        present.add(new Fingerprints.Member(member.event().name(), member.hash(), relativeIds[at]));
      }
    }
    return new Node(system, members, relativeIds, Fingerprints.system(system, present));
  }

  /// One build.
  final class Build {
    private final KernelIdentity identity;
    private final List<Node> nodes;
    private final int[] firstIds;

    private Build(KernelIdentity identity, List<Node> nodes, int[] firstIds) {
      this.identity = identity;
      this.nodes = nodes;
      this.firstIds = firstIds;
    }

    /// Asks for the systems.
    byte[] systems() {
      FindMissingLayoutsRequest.Builder out = FindMissingLayoutsRequest.newBuilder();
      nodes.forEach(node -> out.addSystemHashes(wire(node.hash())));
      return out.build().toByteArray();
    }

    /// Asks for the layouts of the systems that are not known, each once.
    ///
    /// @param known by the systems' places in [#systems]
    byte[] layouts(boolean[] known) {
      Set<Sha256> hashes = new LinkedHashSet<>();
      for (int i = 0; i < known.length; i++) {
        if (!known[i]) {
          Node node = nodes.get(i);
          for (int at = 0; at < node.relativeIds().length; at++) {
            if (node.relativeIds()[at] != ABSENT) {
              hashes.add(node.members().get(at).hash());
            }
          }
        }
      }
      FindMissingLayoutsRequest.Builder out = FindMissingLayoutsRequest.newBuilder();
      hashes.forEach(hash -> out.addLayoutHashes(wire(hash)));
      return out.build().toByteArray();
    }

    /// Begins the registration.
    byte[] header() {
      return RegisterKernelRequest.newBuilder()
          .setHeader(
              RegisterKernelHeader.newBuilder()
                  .setIdentity(IdentityWriter.write(identity))
                  .setSeries(series))
          .build()
          .toByteArray();
    }

    /// All events, by their system where that is known.
    byte[] events(boolean[] known) {
      EventFormats.Builder out = EventFormats.newBuilder();
      for (int i = 0; i < known.length; i++) {
        Node node = nodes.get(i);
        if (known[i]) {
          out.addSystems(
              SystemNode.newBuilder()
                  .setSystem(node.system())
                  .setHash(wire(node.hash()))
                  .setFirstId(firstIds[i]));
        } else {
          for (int at = 0; at < node.relativeIds().length; at++) {
            if (node.relativeIds()[at] != ABSENT) {
              Member member = node.members().get(at);
              out.addEvents(
                  EventFormat.newBuilder()
                      .setEvent(member.event().toString())
                      .setId(firstIds[i] + node.relativeIds()[at])
                      .setLayoutHash(wire(member.hash())));
            }
          }
        }
      }
      return RegisterKernelRequest.newBuilder().setEvents(out).build().toByteArray();
    }

    /// How many systems it has.
    int systemCount() {
      return nodes.size();
    }
  }

  private static ByteString wire(Sha256 hash) {
    return UnsafeByteOperations.unsafeWrap(hash.bytes());
  }
}
