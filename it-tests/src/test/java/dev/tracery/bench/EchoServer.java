package dev.tracery.bench;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// The least that a grpc-java server can do: it answers each call with the next of a few arrays of
/// given sizes, on the event loop. A process of its own.
final class EchoServer implements AutoCloseable {

  /// Its only method.
  static final MethodDescriptor<byte[], byte[]> METHOD = RawBytes.method("tracery.bench.Echo/Echo");

  private final Process process;
  private final String address;

  private EchoServer(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  /// Arguments: the sizes of the answers, in bytes.
  public static void main(String[] sizes) throws IOException, InterruptedException {
    byte[][] answers = new byte[sizes.length][];
    for (int i = 0; i < sizes.length; i++) {
      answers[i] = new byte[Integer.parseInt(sizes[i])];
      new Random(i).nextBytes(answers[i]);
    }
    AtomicInteger calls = new AtomicInteger();
    var service =
        ServerServiceDefinition.builder("tracery.bench.Echo")
            .addMethod(
                METHOD,
                ServerCalls.asyncUnaryCall((byte[] _, StreamObserver<byte[]> answer) -> {
                  answer.onNext(answers[Math.floorMod(calls.getAndIncrement(), answers.length)]);
                  answer.onCompleted();
                }))
            .build();
    Server server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .directExecutor()
            .addService(service)
            .build()
            .start();
    System.out.println("localhost:" + server.getPort());
    server.awaitTermination();
  }

  /// Starts one.
  ///
  /// @param jvmOptions of its JVM
  /// @param sizes of its answers
  static EchoServer start(List<String> jvmOptions, List<Integer> sizes) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), EchoServer.class.getName()));
    sizes.forEach(size -> command.add(Integer.toString(size)));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    String address = output.readLine();
    if (address == null) {
      throw new IOException("the echo server does not start");
    }
    return new EchoServer(process, address);
  }

  /// `HOST:PORT`.
  String address() {
    return address;
  }

  /// The process.
  ProcessHandle process() {
    return process.toHandle();
  }

  @Override
  public void close() {
    process.destroy();
  }

  /// The options of the JVM of a process, without its class path, its AOT cache and its system
  /// properties.
  static List<String> jvmOptions(ProcessHandle process) {
    return Stream.of(process.info().arguments().orElseThrow())
        .takeWhile(argument -> !argument.equals("-cp"))
        .filter(argument -> argument.startsWith("-X") || argument.startsWith("--"))
        .filter(argument -> !argument.startsWith("-XX:AOTCache") && !argument.startsWith("-Xlog"))
        .toList();
  }
}
