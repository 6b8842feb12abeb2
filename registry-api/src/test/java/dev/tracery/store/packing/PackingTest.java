package dev.tracery.store.packing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.model.Sha256;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.Test;

final class PackingTest {

  private static final byte[] FORMAT =
      """
      name: sys_enter_dup3
      format:
      \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
      \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
      \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
      \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

      \tfield:int __syscall_nr;\toffset:8;\tsize:4;\tsigned:1;
      \tfield:unsigned int oldfd;\toffset:16;\tsize:8;\tsigned:0;

      print fmt: "oldfd: 0x%08lx", ((unsigned long)(REC->oldfd))
      """
          .getBytes(StandardCharsets.UTF_8);

  @Test
  void a_format_is_packed_to_a_quarter() {
    try (Packing.Packer packer = new Packing.Packer()) {
      Packing.Packed packed = packer.pack(FORMAT);

      assertEquals(Packing.DEFLATE_FORMATS_1, packed.packing());
      assertTrue(
          packed.bytes().length < FORMAT.length / 4,
          () -> packed.bytes().length + " of " + FORMAT.length);
    }
  }

  @Test
  void random_content_comes_back() throws DataFormatException {
    Random random = new Random(1);
    try (Packing.Packer packer = new Packing.Packer()) {
      for (int i = 0; i < 300; i++) {
        byte[] content = new byte[random.nextInt(1 << random.nextInt(1, 18))];
        for (int at = 0; at < content.length; at++) {
          content[at] = (byte) random.nextInt(1 + i);
        }
        Packing.Packed packed = packer.pack(content);

        Packing packing = Packing.of(packed.packing().number());
        assertArrayEquals(content, packing.unpack(packed.bytes(), packed.size()));
      }
    }
  }

  @Test
  void damaged_content_is_refused_or_has_its_size() {
    Random random = new Random(2);
    try (Packing.Packer packer = new Packing.Packer()) {
      Packing.Packed packed = packer.pack(FORMAT);
      for (int i = 0; i < 2_000; i++) {
        byte[] bytes = packed.bytes().clone();
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        try {
          assertEquals(FORMAT.length, packed.packing().unpack(bytes, FORMAT.length).length);
        } catch (DataFormatException _) {
          // As it should be; what is not refused here fails its checksum.
        }
      }
    }
  }

  @Test
  void a_wrong_size_is_refused() {
    try (Packing.Packer packer = new Packing.Packer()) {
      byte[] bytes = packer.pack(FORMAT).bytes();
      for (int size : new int[] {-1, 0, FORMAT.length - 1, FORMAT.length + 1, Integer.MAX_VALUE}) {
        assertThrows(
            DataFormatException.class, () -> Packing.DEFLATE_FORMATS_1.unpack(bytes, size));
        assertThrows(DataFormatException.class, () -> Packing.PLAIN.unpack(bytes, size));
      }
    }
  }

  @Test
  void content_that_was_cut_is_refused() {
    try (Packing.Packer packer = new Packing.Packer()) {
      byte[] bytes = packer.pack(FORMAT).bytes();
      for (int length = 0; length < bytes.length; length++) {
        byte[] cut = Arrays.copyOf(bytes, length);
        assertThrows(
            DataFormatException.class, () -> Packing.DEFLATE_FORMATS_1.unpack(cut, FORMAT.length));
      }
    }
  }

  @Test
  void an_unknown_packing_is_refused() {
    assertThrows(DataFormatException.class, () -> Packing.of(99));
  }

  /// Whoever changes the dictionary makes every file unreadable that was packed with it.
  @Test
  void the_dictionary_is_what_it_ever_was() throws Exception {
    try (InputStream in = Packing.class.getResourceAsStream("formats-1.dictionary")) {
      assertEquals(
          "37b877dd051bc981df086531bdb9e1966acbddc445fc23e56d27690eaf66da06",
          Sha256.of(in.readAllBytes()).hex());
    }
  }
}
