package dev.tracery.compiler.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.ExtensionRegistry;
import dev.tracery.compiler.SampleKernels;
import dev.tracery.compiler.lineage.Lineage;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.v1.OptionsProto;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// protoc, which we did not write, reads every `.proto` file that the samples give, and makes the
/// same descriptor of it that we emit.
class ProtocTest {

  private static final Path PROTOC = Path.of(System.getProperty("tracery.protoc"));
  private static final Path OUR_PROTOS = Path.of("..", "registry-api", "src", "main", "protobuf");

  @TempDir Path folder;

  @Test
  void protoc_makes_the_same_descriptors_of_every_version_of_every_event() throws Exception {
    int round = 0;
    for (Map<String, SchemaVersion> versions : byVersion()) {
      check(Files.createDirectory(folder.resolve("v" + ++round)), versions);
    }
    assertEquals(true, round > 1, "the samples have lineages of several versions");
  }

  private static void check(Path root, Map<String, SchemaVersion> versions) throws Exception {
    copyDescriptorProto(root);
    StringBuilder arguments = new StringBuilder();
    for (var entry : versions.entrySet()) {
      Path file = root.resolve(entry.getKey());
      Files.createDirectories(file.getParent());
      Files.writeString(file, new ProtoEmitter().emit(entry.getValue()));
      arguments.append(entry.getKey()).append('\n');
    }
    Path argumentFile = Files.writeString(root.resolve("arguments"), arguments);
    Path out = root.resolve("out.binpb");
    run(
        PROTOC.toString(),
        "-I" + root,
        "-I" + OUR_PROTOS,
        "--descriptor_set_out=" + out,
        "@" + argumentFile);
    ExtensionRegistry extensions = ExtensionRegistry.newInstance();
    OptionsProto.registerAllExtensions(extensions);
    DescriptorEmitter emitter = new DescriptorEmitter();
    FileDescriptorSet set = FileDescriptorSet.parseFrom(Files.readAllBytes(out), extensions);
    assertEquals(versions.size(), set.getFileCount());
    for (FileDescriptorProto file : set.getFileList()) {
      assertEquals(
          emitter.emit(Objects.requireNonNull(versions.get(file.getName()))),
          withoutJsonNames(file));
    }
  }

  /// protobuf-java carries the file that protoc's own include folder has.
  private static void copyDescriptorProto(Path root) throws IOException {
    Path file = root.resolve("google/protobuf/descriptor.proto");
    Files.createDirectories(file.getParent());
    try (InputStream in =
        FileDescriptorProto.class.getResourceAsStream("/google/protobuf/descriptor.proto")) {
      Files.copy(Objects.requireNonNull(in), file);
    }
  }

  /// First versions first; a lineage with fewer versions is left out of the later rounds.
  private static List<Map<String, SchemaVersion>> byVersion() {
    List<Map<String, SchemaVersion>> rounds = new ArrayList<>();
    for (Lineage lineage : SampleKernels.lineages(SampleKernels.layouts()).values()) {
      for (SchemaVersion version : lineage.versions()) {
        if (rounds.size() < version.version()) {
          rounds.add(new TreeMap<>());
        }
        SchemaVersion other =
            rounds.get(version.version() - 1).put(MessageFile.fileName(version), version);
        assertEquals(null, other, "two events have one file");
      }
    }
    return rounds;
  }

  private static FileDescriptorProto withoutJsonNames(FileDescriptorProto file) {
    FileDescriptorProto.Builder plain = file.toBuilder();
    plain
        .getMessageTypeBuilder(0)
        .getFieldBuilderList()
        .forEach(FieldDescriptorProto.Builder::clearJsonName);
    return plain.build();
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertEquals(true, process.waitFor(5, TimeUnit.MINUTES));
    assertEquals("", output);
    assertEquals(0, process.exitValue());
  }
}
