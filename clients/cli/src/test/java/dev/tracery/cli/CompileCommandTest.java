package dev.tracery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import dev.tracery.v1.DecodePlan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CompileCommandTest {

  @TempDir private Path folder = Path.of("");

  @Test
  void writesProtosDescriptorsAndPlans() throws IOException {
    Path input =
        kernel("one").event("a/e", 1, "int x;8;4;1").event("b/f", 2, "long y;8;8;1").folder();
    Path out = folder.resolve("new/out");
    Run run = compile(out, input.toString());

    assertEquals(
        new Run(0, "2 events, 2 layouts, 2 new schema versions written to " + out + "\n", ""), run);
    assertEquals(
        List.of(
            "descriptors.binpb",
            "linux/a/e.proto",
            "linux/b/f.proto",
            "plans.binpb",
            "tracery/v1/options.proto"),
        List.copyOf(files(out).keySet()));
    assertEquals(
        List.of(
            "google/protobuf/descriptor.proto",
            "tracery/v1/options.proto",
            "linux/a/e.proto",
            "linux/b/f.proto"),
        descriptors(out).getFileList().stream().map(FileDescriptorProto::getName).toList());
    assertEquals(List.of("a/e", "b/f"), plans(out).stream().map(DecodePlan::getEvent).toList());
  }

  @Test
  void theSameInputsInTheSameOrderGiveTheSameBytes() throws IOException {
    String one = kernel("one").event("a/e", 1, "int x;8;4;1").folder().toString();
    String two = kernel("two").event("a/e", 7, "int y;8;4;1", "int x;12;4;1").folder().toString();
    compile(folder.resolve("first"), one, two);
    compile(folder.resolve("second"), one, two);
    compile(folder.resolve("otherOrder"), two, one);

    assertEquals(files(folder.resolve("first")), files(folder.resolve("second")));
    assertNotEquals(files(folder.resolve("first")), files(folder.resolve("otherOrder")));
  }

  @Test
  void realKernelsGiveTheSameBytesAndTheirLineageFileGoesOn() throws IOException {
    Path samples = Path.of("../../it-tests/samples");
    String first = samples.resolve("debian-bullseye-5.10.0-46-amd64/formats.tar.zst").toString();
    String second = samples.resolve("debian-bookworm-6.1.0-50-s390x/formats.tar.zst").toString();
    Path once = folder.resolve("once");
    Path again = folder.resolve("again");
    for (Path out : List.of(once, again)) {
      assertEquals(0, Run.of("compile", first, second, "--out", out.toString()).status());
    }
    Path lineage = folder.resolve("lineage");
    Path continued = folder.resolve("continued");
    Run.of("compile", first, "--out", lineage.toString());
    Run.of(
        "compile",
        second,
        "--lineage",
        lineage.resolve("descriptors.binpb").toString(),
        "--out",
        continued.toString());

    assertEquals(files(once), files(again));
    assertEquals(descriptors(once), descriptors(continued));
  }

  @Test
  void aLineageFileGoesOnWhereItsKernelsEnded() throws IOException {
    String one = kernel("one").event("a/e", 1, "int x;8;4;1").folder().toString();
    String two = kernel("two").event("a/e", 7, "int y;8;4;1", "int x;12;4;1").folder().toString();
    Path out = folder.resolve("out");
    Path both = folder.resolve("both");
    compile(out, one);
    Run run =
        compile(out, two, "--force", "--lineage", out.resolve("descriptors.binpb").toString());
    compile(both, one, two);

    assertEquals(
        new Run(0, "1 event, 1 layout, 1 new schema version written to " + out + "\n", ""), run);
    assertEquals(descriptors(both), descriptors(out));
    assertEquals(
        List.of("y=2", "x=1"),
        descriptors(out).getFile(2).getMessageType(0).getFieldList().stream()
            .map(CompileCommandTest::numbered)
            .toList());
    assertEquals(List.of("both", "one", "out", "two"), names(folder));
  }

  @Test
  void aKernelThatIsRefusedLeavesWhatWasThere() throws IOException {
    String good = kernel("one").event("a/e", 1, "int x;8;4;1").folder().toString();
    String bad = kernel("two").event("a/e", 1, "int x;8;4;1", "int y;9;4;1").folder().toString();
    Path out = folder.resolve("out");
    compile(out, good);
    Map<String, String> before = files(out);
    Run run = compile(out, good, bad, "--force");

    assertEquals(2, run.status());
    assertEquals(before, files(out));
    assertEquals(List.of("one", "out", "two"), names(folder));
    // With several inputs the input is named, too.
    assertEquals(true, run.err().startsWith(bad + "/a/e/format:10:"), run.err());
  }

  @Test
  void aFolderThatOnlyLooksLikeOursIsNotReplaced() throws IOException {
    String good = kernel("one").event("a/e", 1, "int x;8;4;1").folder().toString();
    Path sources = folder.resolve("src");
    Path kernelSource = Files.createDirectories(sources.resolve("linux")).resolve("Makefile");
    Files.writeString(kernelSource, "all:\n");

    assertEquals(
        new Run(
            2,
            "",
            "tracery: --out: "
                + sources
                + " has no descriptors.binpb, so tracery compile did not write it; it is not"
                + " replaced\n"),
        compile(sources, good, "--force"));
    assertEquals("all:\n", Files.readString(kernelSource));
  }

  @Test
  void countsAsJson() {
    String one = kernel("one").event("a/e", 1, "int x;8;4;1").folder().toString();

    assertEquals(
        new Run(0, "{\"inputs\":2,\"events\":1,\"layouts\":1,\"newSchemaVersions\":1}\n", ""),
        compile(folder.resolve("out"), one, one, "--output", "json"));
  }

  @Test
  void refusesALineageFileThatIsNone() throws IOException {
    String one = kernel("one").event("a/e", 1, "int x;8;4;1").folder().toString();
    Path lineage = Files.writeString(folder.resolve("lineage"), "no descriptors");
    Run run = compile(folder.resolve("out"), one, "--lineage", lineage.toString());

    assertEquals(2, run.status());
    assertEquals(
        "tracery: --lineage: " + lineage + ": not a FileDescriptorSet",
        run.err().replaceFirst("FileDescriptorSet.*\\R", "FileDescriptorSet"));
    assertEquals(List.of("lineage", "one"), names(folder));
  }

  private Formats kernel(String name) {
    return Formats.in(folder.resolve(name));
  }

  private static Run compile(Path out, String... arguments) {
    List<String> line =
        new ArrayList<>(List.of("compile", "--byte-order", "little", "--out", out.toString()));
    line.addAll(List.of(arguments));
    return Run.of(line.toArray(String[]::new));
  }

  /// Relative names, and contents in hexadecimal.
  private static Map<String, String> files(Path folder) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        files.put(
            folder.relativize(file).toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
      }
    }
    return files;
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> list = Files.list(folder)) {
      return list.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  private static FileDescriptorSet descriptors(Path out) throws IOException {
    return FileDescriptorSet.parseFrom(Files.readAllBytes(out.resolve("descriptors.binpb")));
  }

  private static List<DecodePlan> plans(Path out) throws IOException {
    List<DecodePlan> plans = new ArrayList<>();
    try (InputStream in = Files.newInputStream(out.resolve("plans.binpb"))) {
      for (DecodePlan plan = DecodePlan.parseDelimitedFrom(in);
          plan != null;
          plan = DecodePlan.parseDelimitedFrom(in)) {
        plans.add(plan);
      }
    }
    return plans;
  }

  private static String numbered(FieldDescriptorProto field) {
    return field.getName() + "=" + field.getNumber();
  }
}
