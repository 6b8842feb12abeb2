package dev.tracery.client;

import com.google.protobuf.UnsafeByteOperations;
import com.google.rpc.Code;
import dev.tracery.v1.AdminServiceGrpc.AdminServiceBlockingV2Stub;
import dev.tracery.v1.ExportRequest;
import dev.tracery.v1.ExportResponse;
import dev.tracery.v1.ImportRequest;
import dev.tracery.v1.ImportResponse;
import io.grpc.StatusException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// Carries the log out of and into a registry.
final class LogTransfer {

  private static final int CHUNK_BYTES = 256 << 10;

  private static final String OUTCOME = "the log may or may not have been imported";

  private final AdminServiceBlockingV2Stub stub;

  /// @param stub with its deadline set
  LogTransfer(AdminServiceBlockingV2Stub stub) {
    this.stub = stub;
  }

  long exportTo(OutputStream out, long atRevision) throws IOException {
    var call = stub.export(ExportRequest.newBuilder().setAtRevision(atRevision).build());
    long written = 0;
    try {
      for (ExportResponse part = Calls.answer(call::read);
          part != null;
          part = Calls.answer(call::read)) {
        part.getChunk().writeTo(out);
        written += part.getChunk().size();
      }
      return written;
    } finally {
      call.cancel("export ended", null);
    }
  }

  ImportResponse importFrom(InputStream in) throws IOException {
    var call = stub.import_();
    try {
      for (byte[] chunk = in.readNBytes(CHUNK_BYTES);
          chunk.length > 0;
          chunk = in.readNBytes(CHUNK_BYTES)) {
        ImportRequest request =
            ImportRequest.newBuilder().setChunk(UnsafeByteOperations.unsafeWrap(chunk)).build();
        if (!Writes.send(OUTCOME, () -> call.write(request))) {
          break;
        }
      }
      call.halfClose();
      return Writes.send(OUTCOME, () -> answer(call.read()));
    } finally {
      call.cancel("import ended", null);
    }
  }

  private static ImportResponse answer(@Nullable ImportResponse response) throws StatusException {
    if (response == null) {
      throw new TraceryException(
          Code.INTERNAL, "the server ended the import without an answer", null);
    }
    return response;
  }
}
