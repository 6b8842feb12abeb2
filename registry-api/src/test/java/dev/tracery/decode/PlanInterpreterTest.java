package dev.tracery.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TextFormat;
import com.google.protobuf.UnknownFieldSet;
import dev.tracery.v1.DecodePlan;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// Messages are shown as protobuf shows fields of which it knows nothing but the wire type.
class PlanInterpreterTest {

  private static final String LITTLE =
      "byte_order: BYTE_ORDER_LITTLE_ENDIAN word_size: WORD_SIZE_64 ";
  private static final String BIG = "byte_order: BYTE_ORDER_BIG_ENDIAN word_size: WORD_SIZE_32 ";

  @Test
  void integers_are_written_with_their_sign_in_the_order_of_their_numbers() {
    String plan =
        """
        operations { field_number: 2 placement: PLACEMENT_FIXED conversion: CONVERSION_INTEGER offset: 0 size: 2 element_size: 2 signed: true }
        operations { field_number: 1 placement: PLACEMENT_FIXED conversion: CONVERSION_INTEGER offset: 2 size: 4 element_size: 4 }
        operations { field_number: 3 placement: PLACEMENT_FIXED conversion: CONVERSION_INTEGER offset: 6 size: 1 element_size: 1 signed: true }
        operations { field_number: 4 placement: PLACEMENT_FIXED conversion: CONVERSION_BOOL offset: 7 size: 1 element_size: 1 }
        """;
    assertEquals(
        "1: 4294967040 2: 18446744073709551615 4: 1",
        translated(LITTLE + plan, "ffff00ffffff0002"));
    assertEquals(
        "08 80 fe ff ff 0f 10 ff ff ff ff ff ff ff ff ff 01 20 01",
        hex(LITTLE + plan, "ffff00ffffff0002"));
    assertEquals(
        "1: 16777215 2: 18446744073709551615 3: 7", translated(BIG + plan, "ffff00ffffff0700"));
  }

  @Test
  void a_field_that_the_record_is_too_short_for_has_no_value() {
    String plan =
        LITTLE
            + """
            operations { field_number: 1 placement: PLACEMENT_FIXED conversion: CONVERSION_INTEGER offset: 0 size: 2 element_size: 2 }
            operations { field_number: 2 placement: PLACEMENT_FIXED conversion: CONVERSION_STRING offset: 2 size: 4 element_size: 1 }
            operations { field_number: 3 placement: PLACEMENT_REST conversion: CONVERSION_BYTES offset: 4 }
            """;
    assertEquals("1: 1 2: \"ab\" 3: \"\\000\\000c\"", translated(plan, "01006162000063"));
    assertEquals("1: 1 3: \"\\000\"", translated(plan, "0100616200"));
    assertEquals("1: 1", translated(plan, "0100"));
    assertEquals("", translated(plan, "01"));
    assertEquals("", translated(plan, ""));
  }

  @Test
  void a_location_is_followed_only_within_the_record() {
    String plan =
        LITTLE
            + """
            operations { field_number: 1 placement: PLACEMENT_DATA_LOC conversion: CONVERSION_STRING offset: 0 size: 4 element_size: 1 }
            operations { field_number: 2 placement: PLACEMENT_REL_LOC conversion: CONVERSION_BYTES offset: 4 size: 4 element_size: 1 }
            """;
    assertEquals(
        "1: \"ii\" 2: \"yo\"", translated(plan, "08000300" + "03000200" + "696900" + "796f"));
    assertEquals("1: \"ii\"", translated(plan, "08000300" + "03000300" + "696900" + "796f"));
    assertEquals("2: \"yo\"", translated(plan, "0800ffff" + "03000200" + "696900" + "796f"));
    assertEquals("", translated(plan, "00000000" + "00000000"));
  }

  @Test
  void a_location_word_of_two_bytes_has_the_offset_alone() {
    String plan =
        BIG
            + """
            operations { field_number: 1 placement: PLACEMENT_DATA_LOC conversion: CONVERSION_BYTES offset: 0 size: 2 element_size: 1 }
            """;
    assertEquals("1: \"abc\"", translated(plan, "0003ff616263"));
    assertEquals("", translated(plan, "0007ff616263"));
  }

  @Test
  void arrays_are_packed_and_what_is_no_whole_element_is_dropped() {
    String plan =
        LITTLE
            + """
            operations { field_number: 1 placement: PLACEMENT_REST conversion: CONVERSION_INTEGERS offset: 0 element_size: 2 signed: true }
            """;
    assertEquals("0a 0c 01 ff ff ff ff ff ff ff ff ff 01 00", hex(plan, "0100ffff0000ff"));
    assertEquals("", hex(plan, "01"));
  }

  @Test
  void a_bitmask_has_64_bit_words_lowest_first_whatever_the_kernels_words() {
    String plan =
        """
        operations { field_number: 1 placement: PLACEMENT_FIXED conversion: CONVERSION_BITMASK offset: 0 size: 12 element_size: 4 }
        """;
    assertEquals("0a 06 81 80 80 80 20 03", hex(BIG + plan, "000000010000000200000003"));
    assertEquals("0a 06 81 80 80 80 20 00", hex(LITTLE + plan, "010000000200000000000000"));
  }

  @Test
  void arithmetic_wraps_in_64_bits_and_follows_the_sign() {
    String signed =
        LITTLE
            + "operations { field_number: 1 placement: PLACEMENT_FIXED conversion: CONVERSION_INTEGER offset: 0 size: 4"
            + " element_size: 4 signed: true arithmetic { shift_right: 1 multiply: 3 divide: 2 add: -1 } }";
    // -7 >> 1 = -4; * 3 = -12; / 2 = -6; - 1 = -7
    assertEquals("1: 18446744073709551609", translated(signed, "f9ffffff"));
    String unsigned = signed.replace("signed: true", "").replace("add: -1", "mask: 0xff");
    assertEquals("1: 381", translated(unsigned, "fdffffff"));
  }

  @Test
  void a_plan_that_is_none_is_refused_with_the_reason() {
    String op =
        " placement: PLACEMENT_FIXED conversion: CONVERSION_INTEGER size: 4 element_size: 4";
    String first = "field_number: 1" + op;
    assertRefused("without a placement", LITTLE, "field_number: 1");
    assertRefused("without a placement", LITTLE, first.replace("PLACEMENT_FIXED", "9"));
    assertRefused("without a conversion", LITTLE, first.replace("CONVERSION_INTEGER", "9"));
    assertRefused("without a field number", LITTLE, "field_number: 0" + op);
    assertRefused("without a field number", LITTLE, "field_number: 536870912" + op);
    assertRefused("outside of every record", LITTLE, first + " offset: 1048577");
    assertRefused("outside of every record", LITTLE, first + " offset: 4294967295");
    assertRefused("not 1, 2, 4 or 8 bytes", LITTLE, first.replace("element_size: 4", ""));
    assertRefused("more than 63 bits", LITTLE, first + " arithmetic { shift_right: 64 }");
    assertRefused("more than 63 bits", LITTLE, first + " arithmetic { shift_right: 4294967295 }");
    assertRefused(
        "location word has not 4 bytes or 2",
        LITTLE,
        "field_number: 1 placement: PLACEMENT_REL_LOC conversion: CONVERSION_BYTES size: 8");
    assertRefused("no byte order", "word_size: WORD_SIZE_64 ", first);
    assertRefused("no word size", "byte_order: BYTE_ORDER_BIG_ENDIAN ", first);
    assertRefused(
        "two operations for the field 1",
        LITTLE,
        first + " } operations { field_number: 2" + op + " } operations { " + first);
  }

  private static void assertRefused(String why, String order, String operations) {
    String plan = order + "event: 'a/b' operations { " + operations + " }";
    String message =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> translated(plan, "")).getMessage());
    assertTrue(message.contains(why) && message.startsWith("the plan of a/b "), message);
  }

  private static String translated(String plan, String record) {
    try {
      return TextFormat.printer()
          .emittingSingleLine(true)
          .printToString(UnknownFieldSet.parseFrom(message(plan, record)));
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(hex(plan, record), e);
    }
  }

  private static String hex(String plan, String record) {
    return HexFormat.ofDelimiter(" ").formatHex(message(plan, record));
  }

  /// The record lies between bytes that must not be read.
  private static byte[] message(String plan, String record) {
    byte[] inner = HexFormat.of().parseHex(record);
    byte[] bytes = new byte[inner.length + 16];
    Arrays.fill(bytes, (byte) 0x77);
    System.arraycopy(inner, 0, bytes, 8, inner.length);
    try {
      PlanInterpreter interpreter = new PlanInterpreter(TextFormat.parse(plan, DecodePlan.class));
      byte[] out = new byte[interpreter.maxMessageSize(inner.length)];
      int end = interpreter.translate(bytes, 8, inner.length, out, 0);
      return Arrays.copyOf(out, end);
    } catch (TextFormat.ParseException e) {
      throw new AssertionError(plan, e);
    }
  }
}
