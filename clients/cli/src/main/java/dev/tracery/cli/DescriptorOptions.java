package dev.tracery.cli;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tracery.v1.OptionsProto;

/// The options of Tracery in descriptors, which come as unknown fields where nobody said that they
/// are known.
final class DescriptorOptions {

  private static final ExtensionRegistry REGISTRY = registry();

  private DescriptorOptions() {}

  static FileDescriptorSet resolve(FileDescriptorSet set) {
    try {
      return FileDescriptorSet.parseFrom(set.toByteString(), REGISTRY);
    } catch (InvalidProtocolBufferException e) {
      throw CommandFailure.failed(
          "the registry sent a descriptor that is damaged: " + e.getMessage());
    }
  }

  private static ExtensionRegistry registry() {
    ExtensionRegistry registry = ExtensionRegistry.newInstance();
    OptionsProto.registerAllExtensions(registry);
    return registry;
  }
}
