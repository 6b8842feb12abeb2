package dev.tracery.client.conformance;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.tracery.conformance.v1.PlanCase;
import dev.tracery.conformance.v1.RecordVectors;
import dev.tracery.v1.EventReading;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The data of `clients/conformance`.
public final class Vectors {

  private static final Path FOLDER = Path.of("..", "conformance");

  private Vectors() {}

  /// Fills a message from its file.
  public static <B extends Message.Builder> B read(String file, B into) {
    try (Reader in = Files.newBufferedReader(FOLDER.resolve(file))) {
      JsonFormat.parser().merge(in, into);
      return into;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// How sched_switch of a kernel 6.1 for amd64 is read.
  public static EventReading schedSwitch() {
    PlanCase plan =
        read("records.json", RecordVectors.newBuilder()).getPlansList().stream()
            .filter(p -> p.getName().equals("debian-bookworm-6.1.0-56-amd64 sched/sched_switch"))
            .findFirst()
            .orElseThrow();
    try {
      return EventReading.newBuilder()
          .setEvent(plan.getPlan().getEvent())
          .setMessageName(plan.getMessageName())
          .setFile(FileDescriptorProto.parseFrom(plan.getFile()))
          .setDecodePlan(plan.getPlan())
          .build();
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e);
    }
  }
}
