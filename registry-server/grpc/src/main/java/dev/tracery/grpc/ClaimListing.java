package dev.tracery.grpc;

import dev.tracery.grpc.status.Violations;
import dev.tracery.grpc.wire.ClaimWriter;
import dev.tracery.grpc.wire.PageToken;
import dev.tracery.grpc.wire.RequestFields;
import dev.tracery.registry.Consumers;
import dev.tracery.registry.Registry;
import dev.tracery.v1.Claim;
import dev.tracery.v1.ListConsumersRequest;
import dev.tracery.v1.ListConsumersResponse;
import java.util.List;
import java.util.Optional;

/// Claims, page by page. A page token's position is the index of the next claim.
record ClaimListing(Registry registry) {

  private static final int DEFAULT_SIZE = 100;
  private static final int MAX_SIZE = 1000;
  // Why: clients of gRPC accept 4 MiB by default, and one claim has 1 at most.
  private static final int MAX_BYTES = 2 << 20;

  ListConsumersResponse page(ListConsumersRequest request) {
    Violations violations = new Violations();
    String filter = RequestFields.name("filter", request.getFilter(), violations);
    int size = RequestFields.pageSize(request.getPageSize(), DEFAULT_SIZE, MAX_SIZE, violations);
    String question =
        "consumers\0" + filter + "\0" + request.getIncludeEnded() + "\0" + request.getAtRevision();
    Optional<PageToken> token = PageToken.read(request.getPageToken(), question, violations);
    violations.check();

    int from = token.map(PageToken::position).map(Integer::parseInt).orElse(0);
    boolean now = request.getAtRevision() == 0;
    // Why: what was seen since is said of the present only, and pages go on at one revision.
    long atRevision =
        token
            .map(PageToken::revision)
            .filter(revision -> !now || revision != registry.head())
            .orElse(request.getAtRevision());
    AtRevision<List<Consumers.Claim>> read =
        AtRevision.read(
            registry,
            atRevision,
            at -> registry.consumers().list(filter, request.getIncludeEnded(), from, size + 1, at));
    List<Consumers.Claim> claims = read.value();
    ListConsumersResponse.Builder out =
        ListConsumersResponse.newBuilder().setRevision(read.revision());
    int bytes = 0;
    for (Consumers.Claim claim : claims.subList(0, Math.min(size, claims.size()))) {
      Claim written = ClaimWriter.write(claim);
      bytes += written.getSerializedSize();
      if (bytes > MAX_BYTES && out.getClaimsCount() > 0) {
        break;
      }
      out.addClaims(written);
    }
    if (claims.size() > out.getClaimsCount()) {
      out.setNextPageToken(
          new PageToken(read.revision(), Integer.toString(from + out.getClaimsCount()))
              .text(question));
    }
    return out.build();
  }
}
