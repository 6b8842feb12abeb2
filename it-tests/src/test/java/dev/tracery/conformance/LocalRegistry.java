package dev.tracery.conformance;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tracery.bridge.linux510.Linux510Fields;
import dev.tracery.grpc.wire.NegotiationWriter;
import dev.tracery.grpc.wire.QuestionReader;
import dev.tracery.it.SampleKernel;
import dev.tracery.registry.Registry;
import dev.tracery.registry.bridge.InstalledBridges;
import dev.tracery.registry.core.RegistryInMemory;
import dev.tracery.store.MemoryStore;
import dev.tracery.v1.NegotiateRequest;
import dev.tracery.v1.NegotiateResponse;
import java.util.List;
import java.util.Optional;

/// A registry in this JVM that has the sample kernels and the example's bridge. It is asked in
/// messages, as over the wire.
final class LocalRegistry {

  private final Registry registry;

  LocalRegistry(List<SampleKernel> kernels) {
    InstalledBridges bridges = new InstalledBridges();
    Linux510Fields fields = new Linux510Fields();
    bridges.add("linux-5.10", 1, 0, "dev.tracery.bridge.linux510", "0.1.0", fields::fields);
    registry = RegistryInMemory.open(new MemoryStore(), bridges);
    for (SampleKernel kernel : kernels) {
      try (Registry.Registration registration =
          registry.register(kernel.identity(), Optional.empty())) {
        kernel
            .formats()
            .forEach((event, text) ->
                registration.add(
                    event,
                    dev.tracery.it.FormatText.id(text),
                    event + "/format",
                    text,
                    Optional.empty()));
        registration.finish(false);
      }
    }
  }

  /// What the registry answers. No start of a tool is claimed, so that revisions do not depend on
  /// when claims are stored.
  NegotiateResponse answer(NegotiateRequest request) {
    var question = QuestionReader.read(request.toBuilder().setDryRun(true).build());
    try {
      return NegotiateResponse.parseFrom(
          NegotiationWriter.write(registry.negotiation().negotiate(question)));
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  /// How a kernel's event lies in memory, by its hash.
  byte[] layoutHash(SampleKernel kernel, String event) {
    return registry
        .events(kernel.identity().release(), event, null, 1, 0)
        .getFirst()
        .layoutHash()
        .orElseThrow()
        .bytes();
  }
}
