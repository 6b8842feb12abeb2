package dev.tracery.client.negotiate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tracery.client.ClientOptions;
import dev.tracery.client.FakeServer;
import dev.tracery.client.TraceryClient;
import dev.tracery.client.TraceryException;
import dev.tracery.client.conformance.Tally;
import dev.tracery.client.conformance.Vectors;
import dev.tracery.conformance.v1.Exchange;
import dev.tracery.conformance.v1.FormatFile;
import dev.tracery.conformance.v1.Kind;
import dev.tracery.conformance.v1.NegotiationCase;
import dev.tracery.conformance.v1.NegotiationVectors;
import dev.tracery.conformance.v1.Source;
import dev.tracery.conformance.v1.Start;
import dev.tracery.conformance.v1.Started;
import dev.tracery.consumer.Consumer;
import dev.tracery.consumer.ConsumerReader;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import dev.tracery.v1.NegotiateRequest;
import dev.tracery.v1.NegotiateResponse;
import dev.tracery.v1.NegotiationServiceGrpc;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The negotiations of `clients/conformance`, each on a server that answers what the data say.
class NegotiationsTest {

  @TempDir Path folder;

  @Test
  void every_negotiation_asks_and_tells_what_it_must() {
    Tally tally = new Tally("negotiations");
    List<NegotiationCase> cases =
        Vectors.read("negotiations.json", NegotiationVectors.newBuilder()).getCasesList();
    for (int i = 0; i < cases.size(); i++) {
      NegotiationCase negotiation = cases.get(i);
      Path place = folder.resolve(String.valueOf(i));
      tally.run(negotiation.getName(), () -> check(negotiation, place));
    }
    tally.end();
  }

  private static void check(NegotiationCase negotiation, Path folder) throws Exception {
    Path cache = folder.resolve("cache");
    Tracefs kernel = tracefs(negotiation, folder.resolve("tracing"));
    Consumer tool = ConsumerReader.readStored(negotiation.getTool());
    for (int i = 0; i < negotiation.getStartsCount(); i++) {
      Start start = negotiation.getStarts(i);
      Path kept = cache.resolve(start.getKeptName());
      if (start.hasKept()) {
        Files.createDirectories(cache);
        Files.write(kept, start.getKept().toByteArray());
      }
      Script script = new Script(start.getExchangesList());
      Started result;
      try (FakeServer server = script.serve();
          TraceryClient client =
              TraceryClient.connect(server.address(), ClientOptions.defaults())) {
        NegotiatorOptions options =
            NegotiatorOptions.defaults().withCache(cache).withDryRun(start.getDryRun());
        Instant now =
            Instant.ofEpochSecond(start.getTime().getSeconds(), start.getTime().getNanos());
        result = start(new Negotiator(client, options, InstantSource.fixed(now)), tool, kernel);
      }
      assertEquals(
          start.getExchangesList().stream().map(Exchange::getRequest).toList(), script.asked);
      assertEquals(start.getResult(), result, "start " + (i + 1));
      assertEquals(start.getIsKept(), Files.exists(kept), "whether it is kept");
    }
  }

  private static Started start(Negotiator negotiator, Consumer tool, SeenKernel kernel)
      throws IOException {
    try {
      return told(Kind.KIND_STARTED, negotiator.negotiate(tool, kernel));
    } catch (NegotiationRefusedException e) {
      for (String reason : e.negotiated().reasons()) {
        assertTrue(String.valueOf(e.getMessage()).contains(reason), e.getMessage());
      }
      return told(Kind.KIND_REFUSED, e.negotiated());
    } catch (RegistryUnreachableException e) {
      return Started.newBuilder().setKind(Kind.KIND_UNREACHABLE).build();
    } catch (TraceryException e) {
      return Started.newBuilder().setKind(Kind.KIND_FAILED).setStatus(e.code().getNumber()).build();
    }
  }

  private static Started told(Kind kind, Negotiated negotiated) {
    for (String event : negotiated.events()) {
      negotiated.decoder(event);
    }
    return Started.newBuilder()
        .setKind(kind)
        .setOutcome(negotiated.outcome())
        .setSource(
            switch (negotiated.source()) {
              case REGISTRY -> Source.SOURCE_REGISTRY;
              case CACHE -> Source.SOURCE_CACHE;
              case CACHE_OFFLINE -> Source.SOURCE_CACHE_OFFLINE;
            })
        .addAllReasons(negotiated.reasons())
        .addAllWarnings(
            negotiated.warnings().stream()
                .map(warning ->
                    warning.replaceFirst(
                        "^the registry cannot be reached \\(.*\\); going",
                        "the registry cannot be reached (...); going"))
                .toList())
        .addAllNotes(negotiated.notes())
        .addAllEvents(negotiated.events())
        .build();
  }

  private static Tracefs tracefs(NegotiationCase negotiation, Path folder) throws IOException {
    Path events = Files.createDirectories(folder.resolve("events"));
    for (FormatFile format : negotiation.getFormatsList()) {
      Path event = Files.createDirectories(events.resolve(format.getEvent()));
      Files.write(event.resolve("format"), format.getText().toByteArray());
    }
    for (String event : negotiation.getUnreadableList()) {
      Files.createDirectories(events.resolve(event).resolve("format"));
    }
    return Tracefs.of(folder, identity(negotiation.getKernel()));
  }

  private static KernelIdentity identity(dev.tracery.v1.KernelIdentity kernel) {
    return new KernelIdentity(
        kernel.getRelease(),
        kernel.getBuild(),
        kernel.getMachine(),
        new Target(
            kernel.getWordSize() == dev.tracery.v1.WordSize.WORD_SIZE_32
                ? WordSize.BITS_32
                : WordSize.BITS_64,
            kernel.getByteOrder() == dev.tracery.v1.ByteOrder.BYTE_ORDER_BIG_ENDIAN
                ? ByteOrder.BIG_ENDIAN
                : ByteOrder.LITTLE_ENDIAN),
        kernel.getPageSize());
  }

  /// Answers calls in the order of the data; more of them are refused.
  private static final class Script {

    private final List<Exchange> exchanges;
    private final List<NegotiateRequest> asked = Collections.synchronizedList(new ArrayList<>());

    Script(List<Exchange> exchanges) {
      this.exchanges = exchanges;
    }

    FakeServer serve() {
      return FakeServer.builder()
          .unary(NegotiationServiceGrpc.getNegotiateMethod(), this::answer)
          .start();
    }

    private NegotiateResponse answer(NegotiateRequest request) {
      asked.add(request);
      if (asked.size() > exchanges.size()) {
        throw Status.INTERNAL.withDescription("one call too many").asRuntimeException();
      }
      Exchange exchange = exchanges.get(asked.size() - 1);
      if (!exchange.hasResponse()) {
        throw Status.fromCodeValue(exchange.getStatus()).asRuntimeException();
      }
      try {
        return NegotiateResponse.parseFrom(exchange.getResponse());
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(e);
      }
    }
  }
}
