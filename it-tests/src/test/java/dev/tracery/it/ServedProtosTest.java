package dev.tracery.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import dev.tracery.client.TraceryClient;
import dev.tracery.v1.GetSchemaRequest;
import dev.tracery.v1.GetSchemaResponse;
import dev.tracery.v1.KernelEvent;
import dev.tracery.v1.SchemaPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the server answers as `.proto` text and what it answers as a descriptor are the same thing:
/// protoc, which is not ours, makes the one of the other.
class ServedProtosTest {

  @TempDir Path folder;

  @Test
  void protoc_makes_of_every_served_proto_the_descriptor_that_is_served() throws Exception {
    for (Map.Entry<Integer, List<GetSchemaResponse>> round : everyVersion().entrySet()) {
      Path root = Files.createDirectory(folder.resolve("v" + round.getKey()));
      Map<String, FileDescriptorProto> served = new TreeMap<>();
      for (GetSchemaResponse schema : round.getValue()) {
        FileDescriptorSet files = schema.getDescriptorSet();
        FileDescriptorProto own = Protoc.withOptions(files.getFileList().getLast());
        served.put(own.getName(), own);
        Path file = root.resolve(own.getName());
        Files.createDirectories(file.getParent());
        Files.writeString(file, schema.getProto());
      }
      assertEquals(served, Protoc.compile(root, List.copyOf(served.keySet())));
    }
  }

  /// All schema versions of all lineages, by version: within one there is one file of a name.
  private static Map<Integer, List<GetSchemaResponse>> everyVersion() throws IOException {
    Map<Integer, List<GetSchemaResponse>> versions = new TreeMap<>();
    try (TraceryClient client = SharedRegistry.client()) {
      for (KernelEvent latest : client.events("", "", 0)) {
        for (int version = 1; version <= latest.getSchemaVersion(); version++) {
          versions
              .computeIfAbsent(version, _ -> new ArrayList<>())
              .add(
                  client.schema(
                      GetSchemaRequest.newBuilder()
                          .setEvent(latest.getEvent())
                          .setVersion(version)
                          .addParts(SchemaPart.SCHEMA_PART_DESCRIPTOR)
                          .addParts(SchemaPart.SCHEMA_PART_PROTO)
                          .build()));
        }
      }
    }
    return versions;
  }
}
