package dev.tracery.grpc.status;

import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.QuotaFailure;
import com.google.rpc.ResourceInfo;
import com.google.rpc.RetryInfo;
import dev.tracery.registry.RegistryException;
import dev.tracery.store.StoreException;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/// Turns whatever a handler threw into what the caller is told.
public final class RefusalReader {

  /// Tells a client to try again in a second.
  public static final RetryInfo RETRY_SOON =
      RetryInfo.newBuilder().setRetryDelay(Duration.newBuilder().setSeconds(1)).build();

  private static final Logger LOG = System.getLogger(RefusalReader.class.getName());
  private static final Pattern LAYOUT = Pattern.compile("[0-9a-f]{64}");
  private static final int MAX_SUBJECT_BYTES = 600;

  // What a subject says before a blank and the name.
  private static final List<String> NAMED_TYPES = List.of("series", "consumer", "translator");

  private RefusalReader() {}

  /// The exception that makes gRPC send what `thrown` means. A throwable that nothing else explains
  /// is a defect: it is logged with an id, and the caller is told the id and nothing more.
  public static StatusRuntimeException read(Throwable thrown) {
    return switch (thrown) {
      case StatusRuntimeException known -> known;
      case StatusException known -> known.getStatus().asRuntimeException(known.getTrailers());
      // Why: the store's failure says more than the registry's refusal, which has fewer codes.
      case RegistryException refused when refused.getCause() instanceof StoreException failed ->
          ofStore(failed).toException();
      case RegistryException refused -> ofRegistry(refused).toException();
      case StoreException failed -> ofStore(failed).toException();
      default -> defect(thrown).toException();
    };
  }

  static Refusal ofRegistry(RegistryException refused) {
    String message = String.valueOf(refused.getMessage());
    String subject = BoundedText.cut(refused.subject(), MAX_SUBJECT_BYTES);
    List<Message> details = new ArrayList<>();
    ErrorReason reason =
        switch (refused.code()) {
          case INVALID_ARGUMENT -> {
            if (!refused.diagnostics().isEmpty()) {
              yield ErrorReason.FORMATS_INVALID;
            }
            details.add(badRequest(subject, message));
            yield ErrorReason.REQUEST_INVALID;
          }
          case NOT_FOUND -> {
            details.add(resource(subject, message));
            yield ErrorReason.RESOURCE_NOT_FOUND;
          }
          case FAILED_PRECONDITION -> {
            details.add(precondition(subject, message));
            yield ErrorReason.STATE_UNSUITABLE;
          }
          case RESOURCE_EXHAUSTED -> {
            details.add(quota(subject, message));
            yield ErrorReason.LIMIT_EXCEEDED;
          }
          case OUT_OF_RANGE -> {
            details.add(badRequest(subject, message));
            yield ErrorReason.REVISION_NOT_REACHED;
          }
          case DATA_LOSS -> ErrorReason.DATA_DAMAGED;
          case UNAVAILABLE -> {
            details.add(RETRY_SOON);
            yield ErrorReason.STORE_UNAVAILABLE;
          }
          case UNCERTAIN -> ErrorReason.WRITE_UNCERTAIN;
        };
    refused.diagnostics().stream().map(DiagnosticWriter::writeShort).forEach(details::add);
    return new Refusal(reason, message, details);
  }

  static Refusal ofStore(StoreException failed) {
    String message = String.valueOf(failed.getMessage());
    return switch (failed.reason()) {
      case UNAVAILABLE, REWOUND ->
          new Refusal(ErrorReason.STORE_UNAVAILABLE, message, List.of(RETRY_SOON));
      case FULL -> new Refusal(ErrorReason.STORE_FULL, message, List.of(quota("store", message)));
      case UNUSABLE ->
          new Refusal(
              ErrorReason.STATE_UNSUITABLE, message, List.of(precondition("store", message)));
      case CORRUPT -> new Refusal(ErrorReason.DATA_DAMAGED, message, List.of());
      case UNCERTAIN -> new Refusal(ErrorReason.WRITE_UNCERTAIN, message, List.of());
    };
  }

  private static Refusal defect(Throwable thrown) {
    String id = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    LOG.log(Level.ERROR, "a call failed by a defect of the server, id " + id, thrown);
    return new Refusal(
        ErrorReason.SERVER_DEFECT,
        "a defect of the server; its log has the details under the id " + id,
        List.of(),
        Map.of("id", id));
  }

  private static BadRequest badRequest(String field, String message) {
    Violations violations = new Violations();
    // Why: the message of a registry's refusal begins with the field.
    String prefix = field + ": ";
    violations.add(
        field, message.startsWith(prefix) ? message.substring(prefix.length()) : message);
    return violations.toBadRequest();
  }

  private static ResourceInfo resource(String subject, String message) {
    String type = resourceType(subject);
    return ResourceInfo.newBuilder()
        .setResourceType(type)
        .setResourceName(
            subject.startsWith(type + " ") ? subject.substring(type.length() + 1) : subject)
        .setDescription(BoundedText.cut(message, MAX_SUBJECT_BYTES))
        .build();
  }

  private static String resourceType(String subject) {
    if (LAYOUT.matcher(subject).matches()) {
      return "layout";
    }
    for (String type : NAMED_TYPES) {
      if (subject.startsWith(type + " ")) {
        return type;
      }
    }
    return subject.indexOf('/') >= 0 ? "event" : "kernel";
  }

  private static PreconditionFailure precondition(String subject, String message) {
    return PreconditionFailure.newBuilder()
        .addViolations(
            PreconditionFailure.Violation.newBuilder()
                .setType("STATE")
                .setSubject(subject)
                .setDescription(BoundedText.cut(message, MAX_SUBJECT_BYTES)))
        .build();
  }

  private static QuotaFailure quota(String subject, String message) {
    return QuotaFailure.newBuilder()
        .addViolations(
            QuotaFailure.Violation.newBuilder()
                .setSubject(subject)
                .setDescription(BoundedText.cut(message, MAX_SUBJECT_BYTES)))
        .build();
  }
}
