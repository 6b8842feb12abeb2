package dev.tracery.grpc;

import dev.tracery.v1.AdminServiceGrpc;
import dev.tracery.v1.CompatibilityServiceGrpc;
import dev.tracery.v1.ConsumerServiceGrpc;
import dev.tracery.v1.RegistryServiceGrpc;
import dev.tracery.v1.TranslatorServiceGrpc;
import io.grpc.MethodDescriptor;
import java.util.Set;

/// Which methods are there to append to the log. A negotiation that brings a layout which nobody
/// has seen does so, too, and is refused only then.
final class Writes {

  /// The full names, as in `clients/conformance/README.md`.
  private static final Set<String> METHODS =
      Set.of(
          RegistryServiceGrpc.getRegisterKernelMethod().getFullMethodName(),
          ConsumerServiceGrpc.getDeclareConsumerMethod().getFullMethodName(),
          ConsumerServiceGrpc.getWithdrawConsumerMethod().getFullMethodName(),
          CompatibilityServiceGrpc.getGiveWaiverMethod().getFullMethodName(),
          CompatibilityServiceGrpc.getUpdatePolicyMethod().getFullMethodName(),
          TranslatorServiceGrpc.getInstallTranslatorMethod().getFullMethodName(),
          TranslatorServiceGrpc.getRemoveTranslatorMethod().getFullMethodName(),
          AdminServiceGrpc.getImportMethod().getFullMethodName());

  private Writes() {}

  static boolean isWrite(MethodDescriptor<?, ?> method) {
    return METHODS.contains(method.getFullMethodName());
  }
}
