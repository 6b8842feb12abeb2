package dev.tracery.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import dev.tracery.registry.Registry;
import dev.tracery.v1.EventOptions;
import dev.tracery.v1.Kernel;
import dev.tracery.v1.OptionsProto;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Values of the registry, and the messages that they become.
final class Samples {

  static final EventName SWITCH = new EventName("sched", "sched_switch");
  static final Sha256 HASH = Sha256.of(new byte[] {42});
  static final ByteString HASH_BYTES = ByteString.copyFrom(HASH.bytes());

  static final KernelIdentity BIG_32 =
      new KernelIdentity(
          "6.1.0-32-powerpc",
          "#1 Debian",
          "ppc",
          new Target(WordSize.BITS_32, ByteOrder.BIG_ENDIAN),
          65536);

  static final dev.tracery.v1.KernelIdentity BIG_32_MESSAGE =
      dev.tracery.v1.KernelIdentity.newBuilder()
          .setRelease("6.1.0-32-powerpc")
          .setBuild("#1 Debian")
          .setMachine("ppc")
          .setWordSize(dev.tracery.v1.WordSize.WORD_SIZE_32)
          .setByteOrder(dev.tracery.v1.ByteOrder.BYTE_ORDER_BIG_ENDIAN)
          .setPageSize(65536)
          .build();

  private Samples() {}

  static Registry.Kernel kernel(String id) {
    return new Registry.Kernel(
        id,
        BIG_32,
        HASH,
        List.of("debian", "stable"),
        9,
        3,
        4,
        Instant.ofEpochSecond(5, 6),
        Optional.empty());
  }

  static Kernel kernelMessage(String id) {
    return Kernel.newBuilder()
        .setId(id)
        .setIdentity(BIG_32_MESSAGE)
        .setManifestFingerprint(HASH_BYTES)
        .addSeries("debian")
        .addSeries("stable")
        .setEventCount(9)
        .setSystemCount(3)
        .setRevision(4)
        .setRegisterTime(Timestamp.newBuilder().setSeconds(5).setNanos(6))
        .build();
  }

  static Registry.KernelEvent event(String name, int id) {
    return new Registry.KernelEvent(EventName.parse(name), id, Optional.of(HASH), 2);
  }

  /// The file of `linux.sched.SchedSwitch`, with its imports.
  static FileDescriptorSet schedSwitch() {
    MessageOptions options =
        MessageOptions.newBuilder()
            .setExtension(
                OptionsProto.event,
                EventOptions.newBuilder().setSystem("sched").setVersion(1).build())
            .build();
    FileDescriptorSet set =
        FileDescriptorSet.newBuilder()
            .addFile(DescriptorProtos.getDescriptor().toProto())
            .addFile(OptionsProto.getDescriptor().toProto())
            .addFile(
                FileDescriptorProto.newBuilder()
                    .setName("linux/sched/sched_switch.proto")
                    .setPackage("linux.sched")
                    .setSyntax("proto3")
                    .addDependency("tracery/v1/options.proto")
                    .addMessageType(
                        DescriptorProto.newBuilder()
                            .setName("SchedSwitch")
                            .setOptions(options)
                            .addField(
                                FieldDescriptorProto.newBuilder()
                                    .setName("prev_pid")
                                    .setNumber(1)
                                    .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
                                    .setType(FieldDescriptorProto.Type.TYPE_INT32))))
            .build();
    try {
      // As one that came over the wire, whose options are unknown fields.
      return FileDescriptorSet.parseFrom(set.toByteString());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
