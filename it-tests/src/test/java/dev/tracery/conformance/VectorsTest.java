package dev.tracery.conformance;

import static org.junit.jupiter.api.Assertions.fail;

import com.google.protobuf.Message;
import dev.tracery.it.SampleKernel;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Whether `clients/conformance` is what its makers make of the samples now.
class VectorsTest {

  private static final List<SampleKernel> KERNELS = SampleKernel.all();

  @Test
  void the_layouts_are_not_stale() {
    check("layouts.json", LayoutCases.make(KERNELS));
  }

  @Test
  void the_records_are_not_stale() {
    check("records.json", RecordCases.make(KERNELS));
  }

  @Test
  void the_negotiations_are_not_stale() {
    check("negotiations.json", NegotiationCases.make(KERNELS));
  }

  private static void check(String name, Message made) {
    VectorFile file = new VectorFile(name);
    String text = VectorFile.text(made);
    if (text.equals(file.text())) {
      return;
    }
    if (Boolean.getBoolean("tracery.rewrite")) {
      file.write(text);
      return;
    }
    fail(
        "clients/conformance/"
            + name
            + " is stale. If the change is meant, write it again, look at the difference, and tell"
            + " the clients:\n./run-tests -pl it-tests -am -Dtest=VectorsTest"
            + " -Dtracery.rewrite=true -Dsurefire.failIfNoSpecifiedTests=false");
  }
}
