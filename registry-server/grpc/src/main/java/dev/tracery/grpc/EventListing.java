package dev.tracery.grpc;

import dev.tracery.grpc.status.Violations;
import dev.tracery.grpc.wire.KernelWriter;
import dev.tracery.grpc.wire.PageToken;
import dev.tracery.grpc.wire.RequestFields;
import dev.tracery.model.EventName;
import dev.tracery.registry.Registry;
import dev.tracery.v1.ListEventsRequest;
import dev.tracery.v1.ListEventsResponse;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Events, page by page. A page token's position is the last event of the page before.
record EventListing(Registry registry) {

  private static final int DEFAULT_SIZE = 1000;
  private static final int MAX_SIZE = 10_000;

  ListEventsResponse page(ListEventsRequest request) {
    Violations violations = new Violations();
    String kernel = RequestFields.name("kernel", request.getKernel(), violations);
    String filter = RequestFields.name("filter", request.getFilter(), violations);
    int size = RequestFields.pageSize(request.getPageSize(), DEFAULT_SIZE, MAX_SIZE, violations);
    String question = "events\0" + kernel + "\0" + filter + "\0" + request.getAtRevision();
    Optional<PageToken> token = PageToken.read(request.getPageToken(), question, violations);
    violations.check();

    @Nullable EventName after = token.isPresent() ? EventName.parse(token.get().position()) : null;
    long atRevision = token.map(PageToken::revision).orElse(request.getAtRevision());
    AtRevision<List<Registry.KernelEvent>> read =
        AtRevision.read(
            registry, atRevision, at -> registry.events(kernel, filter, after, size + 1, at));
    List<Registry.KernelEvent> events = read.value();
    ListEventsResponse.Builder out = ListEventsResponse.newBuilder().setRevision(read.revision());
    events.stream().limit(size).map(KernelWriter::write).forEach(out::addEvents);
    if (events.size() > size) {
      String last = events.get(size - 1).event().toString();
      out.setNextPageToken(new PageToken(read.revision(), last).text(question));
    }
    return out.build();
  }
}
