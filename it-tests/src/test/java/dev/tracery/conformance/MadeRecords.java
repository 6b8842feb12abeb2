package dev.tracery.conformance;

import dev.tracery.conformance.v1.PlanCase;
import dev.tracery.v1.Arithmetic;
import dev.tracery.v1.ByteOrder;
import dev.tracery.v1.Conversion;
import dev.tracery.v1.DecodeOperation;
import dev.tracery.v1.Placement;
import dev.tracery.v1.Symbol;
import dev.tracery.v1.SymbolMatch;
import dev.tracery.v1.SymbolTable;
import dev.tracery.v1.WordSize;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/// Plans that no kernel has, so that every combination of what an operation can say is tried, and
/// records at the edges of what they can be.
final class MadeRecords {

  private static final List<ByteOrder> ORDERS =
      List.of(ByteOrder.BYTE_ORDER_LITTLE_ENDIAN, ByteOrder.BYTE_ORDER_BIG_ENDIAN);
  private static final List<WordSize> WORDS = List.of(WordSize.WORD_SIZE_64, WordSize.WORD_SIZE_32);
  private static final int[] SIZES = {1, 2, 4, 8};

  /// Where a value can lie, and how long the location word is; 0 for none.
  private record Place(Placement placement, int word) {
    String words() {
      String name = placement.name().substring("PLACEMENT_".length()).toLowerCase(Locale.ROOT);
      return word == 0 ? name : name + " of " + word + " bytes";
    }
  }

  private static final List<Place> PLACES =
      List.of(
          new Place(Placement.PLACEMENT_FIXED, 0),
          new Place(Placement.PLACEMENT_REST, 0),
          new Place(Placement.PLACEMENT_DATA_LOC, 4),
          new Place(Placement.PLACEMENT_DATA_LOC, 2),
          new Place(Placement.PLACEMENT_REL_LOC, 4),
          new Place(Placement.PLACEMENT_REL_LOC, 2));

  private final List<PlanCase> cases = new ArrayList<>();

  static List<PlanCase> make() {
    MadeRecords made = new MadeRecords();
    for (ByteOrder order : ORDERS) {
      for (Place place : PLACES) {
        made.everyConversion(place, order, made.cases.size() % 2);
      }
      made.everyArithmetic(order);
      made.locations(order);
      for (WordSize word : WORDS) {
        made.symbols(word, order);
      }
    }
    made.texts();
    made.numbersAndNames();
    made.sizes();
    made.limits();
    made.everyLength();
    return List.copyOf(made.cases);
  }

  private static String words(WordSize word, ByteOrder order) {
    return (word == WordSize.WORD_SIZE_32 ? "32" : "64")
        + (order == ByteOrder.BYTE_ORDER_BIG_ENDIAN ? " big" : " little");
  }

  private static DecodeOperation operation(
      int number, Place place, Conversion conversion, int offset, int size, int element) {
    return DecodeOperation.newBuilder()
        .setFieldNumber(number)
        .setPlacement(place.placement)
        .setConversion(conversion)
        .setOffset(offset)
        .setSize(size)
        .setElementSize(element)
        .build();
  }

  private static DecodeOperation fixed(int number, Conversion conversion, int offset, int size) {
    boolean integer =
        conversion == Conversion.CONVERSION_INTEGER || conversion == Conversion.CONVERSION_BOOL;
    return operation(number, PLACES.getFirst(), conversion, offset, size, integer ? size : 1);
  }

  private static DecodeOperation signed(DecodeOperation operation) {
    return operation.toBuilder().setSigned(true).build();
  }

  // ---------------------------------------------------------------- every combination

  /// Each conversion, element size and sign at one place: all operations read the same bytes.
  private void everyConversion(Place place, ByteOrder order, int turn) {
    WordSize word = WORDS.get(turn);
    MadeMessage message = new MadeMessage(word, order);
    int offset = 8;
    int size =
        switch (place.placement) {
          case PLACEMENT_FIXED -> 19;
          case PLACEMENT_REST -> 0;
          default -> place.word;
        };
    int number = 1;
    for (Conversion conversion : Conversion.values()) {
      if (conversion == Conversion.CONVERSION_UNSPECIFIED
          || conversion == Conversion.UNRECOGNIZED) {
        continue;
      }
      boolean hasSizes =
          conversion != Conversion.CONVERSION_STRING && conversion != Conversion.CONVERSION_BYTES;
      for (int element : hasSizes ? SIZES : new int[] {1}) {
        DecodeOperation operation = operation(number++, place, conversion, offset, size, element);
        String name =
            conversion.name().substring("CONVERSION_".length()).toLowerCase(Locale.ROOT) + element;
        message.add(name, operation);
        message.add(
            "signed_" + name, signed(operation.toBuilder().setFieldNumber(number++).build()));
      }
    }
    CheckedPlan plan = message.checked("made: " + place.words() + ", " + words(word, order));
    String[] values = {
      "0102030405060708090a0b0c0d0e0f1011e3",
      "ffffffffffffffffffffffffffffffffffffff",
      "80000000000000000000000000000000000000",
      "00000000000000800000000000000000000000",
      "7fffffffffffffff7f",
      "41424300ff0000",
      "00000000000000",
      "01",
      ""
    };
    for (String hex : values) {
      byte[] value = HexFormat.of().parseHex(hex);
      plan.add(value.length + " bytes " + hex, record(place, order, offset, value));
    }
    cases.add(plan.build());
  }

  /// A record whose value lies where the place says, with something before, between and behind.
  private static byte[] record(Place place, ByteOrder order, int offset, byte[] value) {
    ByteBuffer out = ByteBuffer.allocate(64).order(java(order));
    out.putShort((short) 17).put((byte) 1).put((byte) 2).putInt(4711);
    int gap = 3;
    switch (place.placement) {
      case PLACEMENT_FIXED, PLACEMENT_REST -> {}
      default -> {
        boolean isRelative = place.placement == Placement.PLACEMENT_REL_LOC;
        int from = gap + (isRelative ? 0 : offset + place.word);
        if (place.word == 4) {
          out.putInt(value.length << 16 | from);
        } else {
          out.putShort((short) from);
        }
        out.put(new byte[] {(byte) 0xee, (byte) 0xee, (byte) 0xee});
      }
    }
    out.put(value);
    if (place.word == 4) {
      out.put((byte) 0xcc);
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  private static java.nio.ByteOrder java(ByteOrder order) {
    return order == ByteOrder.BYTE_ORDER_BIG_ENDIAN
        ? java.nio.ByteOrder.BIG_ENDIAN
        : java.nio.ByteOrder.LITTLE_ENDIAN;
  }

  // ---------------------------------------------------------------- arithmetic

  private static Arithmetic arithmetic(int shift, long mask, long multiply, long divide, long add) {
    return Arithmetic.newBuilder()
        .setShiftRight(shift)
        .setMask(mask)
        .setMultiply(multiply)
        .setDivide(divide)
        .setAdd(add)
        .build();
  }

  private void everyArithmetic(ByteOrder order) {
    List<Arithmetic> all =
        List.of(
            Arithmetic.getDefaultInstance(),
            arithmetic(4, 0, 0, 0, 0),
            arithmetic(63, 0, 0, 0, 0),
            arithmetic(0, 0xff00, 0, 0, 0),
            arithmetic(0, 0x8000000000000000L, 0, 0, 0),
            arithmetic(0, 0, 512, 0, 0),
            arithmetic(0, 0, -1, 0, 0),
            arithmetic(0, 0, 0, 7, 0),
            arithmetic(0, 0, 0, -1, 0),
            arithmetic(0, 0, 0, -7, 0),
            arithmetic(0, 0, 0, Long.MIN_VALUE, 0),
            arithmetic(0, 0, 0, 0, 1),
            arithmetic(0, 0, 0, 0, -1),
            arithmetic(0, 0, 0, 0, Long.MIN_VALUE),
            arithmetic(3, 0x1fffffffffffffffL, 3, 2, -5),
            arithmetic(1, -1, Long.MAX_VALUE, 1000, Long.MAX_VALUE));
    for (Place place : List.of(PLACES.get(0), PLACES.get(2))) {
      for (int element : SIZES) {
        MadeMessage message = new MadeMessage(WordSize.WORD_SIZE_64, order);
        int number = 1;
        int size = place.word == 0 ? element : place.word;
        for (Arithmetic arithmetic : all) {
          DecodeOperation operation =
              operation(number++, place, Conversion.CONVERSION_INTEGER, 8, size, element)
                  .toBuilder()
                  .setArithmetic(arithmetic)
                  .build();
          message.add("a" + number, operation);
          message.add("s" + number, signed(operation.toBuilder().setFieldNumber(number++).build()));
        }
        CheckedPlan plan =
            message.checked(
                "made: arithmetic on "
                    + element
                    + " bytes, "
                    + place.words()
                    + ", "
                    + words(WordSize.WORD_SIZE_64, order));
        long[] values = {0, 1, -1, Long.MIN_VALUE >> (64 - 8 * element), 100, 0x1234567890abcdefL};
        for (long value : place.word == 0 ? values : new long[] {-2, 1000}) {
          ByteBuffer bytes = ByteBuffer.allocate(8).order(java(order)).putLong(0, value);
          int from = order == ByteOrder.BYTE_ORDER_BIG_ENDIAN ? 8 - element : 0;
          byte[] cut = Arrays.copyOfRange(bytes.array(), from, from + element);
          plan.add("of " + value, record(place, order, 8, cut));
        }
        cases.add(plan.build());
      }
    }
  }

  // ---------------------------------------------------------------- locations

  private void locations(ByteOrder order) {
    for (int word : new int[] {4, 2}) {
      MadeMessage message = new MadeMessage(WordSize.WORD_SIZE_64, order);
      int number = 1;
      for (Placement placement :
          List.of(Placement.PLACEMENT_DATA_LOC, Placement.PLACEMENT_REL_LOC)) {
        Place place = new Place(placement, word);
        String name = placement == Placement.PLACEMENT_DATA_LOC ? "data_" : "rel_";
        for (Conversion conversion :
            List.of(
                Conversion.CONVERSION_STRING,
                Conversion.CONVERSION_BYTES,
                Conversion.CONVERSION_INTEGER,
                Conversion.CONVERSION_INTEGERS,
                Conversion.CONVERSION_BITMASK)) {
          message.add(name + number, operation(number++, place, conversion, 4, word, 2));
        }
      }
      CheckedPlan plan =
          message.checked(
              "made: locations of " + word + " bytes, " + words(WordSize.WORD_SIZE_64, order));
      int[][] places = {
        {0, 0},
        {0, 16},
        {0, 17},
        {4, 4},
        {8, 8},
        {8, 9},
        {15, 1},
        {15, 2},
        {16, 0},
        {16, 1},
        {17, 0},
        {3, 5},
        {0xffff, 0},
        {0xffff, 0xffff},
        {0, 0xffff},
        {0xffff, 1},
        {8, 0},
        {7, 0xfff8},
        {8, 3},
        {12, 4},
        {4, 0},
        {6, 6}
      };
      for (int[] place : places) {
        ByteBuffer out = ByteBuffer.allocate(16).order(java(order));
        out.putInt(0x41424344);
        if (word == 4) {
          out.putInt(place[1] << 16 | place[0]);
        } else if (place[1] < 4) {
          out.putShort((short) place[0]).putShort((short) 0x6162);
        } else {
          continue;
        }
        out.put("efgh\u0000jkl".getBytes(StandardCharsets.US_ASCII));
        plan.add("offset " + place[0] + ", length " + place[1], out.array());
      }
      byte[] whole = ByteBuffer.allocate(8).order(java(order)).putInt(4, 8).array();
      for (int length = 0; length <= 8; length++) {
        plan.add("cut to " + length, Arrays.copyOf(whole, length));
      }
      cases.add(plan.build());
    }
  }

  // ---------------------------------------------------------------- symbols

  private static SymbolTable table(SymbolMatch match, int shift, long mask, Object... symbols) {
    SymbolTable.Builder table =
        SymbolTable.newBuilder().setMatch(match).setShift(shift).setMask(mask);
    if (match == SymbolMatch.SYMBOL_MATCH_FLAGS) {
      table.setDelimiter("|");
    }
    for (int i = 0; i < symbols.length; i += 2) {
      table.addSymbols(
          Symbol.newBuilder()
              .setValue(((Number) symbols[i]).longValue())
              .setName((String) symbols[i + 1]));
    }
    return table.build();
  }

  private void symbols(WordSize word, ByteOrder order) {
    SymbolMatch value = SymbolMatch.SYMBOL_MATCH_VALUE;
    SymbolMatch flags = SymbolMatch.SYMBOL_MATCH_FLAGS;
    SymbolTable[] tables = {
      table(
          value, 0, -1, 0, "ZERO", 1, "ONE", 1, "ANOTHER_ONE", -1, "MINUS_ONE", 0xffffffffL, "U32"),
      table(value, 4, 0xf, 0, "LOW", 15, "HIGH"),
      table(value, 31, -1, 0, "PLUS", 1, "SIGN", -1, "MINUS"),
      table(value, 0, 0, 0, "NEVER"),
      table(value, 0, 0xffffffff00000000L, 0, "NO_UPPER", 0x100000000L, "UPPER"),
      table(flags, 0, -1, 1, "A", 2, "B", 4, "C", 0x80000000L, "TOP", Long.MIN_VALUE, "MIN"),
      table(flags, 0, -1, 6, "BC", 2, "B", 4, "C", 1, "A"),
      table(flags, 0, -1, 0, "NONE", 1, "A"),
      table(flags, 1, 3, 1, "X", 2, "Y", 4, "NEVER"),
      table(flags, 0, 0, 1, "NEVER"),
      table(flags, 0, -1, -1, "ALL", 1, "A"),
      table(flags, 0, -1)
    };
    MadeMessage message = new MadeMessage(word, order);
    int number = 1;
    int offset = 8;
    for (int size : SIZES) {
      DecodeOperation plain = fixed(number++, Conversion.CONVERSION_INTEGER, offset, size);
      message.add("u" + size, plain, tables);
      message.add("s" + size, signed(plain.toBuilder().setFieldNumber(number++).build()), tables);
      offset += size;
    }
    // What is computed is named, not what was read.
    message.add(
        "computed",
        fixed(number, Conversion.CONVERSION_INTEGER, 11, 4).toBuilder()
            .setArithmetic(arithmetic(1, 0, 0, 0, 1))
            .build(),
        tables);
    CheckedPlan plan = message.checked("made: symbols, " + words(word, order));
    long[] values = {0, 1, 2, 6, 7, -1, 0xf0, 0x80000001L, Long.MIN_VALUE, 0x100000002L, 0x35};
    for (long of : values) {
      ByteBuffer out = ByteBuffer.allocate(23).order(java(order));
      out.position(8).put((byte) of).putShort((short) of).putInt((int) of).putLong(of);
      plan.add("of " + of, out.array());
    }
    cases.add(plan.build());
  }

  // ---------------------------------------------------------------- texts

  private void texts() {
    MadeMessage message =
        new MadeMessage(WordSize.WORD_SIZE_64, ByteOrder.BYTE_ORDER_LITTLE_ENDIAN)
            .add("fixed", fixed(1, Conversion.CONVERSION_STRING, 0, 8))
            .add("rest", operation(2, PLACES.get(1), Conversion.CONVERSION_STRING, 8, 0, 1));
    CheckedPlan plan = message.checked("made: texts");
    String[] texts = {
      "",
      "61",
      "6162636465666768",
      "00",
      "6100620000",
      "c3a4",
      "e282ac",
      "f09f9880",
      "ff",
      "fffe",
      "80",
      "bf80",
      "c0",
      "c080",
      "c1bf",
      "c2",
      "c241",
      "e0",
      "e080",
      "e0a0",
      "e0a041",
      "e08080",
      "e09fbf",
      "ed",
      "eda0",
      "eda080",
      "edbfbf",
      "ed9fbf",
      "ee8080",
      "efbfbe",
      "efbfbf",
      "efbbbf41",
      "f0",
      "f090",
      "f09080",
      "f0908041",
      "f08080",
      "f0808080",
      "f48fbfbf",
      "f4908080",
      "f5",
      "f5808080",
      "f888808080",
      "fc8480808080",
      "41c3",
      "41e282",
      "41f09f98",
      "41f09f9842",
      "e282c3a4",
      "c3c3a4",
      "f09ff09f9880",
      "e28200ac",
      "00c3a4",
      "efbfbd",
      "4180808042",
      "edadb0edb080",
      "0a0d09",
      "7f01",
      "e2",
      "f0808041"
    };
    for (String hex : texts) {
      byte[] text = HexFormat.of().parseHex(hex);
      ByteBuffer out = ByteBuffer.allocate(8 + text.length);
      out.put(Arrays.copyOf(text, 8)).put(text);
      plan.add(hex, out.array());
    }
    cases.add(plan.build());
  }

  // ---------------------------------------------------------------- numbers, names, sizes, ends

  private void numbersAndNames() {
    MadeMessage message =
        new MadeMessage(WordSize.WORD_SIZE_64, ByteOrder.BYTE_ORDER_LITTLE_ENDIAN)
            .add("same", fixed((1 << 29) - 1, Conversion.CONVERSION_INTEGER, 0, 2))
            .add("same", fixed(2, Conversion.CONVERSION_INTEGER, 2, 2))
            .add("other", fixed(16, Conversion.CONVERSION_BYTES, 4, 2))
            .add("same", fixed(15, Conversion.CONVERSION_INTEGER, 6, 2))
            .add("common_pid", fixed(2047, Conversion.CONVERSION_INTEGER, 8, 1))
            .add("with a blank", fixed(2048, Conversion.CONVERSION_BOOL, 9, 1))
            .add("\u00e4", fixed(1 << 21, Conversion.CONVERSION_STRING, 10, 2))
            .add("class", fixed(1 << 28, Conversion.CONVERSION_INTEGER, 12, 4));
    cases.add(
        message
            .checked("made: field numbers of all lengths, and several fields of one name")
            .add("all", HexFormat.of().parseHex("01000200aabb03000401313233000080"))
            .add("nothing but zeros", new byte[16])
            .add("the last field cut", HexFormat.of().parseHex("01000200aabb030004013132330000"))
            .build());
  }

  private void sizes() {
    Place fixed = PLACES.getFirst();
    MadeMessage message =
        new MadeMessage(WordSize.WORD_SIZE_32, ByteOrder.BYTE_ORDER_BIG_ENDIAN)
            .add("narrow", operation(1, fixed, Conversion.CONVERSION_INTEGER, 0, 2, 4))
            .add("wide", operation(2, fixed, Conversion.CONVERSION_INTEGER, 0, 8, 2))
            .add("narrow_bool", operation(3, fixed, Conversion.CONVERSION_BOOL, 0, 0, 1))
            .add("wide_bool", operation(4, fixed, Conversion.CONVERSION_BOOL, 0, 8, 2))
            .add("no_text", operation(5, fixed, Conversion.CONVERSION_STRING, 4, 0, 1))
            .add("no_bytes", operation(6, fixed, Conversion.CONVERSION_BYTES, 8, 0, 1))
            .add("no_integers", operation(7, fixed, Conversion.CONVERSION_INTEGERS, 8, 0, 8))
            .add("short_integers", operation(8, fixed, Conversion.CONVERSION_INTEGERS, 0, 7, 8))
            .add("rest_of_integers", operation(9, fixed, Conversion.CONVERSION_INTEGERS, 0, 7, 2))
            .add("short_mask", operation(10, fixed, Conversion.CONVERSION_BITMASK, 0, 3, 4))
            .add("rest_of_mask", operation(11, fixed, Conversion.CONVERSION_BITMASK, 0, 7, 2))
            .add("long_mask", operation(12, fixed, Conversion.CONVERSION_BITMASK, 0, 20, 4))
            .add("bytes_of_other_size", operation(13, fixed, Conversion.CONVERSION_BYTES, 0, 5, 3));
    cases.add(
        message
            .checked("made: sizes that are no element's")
            .add("8 bytes", HexFormat.of().parseHex("0102030405060708"))
            .add("7 bytes", HexFormat.of().parseHex("01020304050607"))
            .add("3 bytes", HexFormat.of().parseHex("000001"))
            .add("20 bytes", HexFormat.of().parseHex("0000000000000000800000000000000000000001"))
            .add("zeros", new byte[20])
            .add("none", new byte[0])
            .build());
  }

  /// What is just not refused.
  private void limits() {
    int most = 1 << 20;
    Place rest = PLACES.get(1);
    MadeMessage message =
        new MadeMessage(WordSize.WORD_SIZE_64, ByteOrder.BYTE_ORDER_LITTLE_ENDIAN)
            .add("far", fixed(1, Conversion.CONVERSION_BYTES, most, 1))
            .add("long", fixed(2, Conversion.CONVERSION_BYTES, 0, most))
            .add("both", fixed(3, Conversion.CONVERSION_STRING, most, most))
            .add("rest", operation(4, rest, Conversion.CONVERSION_BYTES, most, 0, 1))
            .add("word", operation(5, PLACES.get(4), Conversion.CONVERSION_BYTES, most, 4, 1))
            .add("here", fixed(6, Conversion.CONVERSION_INTEGER, 0, 1))
            .add("all", operation(7, rest, Conversion.CONVERSION_BYTES, 0, 0, 1));
    cases.add(
        message
            .checked("made: the largest offsets and sizes")
            .add("one byte", new byte[] {7})
            .add("none", new byte[0])
            .build());
    cases.add(
        new MadeMessage(WordSize.WORD_SIZE_64, ByteOrder.BYTE_ORDER_LITTLE_ENDIAN)
            .checked("made: no operation")
            .add("some bytes", new byte[] {1, 2, 3})
            .add("none", new byte[0])
            .build());
  }

  /// A record of every placement, cut at every length.
  private void everyLength() {
    for (ByteOrder order : ORDERS) {
      MadeMessage message =
          new MadeMessage(WordSize.WORD_SIZE_32, order)
              .add("id", fixed(1, Conversion.CONVERSION_INTEGER, 0, 2))
              .add("flag", fixed(2, Conversion.CONVERSION_BOOL, 2, 1))
              .add("pid", signed(fixed(3, Conversion.CONVERSION_INTEGER, 4, 4)))
              .add("time", fixed(4, Conversion.CONVERSION_INTEGER, 8, 8))
              .add("comm", fixed(5, Conversion.CONVERSION_STRING, 16, 4))
              .add("name", operation(6, PLACES.get(2), Conversion.CONVERSION_STRING, 20, 4, 1))
              .add("mask", operation(7, PLACES.get(4), Conversion.CONVERSION_BITMASK, 24, 4, 4))
              .add("tail", operation(8, PLACES.get(3), Conversion.CONVERSION_BYTES, 28, 2, 1))
              .add("rest", operation(9, PLACES.get(1), Conversion.CONVERSION_INTEGERS, 30, 0, 2));
      ByteBuffer out = ByteBuffer.allocate(44).order(java(order));
      out.putShort((short) 300).put((byte) 1).put((byte) 0).putInt(-5).putLong(0x0102030405060708L);
      out.put("comm".getBytes(StandardCharsets.US_ASCII));
      out.putInt(3 << 16 | 30).putInt(8 << 16 | 5).putShort((short) 41).putShort((short) 0x6162);
      out.put((byte) 0).putInt(0x80000001).putInt(7).put("end".getBytes(StandardCharsets.US_ASCII));
      CheckedPlan plan =
          message.checked("made: cut at every length, " + words(WordSize.WORD_SIZE_32, order));
      for (int length = 0; length <= out.position(); length++) {
        plan.add("cut to " + length, Arrays.copyOf(out.array(), length));
      }
      cases.add(plan.build());
    }
  }
}
