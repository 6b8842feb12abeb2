package dev.tracery.render;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KernelTablesTest {

  private static final String KALLSYMS =
      """
      0000000000000000 A fixed_percpu_data
      ffffffff81000000 T _text
      ffffffff81000000 T _stext
      ffffffff81000080 t schedule
      no symbol
      ffffffffc0001000 t late\t[b]
      ffffffffc0000000 t early\t[a]
      """;

  @Test
  void a_symbol_is_the_last_one_before_an_address() {
    assertEquals("none", symbol(KALLSYMS, 0x10));
    assertEquals("none", symbol(KALLSYMS, 0x7fff_ffff_ffff_ffffL));
    assertEquals("_text+0", symbol(KALLSYMS, 0xffffffff81000000L));
    assertEquals("_text+127", symbol(KALLSYMS, 0xffffffff8100007fL));
    assertEquals("schedule+0", symbol(KALLSYMS, 0xffffffff81000080L));
    assertEquals("early [a]+1", symbol(KALLSYMS, 0xffffffffc0000001L));
    assertEquals("late [b]+0", symbol(KALLSYMS, 0xffffffffc0001000L));
    assertEquals("none", symbol("", 0xffffffff81000080L));
    assertEquals("x+0", symbol("10 T x", 0x10));
  }

  private static String symbol(String kallsyms, long address) {
    KernelSymbols symbols = KernelTables.of(kallsyms.getBytes(UTF_8), new byte[0]).symbols();
    int index = symbols.find(address);
    return index < 0
        ? "none"
        : new String(symbols.name(index), UTF_8) + "+" + (address - symbols.address(index));
  }

  @Test
  void strings_are_known_by_their_exact_address_and_without_their_escapes() {
    KernelStrings strings =
        KernelTables.of(
                new byte[0],
                """
                0xffffffff82000010 : "a \\"b\\" \\\\n\\tc\\n"
                0xffffffff82000000 : "first"
                0xffffffff82000000 : "second"
                0x20 : "\\101\\x42\\e"
                0x30 : ""
                no string
                """
                    .getBytes(UTF_8))
            .strings();
    assertEquals("a \"b\" \\n\tc\n", text(strings.at(0xffffffff82000010L)));
    assertEquals("first", text(strings.at(0xffffffff82000000L)));
    assertEquals("AB\u001b", text(strings.at(0x20)));
    assertEquals("", text(strings.at(0x30)));
    assertNull(strings.at(0xffffffff82000001L));
    assertNull(strings.at(0));
  }

  private static String text(byte @Nullable [] string) {
    return new String(Objects.requireNonNull(string), UTF_8);
  }

  @Test
  void addresses_are_sorted_as_unsigned_and_equal_ones_keep_their_order() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      int count = random.nextInt(100);
      long[] addresses = random.longs(count + 5L, -20, 20).toArray();
      int[] expected =
          IntStream.range(0, count)
              .boxed()
              .sorted(Comparator.comparing(i -> addresses[i], Long::compareUnsigned))
              .mapToInt(i -> i)
              .toArray();
      assertArrayEquals(
          expected,
          AddressOrder.of(addresses, count),
          () -> "seed " + random + Arrays.toString(addresses));
    }
  }
}
