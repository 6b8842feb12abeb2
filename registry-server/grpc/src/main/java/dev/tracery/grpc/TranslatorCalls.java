package dev.tracery.grpc;

import com.google.protobuf.ByteString;
import dev.tracery.grpc.status.ErrorReason;
import dev.tracery.grpc.status.Refusal;
import dev.tracery.grpc.status.Violations;
import dev.tracery.grpc.stream.Inbound;
import dev.tracery.grpc.stream.OutboundCall;
import dev.tracery.grpc.wire.RequestFields;
import dev.tracery.grpc.wire.TranslatorWriter;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.RegistryException.Code;
import dev.tracery.translation.TranslatorBundles;
import dev.tracery.v1.InstallTranslatorRequest;
import dev.tracery.v1.InstallTranslatorResponse;
import dev.tracery.v1.ListTranslatorsRequest;
import dev.tracery.v1.ListTranslatorsResponse;
import dev.tracery.v1.RemoveTranslatorRequest;
import dev.tracery.v1.RemoveTranslatorResponse;
import dev.tracery.v1.TranslatorServiceGrpc;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/// `tracery.v1.TranslatorService`.
final class TranslatorCalls extends TranslatorServiceGrpc.TranslatorServiceImplBase {

  private final CurrentTranslation current;
  private final Executor threads;
  private final Duration stall;
  private final TranslationOptions options;

  TranslatorCalls(
      CurrentTranslation current, Executor threads, Duration stall, TranslationOptions options) {
    this.current = current;
    this.threads = threads;
    this.stall = stall;
    this.options = options;
  }

  @Override
  public void listTranslators(
      ListTranslatorsRequest request, StreamObserver<ListTranslatorsResponse> observer) {
    UnaryCall.answerOn(
        threads,
        observer,
        () -> {
          ListTranslatorsResponse.Builder out = ListTranslatorsResponse.newBuilder();
          current
              .bundles()
              .list()
              .forEach(bundle -> out.addTranslators(TranslatorWriter.write(bundle)));
          return out.build();
        });
  }

  @Override
  public StreamObserver<InstallTranslatorRequest> installTranslator(
      StreamObserver<InstallTranslatorResponse> observer) {
    OutboundCall<InstallTranslatorResponse> call = new OutboundCall<>(observer);
    Inbound<InstallTranslatorRequest> requests = new Inbound<>(call, stall);
    call.handle(
        threads,
        () -> {
          checkAllowed("install");
          TranslatorBundles bundles = current.bundles();
          byte[] jar = read(requests, bundles.maxJarBytes());
          call.doorbell().check();
          var installed = bundles.install(jar);
          call.send(
              InstallTranslatorResponse.newBuilder()
                  .setTranslator(TranslatorWriter.write(installed.bundle()))
                  .setReplacedVersion(installed.replacedVersion().orElse(""))
                  .build());
        });
    return requests;
  }

  @Override
  public void removeTranslator(
      RemoveTranslatorRequest request, StreamObserver<RemoveTranslatorResponse> observer) {
    UnaryCall.answerOn(
        threads,
        observer,
        () -> {
          checkAllowed("remove");
          Violations violations = new Violations();
          String name = RequestFields.name("name", request.getName(), violations);
          if (name.isEmpty()) {
            violations.add("name", "give the bundle's symbolic name");
          }
          violations.check();
          return RemoveTranslatorResponse.newBuilder()
              .setTranslator(TranslatorWriter.write(current.bundles().remove(name)))
              .build();
        });
  }

  private void checkAllowed(String what) {
    boolean allowed =
        switch (options.install()) {
          case ALWAYS -> true;
          case NEVER -> false;
          case LOOPBACK -> Callers.isOnThisMachine();
        };
    if (!allowed) {
      throw new Refusal(
              ErrorReason.INSTALL_NOT_ALLOWED,
              "this server lets "
                  + (options.install() == TranslationOptions.Install.NEVER
                      ? "nobody"
                      : "only callers on its own machine")
                  + " "
                  + what
                  + " translators, because their code runs in it ("
                  + TranslationOptions.INSTALL
                  + " = "
                  + options.install().word()
                  + ")",
              List.of())
          .toException();
    }
  }

  private static byte[] read(Inbound<InstallTranslatorRequest> requests, int most) {
    ByteArrayOutputStream jar = new ByteArrayOutputStream();
    InstallTranslatorRequest request;
    while ((request = requests.next()) != null) {
      ByteString chunk = request.getChunk();
      TranslateCall.checkSize("chunk", chunk);
      if (jar.size() + chunk.size() > most) {
        throw new RegistryException(
            Code.RESOURCE_EXHAUSTED,
            "tracery.translators.max-jar-bytes",
            String.format(
                "the bundle has more than %,d bytes, which is the limit; set"
                    + " tracery.translators.max-jar-bytes to raise it",
                most));
      }
      jar.writeBytes(chunk.toByteArray());
    }
    return jar.toByteArray();
  }
}
