package dev.tracery.grpc;

import dev.tracery.grpc.status.Violations;
import dev.tracery.grpc.wire.KernelWriter;
import dev.tracery.grpc.wire.PageToken;
import dev.tracery.grpc.wire.RequestFields;
import dev.tracery.grpc.wire.SeriesReader;
import dev.tracery.registry.Registry;
import dev.tracery.v1.ListKernelsRequest;
import dev.tracery.v1.ListKernelsResponse;
import java.util.List;
import java.util.Optional;

/// Kernels, page by page. A page token's position is the index of the next kernel.
record KernelListing(Registry registry) {

  private static final int DEFAULT_SIZE = 100;
  private static final int MAX_SIZE = 1000;

  ListKernelsResponse page(ListKernelsRequest request) {
    Violations violations = new Violations();
    String series = SeriesReader.read("series", request.getSeries(), violations).orElse("");
    int size = RequestFields.pageSize(request.getPageSize(), DEFAULT_SIZE, MAX_SIZE, violations);
    String question = "kernels\0" + series + "\0" + request.getAtRevision();
    Optional<PageToken> token = PageToken.read(request.getPageToken(), question, violations);
    violations.check();

    int from = token.map(PageToken::position).map(Integer::parseInt).orElse(0);
    long atRevision = token.map(PageToken::revision).orElse(request.getAtRevision());
    AtRevision<List<Registry.Kernel>> read =
        AtRevision.read(registry, atRevision, at -> registry.kernels(series, from, size + 1, at));
    List<Registry.Kernel> kernels = read.value();
    ListKernelsResponse.Builder out = ListKernelsResponse.newBuilder().setRevision(read.revision());
    kernels.stream().limit(size).map(KernelWriter::write).forEach(out::addKernels);
    if (kernels.size() > size) {
      out.setNextPageToken(
          new PageToken(read.revision(), Integer.toString(from + size)).text(question));
    }
    return out.build();
  }
}
