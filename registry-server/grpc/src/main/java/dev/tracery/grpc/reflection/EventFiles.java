package dev.tracery.grpc.reflection;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import dev.tracery.registry.Registry;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The files of the messages of the registry's events.
record EventFiles(Registry registry) {

  /// The file that declares an event's message, or one of its fields, and its imports, imports
  /// first.
  Optional<FileDescriptorSet> containing(String symbol) {
    Optional<FileDescriptorSet> message = registry.fileContaining(symbol);
    int dot = symbol.lastIndexOf('.');
    if (message.isPresent() || dot < 0) {
      return message;
    }
    String field = symbol.substring(dot + 1);
    return registry
        .fileContaining(symbol.substring(0, dot))
        .filter(set -> own(set).getMessageTypeList().stream().anyMatch(m -> hasField(m, field)));
  }

  /// The file of this name, and its imports, imports first.
  ///
  /// A file lies in the folder that its package names and has one message, so only the messages of
  /// that package come into question, those first whose names look like the file's.
  Optional<FileDescriptorSet> named(String fileName) {
    int slash = fileName.lastIndexOf('/');
    if (slash < 0 || !fileName.endsWith(".proto")) {
      return Optional.empty();
    }
    String prefix = fileName.substring(0, slash + 1).replace('/', '.');
    String stem = squeezed(fileName.substring(slash + 1, fileName.length() - ".proto".length()));
    List<String> candidates =
        registry.messageNames().stream()
            .filter(name -> name.startsWith(prefix) && name.indexOf('.', prefix.length()) < 0)
            .sorted(
                Comparator.comparing(
                    name -> !squeezed(name.substring(prefix.length())).equals(stem)))
            .toList();
    return candidates.stream()
        .flatMap(name -> registry.fileContaining(name).stream())
        .filter(set -> own(set).getName().equals(fileName))
        .findFirst();
  }

  private static FileDescriptorProto own(FileDescriptorSet set) {
    return set.getFile(set.getFileCount() - 1);
  }

  private static boolean hasField(DescriptorProto message, String field) {
    return message.getFieldList().stream().anyMatch(f -> f.getName().equals(field));
  }

  private static String squeezed(String name) {
    return name.replace("_", "").toLowerCase(java.util.Locale.ROOT);
  }
}
