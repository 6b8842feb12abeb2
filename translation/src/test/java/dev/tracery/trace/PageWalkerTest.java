package dev.tracery.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.model.ByteOrder;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Pages made by hand, in both byte orders, of both word sizes.
class PageWalkerTest {

  private static final long T = 1_000_000_000_000L;

  static List<PageFormat> formats() {
    List<PageFormat> formats = new ArrayList<>();
    for (ByteOrder order : ByteOrder.values()) {
      for (WordSize word : WordSize.values()) {
        formats.add(PageFormat.usual(new Target(word, order), 4096));
      }
      // Why: 32-bit kernels that align to 8 bytes (RB_FORCE_8BYTE_ALIGNMENT) leave a gap.
      formats.add(new PageFormat(order, 8, WordSize.BITS_32, 16, 4096));
      // Why: sub-buffers may be larger than a page (buffer_subbuf_size_kb, 6.8 on).
      formats.add(PageFormat.usual(new Target(WordSize.BITS_64, order), 65_536));
    }
    return formats;
  }

  /// `time offset+length` for each event, offsets from the data's start, and the damage.
  private static List<String> walk(PageFormat format, byte[] page, int length) {
    PageWalker walker = new PageWalker(format);
    walker.start(page, length);
    List<String> found = new ArrayList<>();
    if (walker.missed() != 0) {
      found.add("missed " + walker.missed());
    }
    while (walker.next()) {
      found.add(
          "%d %d+%d"
              .formatted(
                  walker.timestamp() - T, walker.offset() - format.dataOffset(), walker.length()));
    }
    assertEquals(false, walker.next());
    if (!walker.damage().isEmpty()) {
      found.add(
          "%s, at %d, %d bytes"
              .formatted(
                  walker.damage(),
                  walker.damagedAt() - format.dataOffset(),
                  walker.damagedBytes()));
    }
    return found;
  }

  private static List<String> walk(PageFormat format, byte[] page) {
    return walk(format, page, page.length);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void events_have_the_page_s_time_and_all_deltas_up_to_their_own(PageFormat format) {
    byte[] page = new PageBytes(format, T).event(0, 1, 4).event(7, 2, 112).event(0, 3, 8).bytes();
    assertEquals(List.of("0 4+4", "7 12+112", "7 128+8"), walk(format, page));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void long_records_say_their_length_themselves(PageFormat format) {
    byte[] page =
        new PageBytes(format, T)
            .longEvent(1, 1, 200)
            .longEvent(1, 2, 9)
            .longEvent(1, 3, 4)
            .event(1, 4, 4)
            .bytes();
    assertEquals(List.of("1 8+200", "2 216+9", "3 236+4", "4 244+4"), walk(format, page));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void time_extends_add_59_bits(PageFormat format) {
    byte[] page =
        new PageBytes(format, T)
            .extend((1L << 27) + 5)
            .event(1, 1, 8)
            .extend(0xffff_ffffL << 27)
            .event(0, 1, 8)
            .bytes();
    assertEquals(
        List.of(((1L << 27) + 6) + " 12+8", ((1L << 27) + 6 + (0xffff_ffffL << 27)) + " 32+8"),
        walk(format, page));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void absolute_stamps_get_their_top_bits_from_the_time_before(PageFormat format) {
    long top = 3L << 59;
    byte[] page =
        new PageBytes(format, top + 50).stamp(100).event(2, 1, 8).stamp(90).event(0, 1, 8).bytes();
    assertEquals(List.of((top + 102 - T) + " 12+8", (top + 90 - T) + " 32+8"), walk(format, page));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void an_absolute_stamp_that_wraps_carries_into_the_top_bits(PageFormat format) {
    long end = (1L << 59) - 10;
    byte[] page = new PageBytes(format, end).stamp(5).event(0, 1, 8).bytes();
    assertEquals(List.of(((1L << 59) + 5 - T) + " 12+8"), walk(format, page));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void discarded_events_count_their_delta(PageFormat format) {
    byte[] page =
        new PageBytes(format, T).event(1, 1, 8).discarded(10, 24).event(100, 2, 8).bytes();
    assertEquals(List.of("1 4+8", "111 44+8"), walk(format, page));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void padding_without_a_delta_ends_the_page(PageFormat format) {
    byte[] page = new PageBytes(format, T).event(1, 1, 8).word(29, 0).event(1, 1, 8).bytes();
    assertEquals(List.of("1 4+8"), walk(format, page));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void what_is_behind_the_committed_bytes_is_nothing(PageFormat format) {
    byte[] page = new PageBytes(format, T).event(1, 1, 8).event(1, 1, 8).bytes(12);
    assertEquals(List.of("1 4+8"), walk(format, page));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void zeros_within_the_committed_bytes_end_the_page(PageFormat format) {
    byte[] page = new PageBytes(format, T).event(1, 1, 8).bytes(100);
    assertEquals(List.of("1 4+8"), walk(format, page));
    assertEquals(List.of(), walk(format, new byte[format.size()]));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void missed_events_are_told_with_their_number_where_there_is_one(PageFormat format) {
    assertEquals(
        List.of("missed 42", "1 4+8"),
        walk(format, new PageBytes(format, T).event(1, 1, 8).missed(42).bytes()));
    assertEquals(
        List.of("missed -1", "1 4+8"),
        walk(format, new PageBytes(format, T).event(1, 1, 8).missed(-1).bytes()));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void a_full_page_has_no_room_for_the_number_of_missed_events(PageFormat format) {
    int room = format.size() - format.dataOffset() - 8;
    byte[] page = new PageBytes(format, T).longEvent(0, 1, room).missed(42).bytes();
    assertEquals(List.of("missed -1", "0 8+" + room), walk(format, page));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void a_page_that_is_cut_gives_what_it_has(PageFormat format) {
    byte[] page = new PageBytes(format, T).event(1, 1, 8).event(1, 1, 8).bytes();
    int data = format.dataOffset();
    assertEquals(
        List.of("1 4+8", "the page is cut, at 12, 12 bytes"), walk(format, page, data + 12));
    assertEquals(
        List.of("1 4+8", "the page is cut, at 20, 12 bytes"), walk(format, page, data + 20));
    assertEquals(List.of("the page is cut, at 0, 24 bytes"), walk(format, page, data));
    assertEquals(
        List.of("the page is cut within its head, at " + -data + ", 9 bytes"),
        walk(format, page, 9));
    assertEquals(List.of(), walk(format, page, 0));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void a_record_beyond_the_committed_bytes_ends_the_page(PageFormat format) {
    byte[] page = new PageBytes(format, T).event(1, 1, 8).event(1, 1, 16).bytes(20);
    assertEquals(
        List.of("1 4+8", "a record of 16 bytes goes beyond the committed bytes, at 12, 8 bytes"),
        walk(format, page));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void lengths_that_cannot_be_end_the_page(PageFormat format) {
    for (int length : new int[] {1, 3, 7, 101, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
      byte[] page = new PageBytes(format, T).event(1, 1, 8).word(0, 1).number(length).bytes(112);
      assertEquals(
          List.of(
              "1 4+8",
              "a record's length is "
                  + Integer.toUnsignedString(length)
                  + ", which cannot be, at 12, 100 bytes"),
          walk(format, page));
    }
    byte[] discarded = new PageBytes(format, T).event(1, 1, 8).word(29, 1).number(97).bytes(112);
    assertEquals(
        List.of(
            "1 4+8",
            "a discarded event of 97 bytes goes beyond the committed bytes, at 12, 100 bytes"),
        walk(format, discarded));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void an_event_of_two_words_that_is_cut_ends_the_page(PageFormat format) {
    for (int type : new int[] {0, 29, 30, 31}) {
      byte[] page = new PageBytes(format, T).event(1, 1, 8).word(type, 1).bytes();
      assertEquals(
          List.of("1 4+8", "an event goes beyond the committed bytes, at 12, 4 bytes"),
          walk(format, page),
          "type " + type);
    }
    byte[] odd = new PageBytes(format, T).event(1, 1, 8).bytes(14);
    assertEquals(
        List.of("1 4+8", "an event goes beyond the committed bytes, at 12, 2 bytes"),
        walk(format, odd));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void a_page_with_more_committed_bytes_than_it_can_hold_gives_what_makes_sense(PageFormat format) {
    byte[] page = new PageBytes(format, T).event(1, 1, 8).bytes(100_000);
    assertEquals(
        List.of(
            "1 4+8",
            "the page has more committed bytes than it can hold, at "
                + (format.size() - format.dataOffset())
                + ", 0 bytes"),
        walk(format, page));
  }

  @Test
  void random_bytes_never_lead_out_of_the_page() {
    SplittableRandom random = new SplittableRandom(7411);
    for (PageFormat format : formats()) {
      PageWalker walker = new PageWalker(format);
      for (int round = 0; round < 2_000; round++) {
        byte[] page = new byte[format.size()];
        int used = random.nextInt(400);
        for (int i = 0; i < used; i++) {
          page[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(8));
        }
        int length = random.nextInt(4) == 0 ? random.nextInt(page.length + 1) : page.length;
        byte[] exact = Arrays.copyOf(page, length);
        walker.start(exact, length);
        int last = 0;
        while (walker.next()) {
          assertTrue(walker.offset() >= last && walker.length() >= 4);
          last = walker.offset() + walker.length();
          assertTrue(last <= length && last <= format.dataOffset() + walker.committed());
        }
        assertTrue(walker.damagedBytes() >= 0 && walker.damagedBytes() <= format.size());
      }
    }
  }
}
