package dev.tracery.client.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import dev.tracery.client.negotiate.FormatText;
import dev.tracery.conformance.v1.LayoutCase;
import dev.tracery.conformance.v1.LayoutVectors;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import org.junit.jupiter.api.Test;

class LayoutsTest {

  @Test
  void every_layout_has_its_hash_and_its_id() {
    Tally tally = new Tally("layouts");
    for (LayoutCase layout :
        Vectors.read("layouts.json", LayoutVectors.newBuilder()).getCasesList()) {
      tally.run(layout.getName(), () -> check(layout));
    }
    tally.end();
  }

  private static void check(LayoutCase layout) {
    byte[] text = layout.getText().toByteArray();
    Target target =
        new Target(
            layout.getWordSize() == dev.tracery.v1.WordSize.WORD_SIZE_32
                ? WordSize.BITS_32
                : WordSize.BITS_64,
            layout.getByteOrder() == dev.tracery.v1.ByteOrder.BYTE_ORDER_BIG_ENDIAN
                ? ByteOrder.BIG_ENDIAN
                : ByteOrder.LITTLE_ENDIAN);
    assertEquals(
        layout.getHash(), ByteString.copyFrom(FormatText.layoutHash(text, target).bytes()));
    assertEquals(layout.getId(), FormatText.id(text));
  }
}
