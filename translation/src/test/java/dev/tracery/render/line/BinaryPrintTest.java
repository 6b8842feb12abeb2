package dev.tracery.render.line;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.model.ByteOrder;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import dev.tracery.render.EventRenderers;
import dev.tracery.render.KernelTables;
import dev.tracery.render.RenderNotes;
import dev.tracery.render.TextBuffer;
import dev.tracery.trace.Trace;
import dev.tracery.trace.TraceLimits;
import dev.tracery.trace.Traces;
import dev.tracery.translate.EventType;
import dev.tracery.translate.EventTypes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The texts of `bprint`, whose arguments lie packed. The expected ones follow from
/// lib/vsprintf.c's vbin_printf and bstr_printf; where libtraceevent reads the arguments the same
/// way, `trace-cmd report` must print the same.
class BinaryPrintTest {

  private static final int BPRINT = 6;
  private static final int BPUTS = 14;
  private static final long FUNCTION = 0x81000010L;
  private static final long FORMATS = 0x82000000L;

  /// Packs arguments as vbin_printf does, told by their Java types: Byte, Short, Integer, Long (8
  /// bytes, at a multiple of 4), Word, and String with its NUL.
  private record Word(long value) {}

  /// @param same whether libtraceevent prints the same
  private record Case(String format, String expected, boolean same, Object... arguments) {}

  private static Case same(String format, String expected, Object... arguments) {
    return new Case(format, expected, true, arguments);
  }

  private static Case other(String format, String expected, Object... arguments) {
    return new Case(format, expected, false, arguments);
  }

  private static final List<Case> CASES =
      List.of(
          same("plain", "plain"),
          same("100%%", "100%"),
          same("%d %i %u", "-1 7 4294967295", -1, 7, -1),
          same("%x %#x %08x %X %o", "ff 0xff 000000ff FF 377", 255, 255, 255, 255, 255),
          // get_arg(char) and get_arg(short): their own sizes, so that four of them are in a word.
          other("%c%c %d", "ab -9", (byte) 'a', (byte) 'b', -9),
          other(
              "%hhd %hhu %hd %hu|",
              "-2 254 -3 65533|", (byte) -2, (byte) -2, (short) -3, (short) -3),
          // 8 bytes at a multiple of 4, not of 8.
          same("%d %lld %d", "1 -5000000000 2", 1, -5_000_000_000L, 2),
          same(
              "%d %llx %llu",
              "1 123456789abcdef0 18446744073709551615", 1, 0x123456789abcdef0L, -1L),
          other("%ld %lu", "-3 5", new Word(-3), new Word(5)),
          same("%lx %zu", "1234 77", new Word(0x1234), new Word(77)),
          // Strings are where the last argument ends, and what follows is aligned again.
          same("%s|%d", "abcde|42", "abcde", 42),
          same("%s %s %lld", "a bc 3", "a", "bc", 3L),
          other("%c%s%c%d", "xyz!5", (byte) 'x', "yz", (byte) '!', 5),
          same("[%8s]", "[     abc]", "abc"),
          other("[%-8s]", "[abc     ]", "abc"),
          same("[%.2s] [%6.2s]", "[ab] [    ab]", "abc", "abc"),
          // FORMAT_TYPE_WIDTH and _PRECISION: integers before the argument.
          same("[%*d]", "[    7]", 5, 7),
          other("[%-*d] [%*d]", "[7    ] [7    ]", 5, 7, -5, 7),
          other("[%.*s] [%*.*s]", "[ab] [   ab]", 2, "abc", 5, 2, "abc"),
          // format_decode: a negative precision is 0.
          other("[%.*s]", "[]", -1, "abc"),
          // number(): the prefix of 0 is printed, unlike C's.
          other("%#x", "0x0", 0),
          other("%+d % d", "+5  5", 5, 5),
          // Pointers to code are kept, and looked up when they are printed.
          same("%ps", "do_thing", new Word(FUNCTION)),
          other("%pS", "do_thing+0x10/0x90", new Word(FUNCTION)),
          other("%px", "WORD", new Word(0xc0001234L)),
          // Others were texts already; their width has done its work (bstr_printf, "already
          // processed").
          same("%pM %d", "00:11:22:33:44:55 3", "00:11:22:33:44:55", 3),
          same("%pI4:%u", "10.0.0.1:80", "10.0.0.1", 80),
          same("%*phD|%d", "aa-bb|1", 2, "aa-bb", 1),
          other("%*pbl|%d", "0-3,7|1", 8, "0-3,7", 1),
          other("%pB|%d", "do_thing+0xf/0x90|1", "do_thing+0xf/0x90", 1),
          other("%pe %d", "-ENOMEM 2", new Word(-12), 2),
          // FORMAT_TYPE_INVALID ends the text in the kernel; where the arguments are is not known.
          same("%s%s%s", "abc", "a", "b", "c"),
          same("two\\nlines %d", "two\nlines 1", 1),
          same("tab\\t\\\"%s\\\"", "tab\t\"q\"", "q"));

  @TempDir Path folder;

  static Stream<Target> targets() {
    return Arrays.stream(WordSize.values())
        .flatMap(word -> Arrays.stream(ByteOrder.values()).map(order -> new Target(word, order)));
  }

  private static HandMadeTrace trace(Target target, List<String> formats) {
    int word = target.wordSize().bytes();
    StringBuilder strings = new StringBuilder();
    for (int i = 0; i < formats.size(); i++) {
      strings.append("0x%x : \"%s\\n\"\n".formatted(FORMATS + 256L * i, formats.get(i)));
    }
    return new HandMadeTrace(target)
        .ftrace(
            BPRINT,
            "bprint",
            "unsigned long ip 8 %d 0\nconst char * fmt %d %d 0\nu32 buf[] %d 0 0"
                .formatted(word, 8 + word, word, 8 + 2 * word),
            "\"%ps: %s\", (void *)REC->ip, REC->fmt")
        .ftrace(
            BPUTS,
            "bputs",
            "unsigned long ip 8 %d 0\nconst char * str %d %d 0".formatted(word, 8 + word, word),
            "\"%ps: %s\", (void *)REC->ip, REC->str")
        .tables("81000000 T do_thing\n81000090 T next\n", strings.toString());
  }

  private static byte[] bprint(HandMadeTrace trace, int format, Object... arguments) {
    ByteBuffer to = trace.bytes(BPRINT);
    trace.word(to, FUNCTION);
    trace.word(to, FORMATS + 256L * format);
    pack(trace, to, arguments);
    return HandMadeTrace.done(to);
  }

  private static void pack(HandMadeTrace trace, ByteBuffer to, Object... arguments) {
    for (Object argument : arguments) {
      switch (argument) {
        case Byte b -> to.put(b);
        case Short s -> align(to, 2).putShort(s);
        case Integer i -> align(to, 4).putInt(i);
        case Long l -> align(to, 4).putLong(l);
        case Word(long value) -> trace.word(align(to, 4), value);
        case String s -> to.put(s.getBytes(ISO_8859_1)).put((byte) 0);
        default -> throw new IllegalArgumentException("" + argument);
      }
    }
  }

  private static ByteBuffer align(ByteBuffer to, int size) {
    return to.position(to.position() + size - 1 & -size);
  }

  @ParameterizedTest
  @MethodSource("targets")
  void arguments_are_where_the_kernel_packs_them(Target target) throws IOException {
    HandMadeTrace trace = trace(target, CASES.stream().map(Case::format).toList());
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < CASES.size(); i++) {
      trace.record(bprint(trace, i, CASES.get(i).arguments()));
      String pointer = target.wordSize() == WordSize.BITS_64 ? "00000000c0001234" : "c0001234";
      expected.add("do_thing: " + CASES.get(i).expected().replace("WORD", pointer));
    }
    Path file = trace.write(folder.resolve("trace.dat"));
    assertEquals(expected, HandMadeTrace.ours(file, LineOptions.FTRACE));
    List<String> reports = expected.stream().map(text -> "bprint:               " + text).toList();
    assertEquals(reports, HandMadeTrace.ours(file, LineOptions.REPORT));
    // Why a file for each: after a format that libtraceevent cannot read it reads no more.
    for (int i = 0; i < CASES.size(); i++) {
      HandMadeTrace one = trace(target, CASES.stream().map(Case::format).toList());
      one.record(bprint(one, i, CASES.get(i).arguments()));
      for (String their : HandMadeTrace.theirs(one.write(folder.resolve("one.dat")))) {
        if (CASES.get(i).same()) {
          assertEquals(reports.get(i), their, CASES.get(i).format());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("targets")
  void a_string_is_found_by_its_address_and_a_format_that_is_unknown_leaves_the_fields(
      Target target) throws IOException {
    HandMadeTrace trace = trace(target, List.of("constant"));
    for (long address : new long[] {FORMATS, FORMATS + 1}) {
      ByteBuffer to = trace.bytes(BPUTS);
      trace.word(to, FUNCTION);
      trace.word(to, address);
      trace.record(HandMadeTrace.done(to));
    }
    trace.record(bprint(trace, 1, 5));
    Path file = trace.write(folder.resolve("trace.dat"));
    List<String> ours = HandMadeTrace.ours(file, LineOptions.FTRACE);
    String five = target.byteOrder() == ByteOrder.BIG_ENDIAN ? "00,00,00,05" : "05,00,00,00";
    assertEquals(
        List.of(
            "do_thing: constant",
            "do_thing: 0x82000001",
            "ip=0x81000010 (2164260880) fmt=0x82000100 buf=" + five),
        ours);
    List<String> theirs = HandMadeTrace.theirs(file);
    // Why: libtraceevent does not swap the bytes of a pointer to a string.
    if (!theirs.isEmpty() && target.byteOrder() == ByteOrder.LITTLE_ENDIAN) {
      assertEquals("bputs:                do_thing: constant", theirs.getFirst());
    }
  }

  @ParameterizedTest
  @MethodSource("targets")
  void damaged_records_are_not_left(Target target) throws IOException {
    HandMadeTrace trace = trace(target, CASES.stream().map(Case::format).toList());
    trace.record(bprint(trace, 0));
    try (Trace opened = Traces.open(trace.write(folder.resolve("t.dat")), TraceLimits.DEFAULT)) {
      EventType event = EventTypes.interpreted(opened.content()).byId(BPRINT);
      assertNotNull(event);
      RenderNotes notes = new RenderNotes();
      KernelTables tables = KernelTables.of(opened.content());
      EventText text =
          new BinaryPrints(new EventRenderers(target, tables, notes), notes, KernelVersion.NEWEST)
              .text(event.layout(), event.name(), new SymbolText(tables.symbols()));
      Random random = new Random(1441);
      int fields = 0;
      for (int i = 0; i < 20_000; i++) {
        int which = random.nextInt(CASES.size());
        byte[] record = bprint(trace, which, CASES.get(which).arguments());
        for (int j = random.nextInt(4); j > 0; j--) {
          record[
                  8
                      + 2 * trace.wordSize()
                      + random.nextInt(record.length - 7 - 2 * trace.wordSize())
                      - 1] =
              (byte) random.nextInt();
        }
        int length = random.nextInt(3) == 0 ? random.nextInt(record.length + 1) : record.length;
        int offset = random.nextInt(9);
        // What is around the record must not be seen.
        String one = around(text, target, record, offset, length, (byte) 'Z');
        String other = around(text, target, record, offset, length, (byte) 0);
        assertEquals(one, other, CASES.get(which).format());
        fields += one.contains("fmt=") ? 1 : 0;
      }
      assertTrue(fields > 1000 && fields < 19_000, "fields " + fields);
    }
  }

  private static String around(
      EventText text, Target target, byte[] record, int offset, int length, byte fill) {
    byte[] bytes = new byte[offset + length + 64];
    Arrays.fill(bytes, fill);
    System.arraycopy(record, 0, bytes, offset, length);
    RecordBytes at = new RecordBytes(target);
    at.set(bytes, offset, length);
    TextBuffer out = new TextBuffer();
    text.append(at, 0, out);
    return out.toString();
  }
}
