package dev.tracery.registry.core;

import com.google.protobuf.ByteString;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.KernelIdentity;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.index.SystemEntry;
import dev.tracery.registry.log.Entry;
import dev.tracery.registry.log.KernelRegistered;
import dev.tracery.registry.log.SystemAdded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What a kernel's manifest adds to the log: the nodes that are new, and the kernel.
///
/// @param layouts the places of the events' layouts in the log; of the new nodes only
record ManifestEntries(Index index, KernelIdentity identity, Manifest manifest, int[] layouts) {

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
            .setManifestFingerprint(ByteString.copyFrom(manifest.fingerprint().bytes()))
            .setSeries(series.orElse(""));
    int ordinal = index.systemCount();
    for (Manifest.Node node : manifest.nodes()) {
      Optional<SystemEntry> known = index.system(node.hash());
      if (known.isEmpty()) {
        entries.add(entry(node));
      }
      kernel.addSystems(known.isPresent() ? known.get().ordinal() : ordinal++);
      kernel.addFirstIds(node.firstId());
    }
    entries.add(Entry.newBuilder().setKernelRegistered(kernel).build());
    return entries;
  }

  private Entry entry(Manifest.Node node) {
    SystemAdded.Builder added =
        SystemAdded.newBuilder()
            .setSystem(node.system())
            .setHash(ByteString.copyFrom(node.hash().bytes()));
    int[] ofNode = Arrays.copyOfRange(layouts, node.from(), node.from() + node.events().size());
    index
        .systemWith(ofNode)
        .ifPresentOrElse(
            like -> added.setLayoutsOf(like.ordinal()),
            () -> Arrays.stream(ofNode).forEach(added::addLayouts));
    for (int i = 0; i < ofNode.length; i++) {
      added.addRelativeIds(node.relativeId(i));
    }
    return Entry.newBuilder().setSystemAdded(added).build();
  }
}
