package dev.tracery.cli;

import dev.tracery.compiler.KernelCompiler;
import dev.tracery.compiler.input.EventFormatFile;
import dev.tracery.compiler.input.KernelInput;
import dev.tracery.compiler.layout.CanonicalForm;
import dev.tracery.model.KernelIdentity;
import dev.tracery.translate.BundleAbout;
import dev.tracery.translate.BundleWriter;
import dev.tracery.v1.DecodePlan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The translator bundle of one kernel that was compiled.
///
/// @param fileName `NAME.jar`
record KernelBundle(String fileName, byte[] jar) {

  /// @param kernel whose events `compiler` has compiled
  static KernelBundle of(KernelInput kernel, KernelIdentity identity, KernelCompiler compiler)
      throws IOException {
    List<DecodePlan> plans = new ArrayList<>();
    for (EventFormatFile event : kernel.events()) {
      compiler
          .plan(event.event(), CanonicalForm.hash(event.text(), identity.target()))
          .ifPresent(plans::add);
    }
    BundleAbout about =
        new BundleAbout(
            symbol(identity.release() + "-" + identity.machine()),
            identity.release(),
            identity.machine(),
            "");
    ByteArrayOutputStream jar = new ByteArrayOutputStream();
    new BundleWriter().write(about, plans, jar);
    return new KernelBundle(about.symbolicName() + ".jar", jar.toByteArray());
  }

  /// Only a registry gives kernels ids: what a person calls it, as part of a symbolic name.
  private static String symbol(String text) {
    return text.replaceAll("[^A-Za-z0-9_.-]", "_").replaceAll("^\\.+|\\.+$|(?<=\\.)\\.+", "");
  }
}
