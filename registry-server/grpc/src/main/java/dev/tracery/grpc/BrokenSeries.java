package dev.tracery.grpc;

import com.google.rpc.PreconditionFailure;
import dev.tracery.grpc.status.ErrorReason;
import dev.tracery.grpc.status.Refusal;
import dev.tracery.grpc.wire.ReportWriter;
import dev.tracery.registry.RegistryException;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Optional;

/// The refusal of a kernel that breaks a series which enforces.
final class BrokenSeries {

  // Why: details are at most some 4,500 bytes, of which the others take a few hundred.
  private static final int MAX_REPORT_BYTES = 3_000;
  private static final int MAX_DESCRIPTION = 200;

  private BrokenSeries() {}

  /// What the caller is told; empty where `refused` is about something else.
  static Optional<StatusRuntimeException> refusal(RegistryException refused) {
    return refused
        .report()
        .map(report -> {
          String message = String.valueOf(refused.getMessage());
          return new Refusal(
                  ErrorReason.KERNEL_BREAKS,
                  message,
                  List.of(
                      PreconditionFailure.newBuilder()
                          .addViolations(
                              PreconditionFailure.Violation.newBuilder()
                                  .setType("COMPATIBILITY")
                                  .setSubject(report.series())
                                  .setDescription(
                                      message.substring(
                                          0, Math.min(message.length(), MAX_DESCRIPTION))))
                          .build(),
                      ReportWriter.writeShort(report, MAX_REPORT_BYTES)))
              .toException();
        });
  }
}
