package dev.tracery.grpc.reflection;

import com.google.protobuf.Descriptors.FileDescriptor;
import dev.tracery.grpc.stream.Inbound;
import dev.tracery.grpc.stream.OutboundCall;
import dev.tracery.registry.Registry;
import dev.tracery.v1.OptionsProto;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// `grpc.reflection.v1.ServerReflection`, and the same as `grpc.reflection.v1alpha`, which most
/// tools still ask: their messages are the same bytes.
///
/// Our own because gRPC's knows only what was compiled into the server.
public final class ReflectionCalls {

  private final ReflectionAnswerer answerer;
  private final Executor threads;

  private ReflectionCalls(ReflectionAnswerer answerer, Executor threads) {
    this.answerer = answerer;
    this.threads = threads;
  }

  /// The reflection services of a server.
  ///
  /// @param registry the registry, or UNAVAILABLE as an exception
  /// @param threads runs each call on a thread of its own
  /// @param services the server's other services
  public static List<ServerServiceDefinition> bind(
      Supplier<Registry> registry, Executor threads, List<ServerServiceDefinition> services) {
    ServiceDescriptor v1 = ServerReflectionGrpc.getServiceDescriptor();
    ServiceDescriptor v1alpha =
        io.grpc.reflection.v1alpha.ServerReflectionGrpc.getServiceDescriptor();
    List<ServiceDescriptor> served =
        Stream.concat(
                services.stream().map(ServerServiceDefinition::getServiceDescriptor),
                Stream.of(v1, v1alpha))
            .toList();
    ReflectionAnswerer answerer =
        new ReflectionAnswerer(
            registry,
            new ServedFiles(files(served)),
            served.stream().map(ServiceDescriptor::getName).sorted().toList());
    ReflectionCalls calls = new ReflectionCalls(answerer, threads);
    return List.of(calls.as(v1.getName()), calls.as(v1alpha.getName()));
  }

  private ServerServiceDefinition as(String service) {
    MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> method =
        ServerReflectionGrpc.getServerReflectionInfoMethod().toBuilder()
            .setFullMethodName(
                MethodDescriptor.generateFullMethodName(service, "ServerReflectionInfo"))
            .build();
    return ServerServiceDefinition.builder(service)
        .addMethod(method, ServerCalls.asyncBidiStreamingCall(this::call))
        .build();
  }

  private StreamObserver<ServerReflectionRequest> call(
      StreamObserver<ServerReflectionResponse> observer) {
    OutboundCall<ServerReflectionResponse> call = new OutboundCall<>(observer);
    Inbound<ServerReflectionRequest> requests = new Inbound<>(call, null);
    call.handle(
        threads,
        () -> {
          ServerReflectionRequest request;
          while ((request = requests.next()) != null) {
            call.send(answerer.answer(request));
          }
        });
    return requests;
  }

  private static List<FileDescriptor> files(List<ServiceDescriptor> services) {
    List<FileDescriptor> files = new ArrayList<>();
    services.stream()
        .map(ServiceDescriptor::getSchemaDescriptor)
        .map(ProtoFileDescriptorSupplier.class::cast)
        .filter(Objects::nonNull)
        .map(ProtoFileDescriptorSupplier::getFileDescriptor)
        .forEach(files::add);
    // What no service imports, but event messages and the details of errors use.
    files.add(OptionsProto.getDescriptor());
    files.add(com.google.rpc.StatusProto.getDescriptor());
    files.add(com.google.rpc.ErrorDetailsProto.getDescriptor());
    return List.copyOf(files);
  }
}
