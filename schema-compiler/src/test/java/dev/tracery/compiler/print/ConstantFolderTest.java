package dev.tracery.compiler.print;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tracery.compiler.syntax.StringCache;
import dev.tracery.model.WordSize;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Values that a C compiler gives. Where a comment names libtraceevent, version 1.8.4 computes
/// something else.
class ConstantFolderTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          # libtraceevent: the operand after ':' is one operand
          0 ? 10 : 20+1                       ; 21 INT
          1 ? 10 : 20+1                       ; 10 INT
          5==5 ? 1 : 5==6 ? 2 : 3             ; 1 INT
          6==5 ? 1 : 6==6 ? 2 : 3             ; 2 INT
          7==5 ? 1 : 7==6 ? 2 : 3             ; 3 INT
          1 ? 2, 3 : 4                        ; 3 INT
          0 ?: 7                              ; 7 INT
          5 ?: 7                              ; 5 INT
          # libtraceevent: the process dies
          0 == 0 ? 0 : (100*5)/0              ; 0 INT
          1/0                                 ; none
          1%0                                 ; none
          # libtraceevent: operators of one precedence associate to the right
          10-3-2                              ; 5 INT
          100/5/2                             ; 10 INT
          1<<2<<3                             ; 32 INT
          2*3%4                               ; 2 INT
          1000/3/7                            ; 47 INT
          (5>3)+(5>4)                         ; 2 INT
          (4>3)+(4>4)                         ; 1 INT
          20-6+3                              ; 17 INT
          # libtraceevent: signs are lost
          -7==-7                              ; 1 INT
          -7<0                                ; 1 INT
          -7/2                                ; -3 INT
          -7%2                                ; -1 INT
          -7>>1                               ; -4 INT
          (long long)-7                       ; -7 LONG_LONG
          (s16)0xffff                         ; -1 SHORT
          (s8)0xfe                            ; -2 SIGNED_CHAR
          (u8)0x1fe                           ; 254 UNSIGNED_CHAR
          '\\n'                                ; 10 INT
          'a'                                 ; 97 INT
          '\\''                                ; 39 INT
          '\\x41'                              ; 65 INT
          '\\101'                              ; 65 INT
          # precedence
          1+2*3                               ; 7 INT
          1<<2+1                              ; 8 INT
          1|2^3&2                             ; 1 INT
          4&4==4                              ; 0 INT
          !0+1                                ; 2 INT
          ~0&0xff                             ; 255 INT
          -1+-1                               ; -2 INT
          - -1                                ; 1 INT
          1||0&&0                             ; 1 INT
          2>1>0                               ; 1 INT
          3>2==1                              ; 1 INT
          (1,2)                               ; 2 INT
          # types of numbers
          2147483647                          ; 2147483647 INT
          2147483648                          ; 2147483648 LONG
          0x80000000                          ; 2147483648 UNSIGNED_INT
          0xffffffffu                         ; 4294967295 UNSIGNED_INT
          0x100000000                         ; 4294967296 LONG
          0xffffffffffffffff                  ; -1 UNSIGNED_LONG
          1UL                                 ; 1 UNSIGNED_LONG
          1ull                                ; 1 UNSIGNED_LONG_LONG
          1LLU                                ; 1 UNSIGNED_LONG_LONG
          010                                 ; 8 INT
          0b101                               ; 5 INT
          0                                   ; 0 INT
          18446744073709551616                ; none
          0x1ffffffffffffffff                 ; none
          08                                  ; none
          1x                                  ; none
          1.5                                 ; none
          # the usual conversions
          -1 < 0u                             ; 0 INT
          -1 < 0ul                            ; 0 INT
          -1L < 0u                            ; 1 INT
          (u8)255+1                           ; 256 INT
          0xffffffff+1                        ; 0 UNSIGNED_INT
          0xffffffff+1L                       ; 4294967296 LONG
          1<<31                               ; -2147483648 INT
          1U<<31                              ; 2147483648 UNSIGNED_INT
          1UL<<63                             ; -9223372036854775808 UNSIGNED_LONG
          (1UL<<63)>>63                       ; 1 UNSIGNED_LONG
          ((u64)-1)/2                         ; 9223372036854775807 UNSIGNED_LONG_LONG
          -6ULL                               ; -6 UNSIGNED_LONG_LONG
          1<<32                               ; none
          1<<-1                               ; none
          (bool)2                             ; 1 BOOL
          (unsigned)-1                        ; 4294967295 UNSIGNED_INT
          (char)65                            ; 65 SIGNED_CHAR
          (char)200                           ; none
          true ? 1 : 0                        ; 1 INT
          1 ? -1 : 0u                         ; 4294967295 UNSIGNED_INT
          # sizes
          sizeof(int)                         ; 4 UNSIGNED_LONG
          sizeof(unsigned short)              ; 2 UNSIGNED_LONG
          sizeof(__be32)                      ; 4 UNSIGNED_LONG
          sizeof(long)                        ; 8 UNSIGNED_LONG
          sizeof(void *)                      ; 8 UNSIGNED_LONG
          sizeof 1UL                          ; 8 UNSIGNED_LONG
          sizeof(1+1)                         ; 4 UNSIGNED_LONG
          sizeof(struct page)                 ; none
          # builtins
          __builtin_choose_expr(1, 2, foo)    ; 2 INT
          __builtin_expect(!!(5), 0)          ; 1 LONG
          __builtin_bswap16(0x1234)           ; 13330 UNSIGNED_SHORT
          __fswab32(0x12345678)               ; 2018915346 UNSIGNED_INT
          likely(5)                           ; 1 INT
          # nothing that a format tells
          FOO                                 ; none
          REC->x                              ; none
          foo(1)                              ; none
          """)
  void has_the_value_and_the_type_that_C_gives(String text, String expected) {
    assertEquals(expected, folded(text, WordSize.BITS_64));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          sizeof(long)           ; 4 UNSIGNED_LONG
          sizeof(void *)         ; 4 UNSIGNED_LONG
          sizeof(u64)            ; 8 UNSIGNED_LONG
          2147483648             ; 2147483648 LONG_LONG
          1UL<<31                ; 2147483648 UNSIGNED_LONG
          1UL<<32                ; none
          ~0UL                   ; 4294967295 UNSIGNED_LONG
          -1L < 0u               ; 0 INT
          (unsigned long)-1      ; 4294967295 UNSIGNED_LONG
          ((u64)1)<<40           ; 1099511627776 UNSIGNED_LONG_LONG
          """)
  void depends_on_the_word_size(String text, String expected) {
    assertEquals(expected, folded(text, WordSize.BITS_32));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      textBlock =
          """
          GENMASK(7, 0)  @ (((int)(sizeof(struct { int:(-!!(__builtin_choose_expr( (sizeof(int) == sizeof(*(8 ? ((void *)((long)((0) > (7)) * 0l)) : (int *)8))), (0) > (7), 0))); }))) + (((~(((0UL)))) - ((((1UL))) << (0)) + 1) & (~(((0UL))) >> (64 - 1 - (7))))) @ 255 UNSIGNED_LONG
          sched_switch   @ ((((0x00000000 | 0x00000001 | 0x00000002 | 0x00000004 | 0x00000008 | 0x00000010 | 0x00000020 | 0x00000040) + 1) << 1) - 1) @ 255 INT
          """)
  void computes_what_kernels_macros_expand_to(String name, String text, String expected) {
    assertEquals(expected, folded(text, WordSize.BITS_64), name);
  }

  private static String folded(String text, WordSize wordSize) {
    Constant constant =
        new PrintParser(new StringCache(), wordSize, 256)
            .expression(text)
            .map(new ConstantFolder(wordSize)::fold)
            .orElse(null);
    return constant == null ? "none" : constant.value() + " " + constant.type();
  }
}
