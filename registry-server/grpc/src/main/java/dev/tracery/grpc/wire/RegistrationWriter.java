package dev.tracery.grpc.wire;

import dev.tracery.grpc.status.DiagnosticWriter;
import dev.tracery.registry.Registry;
import dev.tracery.v1.RegisterKernelResponse;

/// What a registration did, for the wire.
public final class RegistrationWriter {

  private static final int MAX_DIAGNOSTICS = 1000;

  private RegistrationWriter() {}

  /// The answer for `result`.
  public static RegisterKernelResponse write(Registry.RegistrationResult result) {
    RegisterKernelResponse.Builder out =
        RegisterKernelResponse.newBuilder()
            .setKernel(KernelWriter.write(result.kernel()))
            .setRevision(result.revision())
            .setCreated(result.created())
            .setNewLayouts(result.newLayouts())
            .setNewSchemaVersions(result.newSchemaVersions())
            .setDiagnosticCount(result.warningCount())
            .setTypesAdded(result.typesAdded());
    result.report().ifPresent(report -> out.setReport(ReportWriter.write(report)));
    result.warnings().stream()
        .limit(MAX_DIAGNOSTICS)
        .map(DiagnosticWriter::write)
        .forEach(out::addDiagnostics);
    return out.build();
  }
}
