package dev.tracery.it;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.ExtensionRegistry;
import dev.tracery.v1.OptionsProto;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// protoc as Google publishes it.
final class Protoc {

  private static final Path PROGRAM =
      Path.of(System.getProperty("tracery.protoc", "target/protoc/protoc"));
  private static final Path OUR_PROTOS = Path.of("..", "registry-api", "src", "main", "protobuf");

  private Protoc() {}

  /// Compiles files below `root`, which may import ours.
  ///
  /// @return their descriptors by name, without the JSON names, which protoc adds
  /// @throws AssertionError with what protoc said, if it refuses a file
  static Map<String, FileDescriptorProto> compile(Path root, List<String> files)
      throws IOException, InterruptedException {
    Path include = Files.createTempDirectory("protoc");
    copyDescriptorProto(include);
    Path arguments = include.resolve("arguments");
    Path set = include.resolve("set");
    Path output = include.resolve("output");
    Files.writeString(
        arguments,
        "-I%s\n-I%s\n-I%s\n--descriptor_set_out=%s\n%s\n"
            .formatted(root, OUR_PROTOS, include, set, String.join("\n", files)));
    Process process =
        new ProcessBuilder(PROGRAM.toString(), "@" + arguments)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new AssertionError("protoc refuses:\n" + Files.readString(output));
    }
    Map<String, FileDescriptorProto> made = new TreeMap<>();
    for (FileDescriptorProto file : read(set).getFileList()) {
      made.put(file.getName(), withoutJsonNames(file));
    }
    Folders.delete(include);
    return made;
  }

  /// The same descriptor, our options read as what they are and not as unknown fields.
  static FileDescriptorProto withOptions(FileDescriptorProto file) throws IOException {
    return FileDescriptorProto.parseFrom(file.toByteString(), options());
  }

  private static FileDescriptorSet read(Path set) throws IOException {
    try (InputStream in = Files.newInputStream(set)) {
      return FileDescriptorSet.parseFrom(in, options());
    }
  }

  private static ExtensionRegistry options() {
    ExtensionRegistry options = ExtensionRegistry.newInstance();
    OptionsProto.registerAllExtensions(options);
    return options;
  }

  private static FileDescriptorProto withoutJsonNames(FileDescriptorProto file) {
    FileDescriptorProto.Builder builder = file.toBuilder();
    builder
        .getMessageTypeBuilderList()
        .forEach((DescriptorProto.Builder message) ->
            message.getFieldBuilderList().forEach(FieldDescriptorProto.Builder::clearJsonName));
    return builder.build();
  }

  /// protobuf-java carries the file that lies in protoc's own include folder.
  private static void copyDescriptorProto(Path include) throws IOException {
    Path file = include.resolve("google/protobuf/descriptor.proto");
    Files.createDirectories(file.getParent());
    try (InputStream in =
        FileDescriptorProto.class.getResourceAsStream("/google/protobuf/descriptor.proto")) {
      Files.copy(Objects.requireNonNull(in), file);
    }
  }
}
