package dev.tracery.client;

import com.google.protobuf.UnsafeByteOperations;
import dev.tracery.model.Sha256;
import dev.tracery.v1.FindMissingLayoutsRequest;
import dev.tracery.v1.RegistryServiceGrpc.RegistryServiceBlockingV2Stub;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Asks which layouts a registry does not know.
///
/// @param limit of each question
record MissingLayouts(RegistryServiceBlockingV2Stub stub, Duration limit) {

  /// What [FindMissingLayoutsRequest] allows.
  private static final int MAX_HASHES = 65_536;

  Set<Sha256> of(List<EventSource> events) throws Servers.Silence {
    List<Sha256> hashes = events.stream().map(EventSource::layoutHash).distinct().toList();
    Set<Sha256> missing = new HashSet<>();
    int from = 0;
    // Why even without a hash: it finds out, too, whether the server is there.
    do {
      var request = FindMissingLayoutsRequest.newBuilder();
      hashes.subList(from, Math.min(hashes.size(), from + MAX_HASHES)).stream()
          .map(hash -> UnsafeByteOperations.unsafeWrap(hash.bytes()))
          .forEach(request::addLayoutHashes);
      Servers.within(() ->
              stub.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS)
                  .findMissingLayouts(request.build()))
          .getMissingList()
          .forEach(hash -> missing.add(Sha256.ofBytes(hash.toByteArray())));
      from += MAX_HASHES;
    } while (from < hashes.size());
    return missing;
  }
}
