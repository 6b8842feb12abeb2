package dev.tracery.grpc.status;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import dev.tracery.v1.Diagnostic;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.Map;

/// A failed call as the caller is told of it.
///
/// Details travel in a header, and clients accept 8 KiB of headers by default, so what does not fit
/// is left out and the message says how much that is.
///
/// @param details `google.rpc` details and `tracery.v1.Diagnostic`s, the most important first; the
///   `ErrorInfo` is added
/// @param metadata of the `ErrorInfo`
public record Refusal(
    ErrorReason reason, String message, List<Message> details, Map<String, String> metadata) {

  /// The most that the packed `google.rpc.Status` takes, in bytes. A third more as base64.
  static final int MAX_STATUS_BYTES = 4500;

  /// The most that the message takes as a header, in bytes.
  static final int MAX_MESSAGE_BYTES = 1024;

  private static final int ROOM_FOR_COUNT = 48;

  public Refusal {
    details = List.copyOf(details);
    metadata = Map.copyOf(metadata);
  }

  /// A refusal without metadata.
  public Refusal(ErrorReason reason, String message, List<Message> details) {
    this(reason, message, details, Map.of());
  }

  /// The exception that makes gRPC send this.
  public StatusRuntimeException toException() {
    return StatusProto.toStatusRuntimeException(toStatus());
  }

  /// What is sent.
  Status toStatus() {
    Status.Builder status =
        Status.newBuilder()
            .setCode(reason.code().value())
            .setMessage(BoundedText.cut(message, MAX_MESSAGE_BYTES - ROOM_FOR_COUNT))
            .addDetails(
                Any.pack(
                    ErrorInfo.newBuilder()
                        .setReason(reason.name())
                        .setDomain(ErrorReason.DOMAIN)
                        .putAllMetadata(metadata)
                        .build()));
    int room = MAX_STATUS_BYTES - ROOM_FOR_COUNT - status.build().getSerializedSize();
    int leftOut = 0;
    for (Message detail : details) {
      Any packed = Any.pack(detail);
      int size = packed.getSerializedSize() + 4;
      if (size <= room && (leftOut == 0 || !(detail instanceof Diagnostic))) {
        status.addDetails(packed);
        room -= size;
      } else {
        leftOut++;
      }
    }
    if (leftOut > 0) {
      status.setMessage(
          status.getMessage()
              + " (and "
              + leftOut
              + (leftOut == 1 ? " detail" : " details")
              + " more)");
    }
    return status.build();
  }
}
