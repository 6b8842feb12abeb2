package dev.tracery.bench;

import dev.tracery.compiler.KernelCompiler;
import dev.tracery.it.SampleKernel;
import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;
import dev.tracery.translate.BundleAbout;
import dev.tracery.translate.BundleWriter;
import dev.tracery.translate.IndexedTranslators;
import dev.tracery.translate.TranslatorIndex;
import dev.tracery.translator.EventTranslator;
import dev.tracery.v1.DecodePlan;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.felix.framework.Felix;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;

/// Makes a whole kernel's bundle, installs it in Felix and translates a first record, in a process
/// that has done none of this before. Prints `COMPILE MAKE INSTALL TRANSLATE` in nanoseconds, then
/// how many events there are and how large the bundle is: `COMPILE` is from the texts of all
/// formats to their plans, which a server that has the kernel need not do.
///
/// Arguments: the sample kernel, and a folder for Felix.
public final class BundleStart {

  private BundleStart() {}

  public static void main(String[] arguments) throws Exception {
    SampleKernel kernel = SampleKernel.read(arguments[0]);
    Felix felix =
        new Felix(
            Map.of(
                Constants.FRAMEWORK_STORAGE,
                Path.of(arguments[1]).toString(),
                Constants.FRAMEWORK_STORAGE_CLEAN,
                Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT,
                Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                "dev.tracery.translator;version=\"0.1.0\"",
                "felix.service.urlhandlers",
                "false"));
    felix.start();
    long start = System.nanoTime();
    KernelCompiler compiler = new KernelCompiler();
    kernel
        .formats()
        .forEach((event, text) ->
            compiler.add(event, event + "/format", text, kernel.identity().target()));
    List<DecodePlan> plans = compiler.plans();
    long compiled = System.nanoTime();
    ByteArrayOutputStream jar = new ByteArrayOutputStream();
    new BundleWriter()
        .write(new BundleAbout("k", kernel.identity().release(), "x", ""), plans, jar);
    long made = System.nanoTime();
    Bundle bundle =
        felix.getBundleContext().installBundle("k", new ByteArrayInputStream(jar.toByteArray()));
    bundle.start();
    TranslatorIndex index;
    try (InputStream in =
        Objects.requireNonNull(bundle.getEntry(TranslatorIndex.PATH)).openStream()) {
      index = TranslatorIndex.read(in);
    }
    IndexedTranslators translators = new IndexedTranslators(index, bundle::loadClass);
    long installed = System.nanoTime();
    DecodePlan plan =
        plans.stream()
            .filter(p -> p.getEvent().equals("sched/sched_switch"))
            .findFirst()
            .orElseThrow();
    EventTranslator translator =
        Objects.requireNonNull(
            translators.translator(
                EventName.parse(plan.getEvent()),
                Sha256.ofBytes(plan.getLayoutHash().toByteArray()),
                plan.getSchemaVersion()));
    byte[] record = new byte[plan.getFixedSize()];
    record[8] = 'x';
    byte[] out = new byte[translator.maxMessageSize(record.length)];
    int end = translator.translate(record, 0, record.length, out, 0);
    long translated = System.nanoTime();
    if (end != 3) {
      throw new IllegalStateException("expected a message of 3 bytes but found " + end);
    }
    System.out.printf(
        "%d %d %d %d %d %d%n",
        compiled - start,
        made - compiled,
        installed - made,
        translated - installed,
        plans.size(),
        jar.size());
    felix.stop();
    felix.waitForStop(0);
    System.exit(0);
  }
}
