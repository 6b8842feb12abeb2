package dev.tracery.compiler.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tracery.compiler.FormatCompiler;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SymbolFinderTest {

  private static final Target LITTLE_32 = new Target(WordSize.BITS_32, ByteOrder.LITTLE_ENDIAN);

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          __print_symbolic(REC->u, {1, "A"}, {2, "B"})               ; u VALUE 1=A 2=B
          __print_symbolic_u64(REC->u, {1, "A"})                     ; u VALUE 1=A
          __print_flags(REC->u, "|", {1, "A"}, {4, "C"})             ; u FLAGS| 1=A 4=C
          __print_flags(REC->u, "", {1, "A"})                        ; u FLAGS 1=A
          __print_flags_u64((REC)->u, ",", {1ULL << 40, "A"})        ; u FLAGS, 1099511627776=A
          __print_flags((unsigned long)REC->u, "|", {(( gfp_t)0x20u), "A"}) ; u FLAGS| 32=A
          __print_flags(REC->u & 0xff, "|", {1, "A"})                ; u &0xff FLAGS| 1=A
          __print_flags(0xff & REC->u, "|", {1, "A"})                ; u &0xff FLAGS| 1=A
          __print_flags(REC->u & 0xffffffff, "|", {1, "A"})          ; u FLAGS| 1=A
          __print_symbolic(REC->u >> 4, {1, "A"})                    ; u >>4 VALUE 1=A
          __print_symbolic((REC->u >> 4) & 3, {1, "A"})              ; u >>4 &0x3 VALUE 1=A
          __print_symbolic((REC->u & 0xf0) >> 4, {1, "A"})           ; u >>4 &0xf VALUE 1=A
          __print_symbolic((u8)REC->u, {1, "A"})                     ; u &0xff VALUE 1=A
          __print_symbolic((u8)(REC->u >> 8), {1, "A"})              ; u >>8 &0xff VALUE 1=A
          __print_symbolic((s8)REC->u, {-1, "A"})                    ; u &0xff VALUE 255=A
          __print_symbolic((int)REC->u, {-1, "A"}, {1, "B"})         ; u &0xffffffff VALUE 4294967295=A 1=B
          __print_symbolic((int)REC->u, {1, "B"})                    ; u VALUE 1=B
          __print_symbolic(REC->s, {-1, "A"}, {(-7), "B"})           ; s VALUE -1=A -7=B
          __print_symbolic(REC->u, {-1, "A"})                        ; u VALUE -1=A
          __print_symbolic(REC->u, {1, "a\\"b\\n"})                    ; u VALUE 1=a"b\\n
          __print_symbolic(REC->u, {1, "A" "B"})                     ; u VALUE 1=AB
          __print_symbolic(REC->u, {FOO, "A"}, {2, "B"})             ; u VALUE 2=B
          __print_symbolic(REC->u, {1, foo()}, {2, "B"},)            ; u VALUE 2=B
          __print_symbolic(REC->u, {FOO, "A"})                       ; -
          __print_symbolic(REC->u, { })                              ; -
          __print_symbolic(REC->u + 1, {1, "A"})                     ; -
          __print_symbolic(REC->u << 1, {1, "A"})                    ; -
          __print_symbolic(REC->u & REC->s, {1, "A"})                ; -
          __print_symbolic(REC->u >> 64, {1, "A"})                   ; -
          __print_symbolic(REC->a[0], {1, "A"})                      ; -
          __print_symbolic(REC->nosuch, {1, "A"})                    ; -
          REC->s ? __print_symbolic(REC->u, {1, "A"}) : "x"          ; u VALUE 1=A
          REC->s ? __print_flags(REC->u,"|",{1,"A"}) : __print_flags(REC->u,"|",{1,"B"}) ; u FLAGS| 1=A / u FLAGS| 1=B
          REC->s ? __print_flags(REC->u,"|",{1,"A"}) : __print_flags(REC->u,"|",{1,"A"}) ; u FLAGS| 1=A
          """)
  void tables_of_a_field_ride_on_it(String argument, String expected) {
    assertEquals(expected, symbols(Target.LITTLE_64, argument));
  }

  @Test
  void a_32_bit_kernel_compares_32_bits() {
    assertEquals(
        "u VALUE 4294967295=A", symbols(LITTLE_32, "__print_symbolic(REC->u, {-1, \"A\"})"));
    assertEquals("s VALUE -1=A", symbols(LITTLE_32, "__print_symbolic(REC->s, {-1, \"A\"})"));
  }

  @Test
  void what_32_bit_kernels_unroll_is_the_same_table() {
    assertEquals(
        "u VALUE 1=A -6=B",
        symbols(
            LITTLE_32,
            """
            ({ static const struct trace_print_flags_u64 symbols[] = { { 1ULL, "A" }, \
            { -6ULL, "B" }, { -1, ((void *)0) } }; \
            trace_print_symbols_seq_u64(p, REC->u, symbols); })\
            """));
    assertEquals(
        "u FLAGS| 1=A",
        symbols(
            LITTLE_32,
            """
            ({ static const struct trace_print_flags_u64 __flags[] = { { ((((1UL))) << (0)), "A" }, \
            { -1, ((void *)0) } }; trace_print_flags_seq_u64(p, "|", REC->u, __flags); })\
            """));
  }

  @Test
  void the_state_of_sched_switch_has_its_letters() {
    assertEquals(
        "s &0xff FLAGS| 1=S 2=D 4=T 8=t 16=X 32=Z 64=P 128=I",
        symbols(
            Target.LITTLE_64,
            """
            (REC->s & ((((0x00000000 | 0x00000001 | 0x00000002 | 0x00000004 | 0x00000008 | \
            0x00000010 | 0x00000020 | 0x00000040) + 1) << 1) - 1)) ? __print_flags(REC->s & \
            ((((0x00000000 | 0x00000001 | 0x00000002 | 0x00000004 | 0x00000008 | 0x00000010 | \
            0x00000020 | 0x00000040) + 1) << 1) - 1), "|", { 0x00000001, "S" }, \
            { 0x00000002, "D" }, { 0x00000004, "T" }, { 0x00000008, "t" }, { 0x00000010, "X" }, \
            { 0x00000020, "Z" }, { 0x00000040, "P" }, { 0x00000080, "I" }) : "R"\
            """));
  }

  private static String symbols(Target target, String argument) {
    byte[] format =
        """
        name: x
        ID: 1
        format:
        \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
        \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
        \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
        \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

        \tfield:u32 u;\toffset:8;\tsize:4;\tsigned:0;
        \tfield:s32 s;\toffset:12;\tsize:4;\tsigned:1;
        \tfield:u32 a[2];\toffset:16;\tsize:8;\tsigned:0;

        print fmt: "%%s", %s
        """
            .formatted(argument)
            .getBytes(StandardCharsets.UTF_8);
    List<Field> fields =
        new FormatCompiler().compile("x", format, target).layout().orElseThrow().fields();
    String tables =
        fields.stream()
            .flatMap(field -> field.symbols().stream().map(table -> field.name() + shown(table)))
            .collect(Collectors.joining(" / "));
    return tables.isEmpty() ? "-" : tables;
  }

  private static String shown(SymbolTable table) {
    StringBuilder out = new StringBuilder();
    out.append(table.shift() == 0 ? "" : " >>" + table.shift());
    out.append(table.mask() == -1 ? "" : " &0x" + Long.toHexString(table.mask()));
    out.append(" ").append(table.match()).append(table.delimiter());
    for (SymbolTable.Symbol symbol : table.symbols()) {
      out.append(" ").append(symbol.value()).append("=");
      out.append(symbol.name().replace("\n", "\\n"));
    }
    return out.toString();
  }
}
