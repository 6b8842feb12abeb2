package dev.tracery.client.example;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Duration;
import dev.tracery.client.FakeServer;
import dev.tracery.v1.ByteOrder;
import dev.tracery.v1.Conversion;
import dev.tracery.v1.DecodeOperation;
import dev.tracery.v1.DecodePlan;
import dev.tracery.v1.EventReading;
import dev.tracery.v1.NegotiateRequest;
import dev.tracery.v1.NegotiateResponse;
import dev.tracery.v1.NegotiationServiceGrpc;
import dev.tracery.v1.Placement;
import dev.tracery.v1.Requirement;
import dev.tracery.v1.RunOutcome;
import dev.tracery.v1.WordSize;
import java.nio.file.Files;
import java.nio.file.Path;

/// A tool's start, for a JVM that remembers what it needs for one (`-XX:AOTCacheOutput`, which `run
/// setup` does): [FiveEvents] and the server that it asks.
public final class Training {

  private Training() {}

  public static void main(String... args) throws Exception {
    Path folder = Files.createTempDirectory("tracery-training");
    try (FakeServer server =
        FakeServer.builder()
            .unary(NegotiationServiceGrpc.getNegotiateMethod(), Training::answer)
            .start()) {
      FiveEvents.main(
          server.address(), folder.toString(), "6.1", "#1", "x86_64", "64", "little", "4096");
    } finally {
      Files.delete(folder);
    }
  }

  private static NegotiateResponse answer(NegotiateRequest request) {
    NegotiateResponse.Builder answer =
        NegotiateResponse.newBuilder()
            .setOutcome(RunOutcome.RUN_OUTCOME_ACCEPTED)
            .setCacheFor(Duration.newBuilder().setSeconds(1));
    for (Requirement requirement : request.getTool().getRequirementsList()) {
      answer.addEvents(reading(requirement.getAnyOf(0).getEvent()));
    }
    return answer.build();
  }

  private static EventReading reading(String event) {
    return EventReading.newBuilder()
        .setEvent(event)
        .setMessageName("M")
        .setFile(
            FileDescriptorProto.newBuilder()
                .addMessageType(
                    DescriptorProto.newBuilder()
                        .setName("M")
                        .addField(FieldDescriptorProto.newBuilder().setName("f").setNumber(1))))
        .setDecodePlan(
            DecodePlan.newBuilder()
                .setEvent(event)
                .setByteOrder(ByteOrder.BYTE_ORDER_LITTLE_ENDIAN)
                .setWordSize(WordSize.WORD_SIZE_64)
                .addOperations(
                    DecodeOperation.newBuilder()
                        .setFieldNumber(1)
                        .setPlacement(Placement.PLACEMENT_FIXED)
                        .setConversion(Conversion.CONVERSION_INTEGER)
                        .setSize(4)
                        .setElementSize(4)))
        .build();
  }
}
