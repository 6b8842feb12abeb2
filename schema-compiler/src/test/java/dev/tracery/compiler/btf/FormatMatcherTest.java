package dev.tracery.compiler.btf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tracery.compiler.SampleKernels;
import dev.tracery.compiler.input.InputLimits;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.model.Target;
import dev.tracery.v1.KernelTypes;
import java.util.Collection;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FormatMatcherTest {

  private static Collection<Layout> layouts(String sample) {
    for (int i = 0; i < SampleKernels.folders().size(); i++) {
      if (SampleKernels.folders().get(i).endsWith(sample)) {
        return SampleKernels.layouts().get(i).values();
      }
    }
    throw new AssertionError(sample);
  }

  private static Optional<String> check(String btf, String formats) {
    KernelTypes types =
        KernelTypesReader.read(SampleBtfTest.file(btf), Target.LITTLE_64, InputLimits.DEFAULT)
            .types()
            .orElseThrow();
    return FormatMatcher.check("vmlinux", types, layouts(formats)).map(Diagnostic::toString);
  }

  @Test
  void a_kernels_own_btf_matches() {
    assertEquals(Optional.empty(), check(SampleBtfTest.BOOKWORM, SampleBtfTest.BOOKWORM));
    assertEquals(Optional.empty(), check(SampleBtfTest.TRIXIE, SampleBtfTest.TRIXIE));
  }

  @Test
  void the_btf_of_another_kernel_does_not() {
    assertEquals(
        Optional.of(
            "vmlinux: error BTF_OF_OTHER_KERNEL: is the BTF of another kernel: the structs of 17 of"
                + " 303 events differ from the formats, such as that of block_rq_requeue (give the"
                + " BTF of the same build)"),
        check(SampleBtfTest.TRIXIE, SampleBtfTest.BOOKWORM));
  }
}
