package dev.tracery.grpc.reflection;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import dev.tracery.registry.Registry;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.reflection.v1.ErrorResponse;
import io.grpc.reflection.v1.ExtensionNumberResponse;
import io.grpc.reflection.v1.ExtensionRequest;
import io.grpc.reflection.v1.FileDescriptorResponse;
import io.grpc.reflection.v1.ListServiceResponse;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Answers one question of server reflection. What is not there is an answer too, not a failed
/// call. Thread-safe.
///
/// @param registry the registry, or UNAVAILABLE as an exception
/// @param services the full names of the services, in the order in which they are listed
record ReflectionAnswerer(Supplier<Registry> registry, ServedFiles files, List<String> services) {

  ServerReflectionResponse answer(ServerReflectionRequest request) {
    ServerReflectionResponse.Builder out =
        ServerReflectionResponse.newBuilder()
            .setValidHost(request.getHost())
            .setOriginalRequest(request);
    try {
      switch (request.getMessageRequestCase()) {
        case FILE_BY_FILENAME ->
            putFile(out, named(request.getFileByFilename()), "file", request.getFileByFilename());
        case FILE_CONTAINING_SYMBOL ->
            putFile(
                out,
                containing(request.getFileContainingSymbol()),
                "symbol",
                request.getFileContainingSymbol());
        case FILE_CONTAINING_EXTENSION -> {
          ExtensionRequest asked = request.getFileContainingExtension();
          putFile(
              out,
              files.containingExtension(
                  withoutDot(asked.getContainingType()), asked.getExtensionNumber()),
              "extension",
              asked.getExtensionNumber() + " of " + asked.getContainingType());
        }
        case ALL_EXTENSION_NUMBERS_OF_TYPE ->
            putNumbers(out, request.getAllExtensionNumbersOfType());
        case LIST_SERVICES -> {
          ListServiceResponse.Builder list = ListServiceResponse.newBuilder();
          services.forEach(name -> list.addService(ServiceResponse.newBuilder().setName(name)));
          out.setListServicesResponse(list);
        }
        case MESSAGEREQUEST_NOT_SET ->
            putError(out, Code.INVALID_ARGUMENT, "the request asks nothing");
      }
    } catch (StatusRuntimeException e) {
      putError(out, e.getStatus().getCode(), String.valueOf(e.getStatus().getDescription()));
    }
    return out.build();
  }

  private Optional<FileDescriptorSet> named(String fileName) {
    Optional<FileDescriptorSet> served = files.named(fileName);
    return served.isPresent() ? served : new EventFiles(registry.get()).named(fileName);
  }

  private Optional<FileDescriptorSet> containing(String symbol) {
    String name = withoutDot(symbol);
    Optional<FileDescriptorSet> served = files.containing(name);
    return served.isPresent() ? served : new EventFiles(registry.get()).containing(name);
  }

  private void putNumbers(ServerReflectionResponse.Builder out, String type) {
    String name = withoutDot(type);
    Optional<? extends Iterable<Integer>> numbers = files.extensionNumbers(name);
    if (numbers.isEmpty() && registry.get().fileContaining(name).isPresent()) {
      numbers = Optional.of(List.of());
    }
    if (numbers.isEmpty()) {
      putError(out, Code.NOT_FOUND, "no message " + type + " here");
      return;
    }
    out.setAllExtensionNumbersResponse(
        ExtensionNumberResponse.newBuilder()
            .setBaseTypeName(name)
            .addAllExtensionNumber(numbers.get()));
  }

  /// The file that was asked for, then what it imports.
  private static void putFile(
      ServerReflectionResponse.Builder out,
      Optional<FileDescriptorSet> found,
      String kind,
      String name) {
    if (found.isEmpty()) {
      putError(out, Code.NOT_FOUND, "no " + kind + " " + name + " here");
      return;
    }
    FileDescriptorResponse.Builder files = FileDescriptorResponse.newBuilder();
    for (FileDescriptorProto file : found.get().getFileList().reversed()) {
      files.addFileDescriptorProto(file.toByteString());
    }
    out.setFileDescriptorResponse(files);
  }

  private static void putError(ServerReflectionResponse.Builder out, Code code, String message) {
    out.setErrorResponse(
        ErrorResponse.newBuilder().setErrorCode(code.value()).setErrorMessage(message));
  }

  private static String withoutDot(String symbol) {
    return symbol.startsWith(".") ? symbol.substring(1) : symbol;
  }
}
