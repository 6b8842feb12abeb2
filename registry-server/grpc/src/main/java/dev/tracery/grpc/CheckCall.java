package dev.tracery.grpc;

import dev.tracery.grpc.status.DiagnosticWriter;
import dev.tracery.grpc.status.Violations;
import dev.tracery.grpc.stream.Inbound;
import dev.tracery.grpc.stream.OutboundCall;
import dev.tracery.grpc.wire.IdentityReader;
import dev.tracery.grpc.wire.ReportWriter;
import dev.tracery.grpc.wire.SeriesReader;
import dev.tracery.model.KernelIdentity;
import dev.tracery.registry.Compatibility.Check;
import dev.tracery.registry.Compatibility.CheckResult;
import dev.tracery.v1.CheckKernelHeader;
import dev.tracery.v1.CheckKernelRequest;
import dev.tracery.v1.CheckKernelResponse;
import org.jspecify.annotations.Nullable;

/// One check, from its header to its answer.
record CheckCall(
    CurrentRegistry current,
    Inbound<CheckKernelRequest> requests,
    OutboundCall<CheckKernelResponse> call) {

  private static final int MAX_DIAGNOSTICS = 1000;

  void run() {
    CheckKernelHeader header = header(requests.next());
    Violations violations = new Violations();
    if (header.getSeries().isEmpty()) {
      violations.add("header.series", "name the series whose latest kernel it is judged against");
    }
    SeriesReader.read("header.series", header.getSeries(), violations);
    violations.check();
    KernelIdentity identity = IdentityReader.read("header.identity", header.getIdentity());
    try (Check check = current.get().compatibility().check(identity, header.getSeries())) {
      KernelParts parts = KernelParts.of(check);
      EventsReader events = new EventsReader(parts, call.doorbell());
      int message = 1;
      CheckKernelRequest request;
      while ((request = requests.next()) != null) {
        message++;
        switch (request.getPartCase()) {
          case EVENTS -> events.addAll(request.getEvents());
          case TYPES -> parts.addTypes(request.getTypes());
          case HEADER -> throw unexpected(message, "a second header");
          case PART_NOT_SET -> throw unexpected(message, "nothing");
        }
      }
      call.doorbell().check();
      call.send(write(check.finish()));
    }
  }

  private static CheckKernelHeader header(@Nullable CheckKernelRequest first) {
    if (first != null && first.hasHeader()) {
      return first.getHeader();
    }
    Violations violations = new Violations();
    violations.add(
        "header",
        first == null
            ? "the stream ended without one; send the header first, then events"
            : "the first message must carry it");
    throw violations.refusal();
  }

  private static RuntimeException unexpected(int message, String what) {
    Violations violations = new Violations();
    violations.add(
        "events",
        "every message after the first must carry events or types, but message "
            + message
            + " carries "
            + what);
    return violations.refusal();
  }

  private static CheckKernelResponse write(CheckResult result) {
    CheckKernelResponse.Builder out =
        CheckKernelResponse.newBuilder()
            .setReport(ReportWriter.write(result.report()))
            .setDiagnosticCount(result.warningCount());
    result.warnings().stream()
        .limit(MAX_DIAGNOSTICS)
        .map(DiagnosticWriter::write)
        .forEach(out::addDiagnostics);
    return out.build();
  }
}
