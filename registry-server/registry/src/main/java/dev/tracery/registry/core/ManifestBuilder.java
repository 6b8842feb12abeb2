package dev.tracery.registry.core;

import com.google.protobuf.ByteString;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.registry.index.Fingerprints;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.index.SystemEntry;
import dev.tracery.registry.log.Entry;
import dev.tracery.registry.log.KernelRegistered;
import dev.tracery.registry.log.SystemAdded;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes a kernel's manifest of its events: one node for each system, of which those that are known
/// are not made again.
final class ManifestBuilder {

  private final Index index;
  private final KernelIdentity identity;
  private final int[] layouts;
  private final List<Node> nodes = new ArrayList<>();
  private final Sha256 fingerprint;

  /// @param events sorted by name, without duplicates
  /// @param layouts the place of each event's layout in the log
  ManifestBuilder(Index index, KernelIdentity identity, List<PendingEvent> events, int[] layouts) {
    this.index = index;
    this.identity = identity;
    this.layouts = layouts;
    int from = 0;
    while (from < events.size()) {
      String system = events.get(from).event().system();
      int to = from;
      int firstId = Integer.MAX_VALUE;
      while (to < events.size() && events.get(to).event().system().equals(system)) {
        firstId = Math.min(firstId, events.get(to).id());
        to++;
      }
      nodes.add(new Node(system, from, firstId, events.subList(from, to)));
      from = to;
    }
    fingerprint =
        Fingerprints.manifest(
            nodes.stream().map(node -> node.system).toArray(String[]::new),
            nodes.stream().map(node -> node.hash).toArray(Sha256[]::new),
            nodes.stream().mapToInt(node -> node.firstId).toArray());
  }

  Sha256 fingerprint() {
    return fingerprint;
  }

  String kernelId() {
    return Fingerprints.kernelId(identity, fingerprint);
  }

  int systemCount() {
    return nodes.size();
  }

  /// The entries of the nodes that are new, and of the kernel.
  List<Entry> entries(Optional<String> series) {
    List<Entry> entries = new ArrayList<>();
    KernelRegistered.Builder kernel =
        KernelRegistered.newBuilder()
            .setRelease(identity.release())
            .setBuild(identity.build())
            .setMachine(identity.machine())
            .setWordBytes(identity.target().wordSize().bytes())
            .setBigEndian(identity.target().byteOrder() == ByteOrder.BIG_ENDIAN)
            .setPageSize(identity.pageSize())
            .setManifestFingerprint(ByteString.copyFrom(fingerprint.bytes()))
            .setSeries(series.orElse(""));
    int ordinal = index.systemCount();
    for (Node node : nodes) {
      Optional<SystemEntry> known = index.system(node.hash);
      if (known.isEmpty()) {
        entries.add(node.entry(layouts));
      }
      kernel.addSystems(known.isPresent() ? known.get().ordinal() : ordinal++);
      kernel.addFirstIds(node.firstId);
    }
    entries.add(Entry.newBuilder().setKernelRegistered(kernel).build());
    return entries;
  }

  private static final class Node implements Fingerprints.SystemContent {
    private final String system;
    private final int from;
    private final int firstId;
    private final List<PendingEvent> events;
    private final Sha256 hash;

    Node(String system, int from, int firstId, List<PendingEvent> events) {
      this.system = system;
      this.from = from;
      this.firstId = firstId;
      this.events = events;
      this.hash = Fingerprints.system(system, this);
    }

    Entry entry(int[] layouts) {
      SystemAdded.Builder added =
          SystemAdded.newBuilder().setSystem(system).setHash(ByteString.copyFrom(hash.bytes()));
      for (int i = 0; i < events.size(); i++) {
        added.addLayouts(layouts[from + i]).addRelativeIds(relativeId(i));
      }
      return Entry.newBuilder().setSystemAdded(added).build();
    }

    @Override
    public int size() {
      return events.size();
    }

    @Override
    public String name(int index) {
      return events.get(index).event().name();
    }

    @Override
    public Sha256 layout(int index) {
      return events.get(index).hash();
    }

    @Override
    public int relativeId(int index) {
      return events.get(index).id() - firstId;
    }
  }
}
