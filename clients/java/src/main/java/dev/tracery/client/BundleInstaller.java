package dev.tracery.client;

import com.google.protobuf.UnsafeByteOperations;
import com.google.rpc.Code;
import dev.tracery.v1.InstallTranslatorRequest;
import dev.tracery.v1.InstallTranslatorResponse;
import dev.tracery.v1.TranslatorServiceGrpc.TranslatorServiceBlockingV2Stub;
import java.io.IOException;
import java.io.InputStream;

/// Carries a bundle into a server.
final class BundleInstaller {

  private static final int CHUNK_BYTES = 256 << 10;

  private static final String OUTCOME = "the bundle may or may not have been installed";

  private final TranslatorServiceBlockingV2Stub stub;

  /// @param stub with its deadline set
  BundleInstaller(TranslatorServiceBlockingV2Stub stub) {
    this.stub = stub;
  }

  InstallTranslatorResponse install(InputStream jar) throws IOException {
    var call = stub.installTranslator();
    try {
      for (byte[] chunk = jar.readNBytes(CHUNK_BYTES);
          chunk.length > 0;
          chunk = jar.readNBytes(CHUNK_BYTES)) {
        InstallTranslatorRequest request =
            InstallTranslatorRequest.newBuilder()
                .setChunk(UnsafeByteOperations.unsafeWrap(chunk))
                .build();
        if (!Writes.send(OUTCOME, () -> call.write(request))) {
          break;
        }
      }
      call.halfClose();
      InstallTranslatorResponse answer = Writes.send(OUTCOME, call::read);
      if (answer == null) {
        throw new TraceryException(
            Code.INTERNAL, "the server ended the installation without an answer", null);
      }
      return answer;
    } finally {
      call.cancel("installation ended", null);
    }
  }
}
