package dev.tracery.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.tracery.model.Sha256;
import dev.tracery.v1.FindMissingLayoutsRequest;
import dev.tracery.v1.FindMissingLayoutsResponse;
import dev.tracery.v1.RegistryServiceGrpc.RegistryServiceBlockingV2Stub;
import dev.tracery.v1.SystemNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Asks what of a kernel a registry does not know: first by whole systems, and then, of the systems
/// that it does not know, by layouts.
///
/// @param limit of each question
record KernelQuestions(RegistryServiceBlockingV2Stub stub, Duration limit) {

  /// What [FindMissingLayoutsRequest] allows.
  private static final int MAX_HASHES = 65_536;

  /// What must be sent of a kernel with these events.
  KernelChunks chunks(List<EventSource> events) throws Servers.Silence {
    List<EventSystem> systems = EventSystem.of(events);
    boolean[] known = known(systems);
    List<SystemNode> nodes = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < known.length; i++) {
      if (known[i]) {
        nodes.add(systems.get(i).node());
        names.add(systems.get(i).name());
      }
    }
    List<EventSource> listed =
        events.stream().filter(event -> !names.contains(event.event().system())).toList();
    return new KernelChunks(nodes, listed, missing(listed));
  }

  private boolean[] known(List<EventSystem> systems) throws Servers.Silence {
    boolean[] known = new boolean[systems.size()];
    int from = 0;
    // Why even without a hash: it finds out, too, whether the server is there.
    do {
      int to = Math.min(systems.size(), from + MAX_HASHES);
      var request = FindMissingLayoutsRequest.newBuilder();
      systems.subList(from, to).forEach(system -> request.addSystemHashes(wire(system.hash())));
      for (int place : ask(request).getKnownSystemsList()) {
        if (place >= 0 && place < to - from) {
          known[from + place] = true;
        }
      }
      from = to;
    } while (from < known.length);
    return known;
  }

  private Set<Sha256> missing(List<EventSource> events) throws Servers.Silence {
    List<Sha256> hashes = events.stream().map(EventSource::layoutHash).distinct().toList();
    Set<Sha256> missing = new HashSet<>();
    for (int from = 0; from < hashes.size(); from += MAX_HASHES) {
      var request = FindMissingLayoutsRequest.newBuilder();
      hashes
          .subList(from, Math.min(hashes.size(), from + MAX_HASHES))
          .forEach(hash -> request.addLayoutHashes(wire(hash)));
      for (ByteString hash : ask(request).getMissingList()) {
        missing.add(Sha256.ofBytes(hash.toByteArray()));
      }
    }
    return missing;
  }

  private FindMissingLayoutsResponse ask(FindMissingLayoutsRequest.Builder request)
      throws Servers.Silence {
    return Servers.within(() ->
        stub.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS)
            .findMissingLayouts(request.build()));
  }

  private static ByteString wire(Sha256 hash) {
    return UnsafeByteOperations.unsafeWrap(hash.bytes());
  }
}
