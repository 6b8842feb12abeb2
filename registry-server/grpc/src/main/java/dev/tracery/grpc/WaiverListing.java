package dev.tracery.grpc;

import dev.tracery.grpc.status.Violations;
import dev.tracery.grpc.wire.PageToken;
import dev.tracery.grpc.wire.RequestFields;
import dev.tracery.grpc.wire.SeriesReader;
import dev.tracery.grpc.wire.WaiverFields;
import dev.tracery.registry.Compatibility.Waiver;
import dev.tracery.registry.Registry;
import dev.tracery.v1.ListWaiversRequest;
import dev.tracery.v1.ListWaiversResponse;
import java.util.List;
import java.util.Optional;

/// Waivers, page by page. A page token's position is the index of the next waiver.
record WaiverListing(Registry registry) {

  private static final int DEFAULT_SIZE = 100;
  private static final int MAX_SIZE = 1000;

  ListWaiversResponse page(ListWaiversRequest request) {
    Violations violations = new Violations();
    String series = SeriesReader.read("series", request.getSeries(), violations).orElse("");
    int size = RequestFields.pageSize(request.getPageSize(), DEFAULT_SIZE, MAX_SIZE, violations);
    String question = "waivers\0" + series + "\0" + request.getAtRevision();
    Optional<PageToken> token = PageToken.read(request.getPageToken(), question, violations);
    violations.check();

    int from = token.map(PageToken::position).map(Integer::parseInt).orElse(0);
    long atRevision = token.map(PageToken::revision).orElse(request.getAtRevision());
    AtRevision<List<Waiver>> read =
        AtRevision.read(
            registry,
            atRevision,
            at -> registry.compatibility().waivers(series, from, size + 1, at));
    ListWaiversResponse.Builder out = ListWaiversResponse.newBuilder().setRevision(read.revision());
    read.value().stream().limit(size).map(WaiverFields::write).forEach(out::addWaivers);
    if (read.value().size() > size) {
      out.setNextPageToken(
          new PageToken(read.revision(), Integer.toString(from + size)).text(question));
    }
    return out.build();
  }
}
