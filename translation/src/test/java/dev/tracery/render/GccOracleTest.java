package dev.tracery.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random expressions and conversions, computed by gcc and by us. `-Dtracery.gcc.cases=N` for more
/// than 2,000, `-Dtracery.seed=N` for others.
final class GccOracleTest {

  private static final int CASES = Integer.getInteger("tracery.gcc.cases", 2000);
  private static final long SEED = Long.getLong("tracery.seed", 1);
  private static final int RECORDS = 4;

  @TempDir Path folder;

  /// One event of the layout that all cases share.
  private static TestEvent event(TestEvent empty, Random random) {
    int[] bytes = random.ints(8, 0, 256).toArray();
    int[] ints = random.ints(16, 0, 256).toArray();
    return empty
        .word("long l", number(random))
        .word("unsigned long ul", number(random))
        .s64("sq", number(random))
        .u64("uq", number(random))
        .s32("si", number(random))
        .u32("ui", number(random))
        .bytes("int ints[4]", ints)
        .s16("sh", number(random))
        .u16("uh", number(random))
        .s8("sc", number(random))
        .u8("uc", number(random))
        .bytes("u8 bytes[8]", bytes)
        .bytes("bool tt", random.nextInt(2));
  }

  private static long number(Random random) {
    return random.nextBoolean() ? random.nextLong() : random.nextInt(7) - 3;
  }

  /// 64 bits: the C library prints.
  private static final String LIBRARY =
      """
      #include <stdio.h>
      #include <stdbool.h>
      #include <stddef.h>
      """;

  /// 32 bits, where there may be no library: only values, printed by hand.
  private static final String BARE =
      """
      typedef _Bool bool;
      static char out[1 << 20];
      static unsigned at;
      static void value(long long v) {
        unsigned long long rest = v;
        for (int i = 60; i >= 0; i -= 4) out[at++] = "0123456789abcdef"[rest >> i & 15];
        out[at++] = 10;
      }
      static unsigned long long divide(unsigned long long n, unsigned long long d, int rest) {
        unsigned long long q = 0, r = 0;
        for (int i = 63; i >= 0; i--) {
          r = r << 1 | (n >> i & 1);
          if (r >= d) { r -= d; q |= 1ULL << i; }
        }
        return rest ? r : q;
      }
      static long long divided(long long n, long long d, int rest) {
        unsigned long long x = divide(n < 0 ? -n : n, d < 0 ? -d : d, rest);
        return (rest ? n < 0 : (n < 0) != (d < 0)) ? -x : x;
      }
      unsigned long long __udivdi3(unsigned long long n, unsigned long long d) { return divide(n, d, 0); }
      unsigned long long __umoddi3(unsigned long long n, unsigned long long d) { return divide(n, d, 1); }
      long long __divdi3(long long n, long long d) { return divided(n, d, 0); }
      long long __moddi3(long long n, long long d) { return divided(n, d, 1); }
      """;

  private static final String BARE_END =
      """
      __attribute__((force_align_arg_pointer)) void _start(void) {
        all();
        unsigned done = 0;
        while (done < at) {
          int n;
          __asm__ volatile("int $0x80" : "=a"(n) : "a"(4), "b"(1), "c"(out + done), "d"(at - done) : "memory");
          if (n <= 0) break;
          done += n;
        }
        __asm__ volatile("int $0x80" : : "a"(1), "b"(0));
      }
      """;

  private static final String TYPES =
      """
      typedef signed char s8; typedef unsigned char u8; typedef short s16; typedef unsigned short u16;
      typedef unsigned int u32; typedef long long s64; typedef unsigned long long u64;
      struct rec { u8 common[8]; long l; unsigned long ul; s64 sq; u64 uq; int si; unsigned int ui;
        int ints[4]; s16 sh; u16 uh; s8 sc; u8 uc; u8 bytes[8]; bool tt; } __attribute__((packed));
      """;

  @Test
  void expressionsHaveTheValuesThatGccGivesThemAndConversionsItsTexts() throws Exception {
    Random random = new Random(SEED);
    RandomC c = new RandomC(random);
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < CASES; i++) {
      String expression = c.expression(1 + random.nextInt(4));
      RandomC.Conversion conversion = c.conversion();
      cases.add(
          new Case(
              "\"" + conversion.text() + "\", " + expression,
              "printf(\""
                  + conversion.text()
                  + "\\n\", ("
                  + conversion.type()
                  + ")("
                  + expression
                  + "))"));
    }
    compare(
        cases,
        events(TestEvent::event, random),
        LIBRARY,
        "int main(void) { all(); return 0; }\n",
        "-m64");
  }

  @Test
  void on32BitsTheyHaveTheValuesOf32Bits() throws Exception {
    Random random = new Random(SEED);
    RandomC c = new RandomC(random);
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < CASES; i++) {
      String expression = c.expression(1 + random.nextInt(4));
      cases.add(
          new Case("\"%016llx\", (u64)(s64)(" + expression + ")", "value(" + expression + ")"));
    }
    compare(
        cases,
        events(TestEvent::event32, random),
        BARE,
        BARE_END,
        "-m32",
        "-nostdlib",
        "-static",
        "-ffreestanding",
        "-fno-pic",
        "-fno-stack-protector");
  }

  /// @param print our print format
  /// @param statement C's statement, which prints a line
  private record Case(String print, String statement) {}

  private static List<TestEvent> events(Supplier<TestEvent> empty, Random random) {
    List<TestEvent> events = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      events.add(event(empty.get(), random));
    }
    return events;
  }

  private void compare(
      List<Case> cases, List<TestEvent> events, String head, String end, String... options)
      throws Exception {
    List<String> theirs = run(program(cases, events, head, end), options);
    List<String> differences = new ArrayList<>();
    int line = 0;
    for (Case one : cases) {
      for (TestEvent event : events) {
        String ours = event.render(one.print);
        String expected = theirs.get(line++);
        if (!ours.equals(expected)) {
          differences.add(one.print + "\n  gcc  " + expected + "\n  ours " + ours + event.notes());
        }
      }
    }
    if (!differences.isEmpty()) {
      fail(
          differences.size()
              + " of "
              + line
              + " texts differ\n"
              + String.join("\n", differences.subList(0, Math.min(5, differences.size()))));
    }
    assertEquals(theirs.size(), line);
  }

  private static String program(List<Case> cases, List<TestEvent> events, String head, String end) {
    StringBuilder program = new StringBuilder(head).append(TYPES);
    program.append("static const unsigned char records[][128] = {\n");
    for (TestEvent event : events) {
      program.append('{');
      for (byte b : event.fixedBytes()) {
        program.append(b & 0xff).append(',');
      }
      program.append("},\n");
    }
    program.append("};\n#define REC ((const struct rec *)records[r])\n");
    for (int i = 0; i < cases.size(); i++) {
      program.append("static void c" + i + "(int r) { " + cases.get(i).statement + "; }\n");
    }
    program.append("static void all(void) { int r;\n");
    for (int i = 0; i < cases.size(); i++) {
      program.append("for (r = 0; r < " + events.size() + "; r++) c" + i + "(r);\n");
    }
    return program.append("}\n").append(end).toString();
  }

  private List<String> run(String program, String... options)
      throws IOException, InterruptedException {
    Path source = folder.resolve("cases" + options[0] + ".c");
    Path binary = folder.resolve("cases");
    Files.writeString(source, program);
    List<String> command = new ArrayList<>(List.of("gcc"));
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "-O0",
            "-w",
            "-std=gnu11",
            "-fwrapv",
            "-fno-strict-aliasing",
            "-o",
            "" + binary,
            "" + source));
    String compiled = call(command.toArray(String[]::new));
    boolean absent =
        compiled.contains("No such file or directory") || compiled.contains("cannot find");
    assumeTrue(!absent, "no such gcc: " + compiled);
    assertEquals("", compiled);
    return call("" + binary).lines().toList();
  }

  private String call(String... command) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      int status = process.waitFor();
      if (status > 1) {
        return "gcc or its program died with " + status;
      }
    } catch (IOException e) {
      return "No such file or directory";
    }
    return Files.readString(output, StandardCharsets.UTF_8);
  }
}
