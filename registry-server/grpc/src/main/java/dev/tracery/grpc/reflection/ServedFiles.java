package dev.tracery.grpc.reflection;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.GenericDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// The files that are part of the server, with everything that they import, by what they hold.
/// Immutable.
final class ServedFiles {

  private final Map<String, FileDescriptor> byName = new TreeMap<>();
  private final Map<String, FileDescriptor> bySymbol = new HashMap<>();
  private final Map<String, Map<Integer, FileDescriptor>> byExtension = new HashMap<>();
  private final Map<FileDescriptor, FileDescriptorSet> closures = new ConcurrentHashMap<>();

  ServedFiles(Collection<FileDescriptor> files) {
    files.forEach(this::addFile);
  }

  /// A file and its imports, imports first.
  Optional<FileDescriptorSet> named(String fileName) {
    return Optional.ofNullable(byName.get(fileName)).map(this::closure);
  }

  /// The file that declares a message, field, enum, enum value, extension, service or method, and
  /// its imports, imports first.
  Optional<FileDescriptorSet> containing(String symbol) {
    return Optional.ofNullable(bySymbol.get(symbol)).map(this::closure);
  }

  /// The file that declares an extension of a message, and its imports, imports first.
  Optional<FileDescriptorSet> containingExtension(String messageName, int number) {
    return Optional.ofNullable(byExtension.getOrDefault(messageName, Map.of()).get(number))
        .map(this::closure);
  }

  /// The numbers of the extensions of a message, ascending; none if there is no such message.
  Optional<Set<Integer>> extensionNumbers(String messageName) {
    return bySymbol.containsKey(messageName)
        ? Optional.of(new TreeSet<>(byExtension.getOrDefault(messageName, Map.of()).keySet()))
        : Optional.empty();
  }

  private FileDescriptorSet closure(FileDescriptor file) {
    return closures.computeIfAbsent(
        file,
        root -> {
          Set<FileDescriptor> ordered = new LinkedHashSet<>();
          collect(root, ordered);
          FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
          ordered.forEach(each -> set.addFile(each.toProto()));
          return set.build();
        });
  }

  private static void collect(FileDescriptor file, Set<FileDescriptor> into) {
    file.getDependencies().forEach(imported -> collect(imported, into));
    into.add(file);
  }

  private void addFile(FileDescriptor file) {
    if (byName.putIfAbsent(file.getName(), file) != null) {
      return;
    }
    file.getDependencies().forEach(this::addFile);
    file.getMessageTypes().forEach(this::addMessage);
    file.getEnumTypes().forEach(this::addEnum);
    addExtensions(file.getExtensions());
    for (ServiceDescriptor service : file.getServices()) {
      add(service);
      service.getMethods().forEach(this::add);
    }
  }

  private void addMessage(Descriptor message) {
    add(message);
    message.getFields().forEach(this::add);
    message.getOneofs().forEach(this::add);
    message.getNestedTypes().forEach(this::addMessage);
    message.getEnumTypes().forEach(this::addEnum);
    addExtensions(message.getExtensions());
  }

  private void addEnum(EnumDescriptor type) {
    add(type);
    type.getValues().forEach(this::add);
  }

  private void addExtensions(List<FieldDescriptor> extensions) {
    for (FieldDescriptor extension : extensions) {
      add(extension);
      byExtension
          .computeIfAbsent(extension.getContainingType().getFullName(), _ -> new TreeMap<>())
          .put(extension.getNumber(), extension.getFile());
    }
  }

  private void add(GenericDescriptor descriptor) {
    bySymbol.put(descriptor.getFullName(), descriptor.getFile());
  }
}
