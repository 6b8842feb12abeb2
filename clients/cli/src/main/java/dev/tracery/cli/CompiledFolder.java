package dev.tracery.cli;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import dev.tracery.compiler.KernelCompiler;
import dev.tracery.compiler.emit.DescriptorEmitter;
import dev.tracery.compiler.emit.ProtoEmitter;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.v1.DecodePlan;
import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The folder that `compile` writes. It is made beside its place and takes its name when it is
/// whole; what was there is gone only then.
final class CompiledFolder {

  private static final String OPTIONS = "tracery/v1/options.proto";
  private static final String BUNDLES = "bundles";
  private static final String DESCRIPTORS = "descriptors.binpb";
  private static final Set<String> OURS =
      Set.of("linux", "tracery", BUNDLES, DESCRIPTORS, "plans.binpb");

  private final Path folder;

  private CompiledFolder(Path folder) {
    this.folder = folder;
  }

  /// Checks that the folder may be written.
  ///
  /// @param force whether what was written before may be replaced
  static CompiledFolder at(Path out, boolean force) throws IOException {
    if (Files.exists(out)) {
      if (!Files.isDirectory(out)) {
        throw CommandFailure.wrongUse("--out: " + out + " is not a directory");
      }
      Set<String> names = names(out);
      if (!names.isEmpty() && !force) {
        throw CommandFailure.wrongUse(
            "--out: " + out + " is not empty; --force replaces what was written there before");
      }
      boolean written = names.isEmpty() || names.contains(DESCRIPTORS);
      names.removeAll(OURS);
      if (!names.isEmpty()) {
        throw CommandFailure.wrongUse(
            "--out: "
                + out
                + " has \""
                + names.iterator().next()
                + "\", which tracery compile does not write; it is not replaced");
      }
      // Why: a folder that has nothing but `linux` in it may be anything, the kernel's source too.
      if (!written) {
        throw CommandFailure.wrongUse(
            "--out: "
                + out
                + " has no "
                + DESCRIPTORS
                + ", so tracery compile did not write it; it is not replaced");
      }
      return new CompiledFolder(out.toRealPath());
    }
    return new CompiledFolder(out.toAbsolutePath().normalize());
  }

  private static Set<String> names(Path folder) throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.list(folder)) {
      files.forEach(file -> names.add(String.valueOf(file.getFileName())));
    }
    return names;
  }

  /// @param bundles jars by their file names
  void write(KernelCompiler compiled, Map<String, byte[]> bundles) throws IOException {
    Path parent = folder.getParent();
    if (parent == null) {
      throw CommandFailure.wrongUse("--out: " + folder + " cannot be replaced");
    }
    Files.createDirectories(parent);
    String unique = "." + folder.getFileName() + "." + ProcessHandle.current().pid();
    Path fresh = Files.createDirectory(parent.resolve(unique));
    try {
      fill(fresh, compiled);
      for (Map.Entry<String, byte[]> bundle : bundles.entrySet()) {
        Path jar = fresh.resolve(BUNDLES).resolve(bundle.getKey());
        Files.createDirectories(parentOf(jar));
        Files.write(jar, bundle.getValue());
      }
      replace(fresh, parent.resolve(unique + ".old"));
    } finally {
      delete(fresh);
    }
  }

  private void replace(Path fresh, Path old) throws IOException {
    if (!Files.exists(folder) || names(folder).isEmpty()) {
      Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    Files.move(folder, old, StandardCopyOption.ATOMIC_MOVE);
    try {
      Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.move(old, folder, StandardCopyOption.ATOMIC_MOVE);
      throw e;
    }
    delete(old);
  }

  private static void fill(Path folder, KernelCompiler compiled) throws IOException {
    ProtoEmitter protos = new ProtoEmitter();
    DescriptorEmitter descriptors = new DescriptorEmitter();
    for (SchemaVersion schema : compiled.schemas()) {
      FileDescriptorProto file = descriptors.emit(schema);
      Path proto = folder.resolve(file.getName());
      Files.createDirectories(parentOf(proto));
      Files.writeString(proto, protos.emit(schema));
    }
    copyOptions(folder.resolve(OPTIONS));
    Files.write(folder.resolve(DESCRIPTORS), compiled.descriptors().toByteArray());
    try (OutputStream plans =
        new BufferedOutputStream(Files.newOutputStream(folder.resolve("plans.binpb")))) {
      for (DecodePlan plan : compiled.plans()) {
        plan.writeDelimitedTo(plans);
      }
    }
  }

  private static void copyOptions(Path target) throws IOException {
    try (InputStream options = CompiledFolder.class.getResourceAsStream("/" + OPTIONS)) {
      if (options == null) {
        throw new FileNotFoundException(OPTIONS + " is missing in this installation");
      }
      Files.createDirectories(parentOf(target));
      Files.copy(options, target);
    }
  }

  private static Path parentOf(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalStateException(file + " has no parent");
    }
    return parent;
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }
}
