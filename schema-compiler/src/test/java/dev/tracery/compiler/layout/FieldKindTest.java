package dev.tracery.compiler.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tracery.compiler.FormatCompiler;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What field lines mean. A row is: the declaration, its size and sign column (`-` for none), then
/// the field's name, C type, kind, placement, element size and whether it is wide.
class FieldKindTest {

  private static final Target BIG_32 = new Target(WordSize.BITS_32, ByteOrder.BIG_ENDIAN);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # integers: the columns decide
          int a                          | 4 | 1 | a: int SIGNED FIXED 4
          int a                          | 4 | 0 | a: int UNSIGNED FIXED 4
          unsigned nr_events             | 8 | 0 | nr_events: unsigned UNSIGNED FIXED 8 wide
          int op                         | 8 | 0 | op: int UNSIGNED FIXED 8 wide
          u8 a                           | 1 | 0 | a: u8 UNSIGNED FIXED 1
          char a                         | 1 | 1 | a: char SIGNED FIXED 1
          char a                         | 1 | 0 | a: char UNSIGNED FIXED 1
          unsigned long long x           | 8 | 0 | x: unsigned long long UNSIGNED FIXED 8 wide
          const enum landlock_rule_type t| 8 | 0 | t: const enum landlock_rule_type UNSIGNED FIXED 8 wide
          some_driver_t x                | 2 | 1 | x: some_driver_t SIGNED FIXED 2
          # pointers
          void * p                       | 8 | 0 | p: void * UNSIGNED FIXED 8 wide
          void* p                        | 8 | 0 | p: void* UNSIGNED FIXED 8 wide
          void *p                        | 8 | 0 | p: void * UNSIGNED FIXED 8 wide
          const char * s                 | 8 | 0 | s: const char * UNSIGNED FIXED 8 wide
          const char *const * s          | 8 | 0 | s: const char *const * UNSIGNED FIXED 8 wide
          void __seg_gs * ptr            | 8 | 0 | ptr: void __seg_gs * UNSIGNED FIXED 8 wide
          struct page * page             | 8 | 0 | page: struct page * UNSIGNED FIXED 8 wide
          const char __attribute__((btf_type_tag("user"))) * s | 8 | 0 | s: const char __attribute__((btf_type_tag("user"))) * UNSIGNED FIXED 8 wide
          int (*fn)(void *, int)         | 8 | 0 | fn: int (*)(void *, int) UNSIGNED FIXED 8 wide
          # bool
          bool b                         | 1 | 0 | b: bool BOOL FIXED 1
          bool b                         | 1 | 1 | b: bool BOOL FIXED 1
          bool b                         | 8 | 0 | b: bool UNSIGNED FIXED 8 wide
          # strings
          char comm[16]                  | 16 | 1 | comm: char[16] STRING FIXED 1
          char comm[TASK_COMM_LEN]       | 16 | 1 | comm: char[TASK_COMM_LEN] STRING FIXED 1
          char comm[]                    | 16 | 1 | comm: char[] STRING FIXED 1
          char buf[]                     | 0 | 1 | buf: char[] STRING REST 1
          const char name[32]            | 32 | 0 | name: const char[32] STRING FIXED 1
          __data_loc char[] name         | 4 | 1 | name: __data_loc char[] STRING DATA_LOC 1
          __data_loc char[] name         | 8 | 1 | name: __data_loc char[] STRING DATA_LOC 1
          __data_loc char[] name         | 2 | 1 | name: __data_loc char[] STRING DATA_LOC 1
          __rel_loc char name[]          | 4 | 1 | name: __rel_loc char[] STRING REL_LOC 1
          __rel_loc char[] name          | 4 | 1 | name: __rel_loc char[] STRING REL_LOC 1
          # bytes
          u8 mac[6]                      | 6 | 0 | mac: u8[6] BYTES FIXED 1
          __u8 buf[32 + 2]               | 34 | 0 | buf: __u8[32 + 2] BYTES FIXED 1
          unsigned char a[sizeof(struct sockaddr_in6)] | 28 | 0 | a: unsigned char[sizeof(struct sockaddr_in6)] BYTES FIXED 1
          s8 a[4]                        | 4 | 1 | a: s8[4] BYTES FIXED 1
          signed char a[4]               | 4 | 1 | a: signed char[4] BYTES FIXED 1
          u8 buf[]                       | 0 | 0 | buf: u8[] BYTES REST 1
          __data_loc u8[] buf            | 4 | 0 | buf: __data_loc u8[] BYTES DATA_LOC 1
          __rel_loc u8 buf[]             | 4 | 0 | buf: __rel_loc u8[] BYTES REL_LOC 1
          struct drm_rect r              | 16 | 0 | r: struct drm_rect BYTES FIXED 1
          struct crw crw                 | 4 | 0 | crw: struct crw BYTES FIXED 1
          union orb orb                  | 8 | 0 | orb: union orb BYTES FIXED 1
          guid_t g                       | 16 | 0 | g: guid_t BYTES FIXED 1
          struct foo f[2]                | 8 | 0 | f: struct foo[2] BYTES FIXED 1
          # arrays of integers
          u32 a[4]                       | 16 | 0 | a: u32[4] UNSIGNED_ARRAY FIXED 4
          int a[4]                       | 16 | 1 | a: int[4] SIGNED_ARRAY FIXED 4
          unsigned long caller[8]        | 64 | 0 | caller: unsigned long[8] UNSIGNED_ARRAY FIXED 8 wide
          nid_t nid[3]                   | 4 | 0 | nid: nid_t[3] UNSIGNED_ARRAY FIXED 4
          foo_t a[3]                     | 6 | 0 | a: foo_t[3] UNSIGNED_ARRAY FIXED 2
          foo_t a[30+1]                  | 62 | 0 | a: foo_t[30+1] UNSIGNED_ARRAY FIXED 2
          foo_t a[(2) * 2]               | 32 | 0 | a: foo_t[(2) * 2] UNSIGNED_ARRAY FIXED 8 wide
          u32 a[(sizeof(struct foo) / 32)] | 64 | 0 | a: u32[(sizeof(struct foo) / 32)] UNSIGNED_ARRAY FIXED 4
          int a[NUM_NL80211_BANDS]       | 24 | 1 | a: int[NUM_NL80211_BANDS] SIGNED_ARRAY FIXED 4
          u32 a[2][3]                    | 24 | 0 | a: u32[2][3] UNSIGNED_ARRAY FIXED 4
          void * p[2]                    | 16 | 0 | p: void *[2] UNSIGNED_ARRAY FIXED 8 wide
          bool b[3]                      | 3 | 0 | b: bool[3] UNSIGNED_ARRAY FIXED 1
          u64 how[]                      | 16 | 0 | how: u64[] UNSIGNED_ARRAY FIXED 8 wide
          u32 buf[]                      | 0 | 0 | buf: u32[] UNSIGNED_ARRAY REST 4
          u32 buf[0]                     | 0 | 0 | buf: u32[0] UNSIGNED_ARRAY REST 4
          __data_loc u16[] a             | 4 | 0 | a: __data_loc u16[] UNSIGNED_ARRAY DATA_LOC 2
          __data_loc int[] a             | 4 | 1 | a: __data_loc int[] SIGNED_ARRAY DATA_LOC 4
          __rel_loc s64 a[]              | 4 | 1 | a: __rel_loc s64[] SIGNED_ARRAY REL_LOC 8 wide
          __data_loc unsigned long[] a   | 4 | 0 | a: __data_loc unsigned long[] UNSIGNED_ARRAY DATA_LOC 8 wide
          # sets of bits
          __data_loc cpumask_t mask      | 4 | 0 | mask: __data_loc cpumask_t BITMASK DATA_LOC 8 wide
          cpumask_t mask                 | 16 | 0 | mask: cpumask_t BITMASK FIXED 8 wide
          # no sign column: the type's best guess
          int a                          | 4 | - | a: int SIGNED FIXED 4 unknown sign
          unsigned int a                 | 4 | - | a: unsigned int UNSIGNED FIXED 4 unknown sign
          pid_t pid                      | 4 | - | pid: pid_t SIGNED FIXED 4 unknown sign
          void * p                       | 8 | - | p: void * UNSIGNED FIXED 8 wide unknown sign
          char comm[16]                  | 16 | - | comm: char[16] STRING FIXED 1 unknown sign
          s64 a[2]                       | 16 | - | a: s64[2] SIGNED_ARRAY FIXED 8 wide unknown sign
          # names
          int errno                      | 4 | 1 | errno: int SIGNED FIXED 4
          unsigned long graph_ent.func   | 8 | 0 | graph_ent.func: unsigned long UNSIGNED FIXED 8 wide
          u32 int                        | 4 | 0 | int: u32 UNSIGNED FIXED 4
          int x __attribute__((packed))  | 4 | 1 | x: int SIGNED FIXED 4
          """)
  void the_columns_are_the_truth_and_the_type_fills_the_gaps(
      String declaration, int size, String sign, String expected) {
    assertEquals(expected, compiled(Target.LITTLE_64, declaration, size, sign));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          long a                       | 4 | 1 | a: long SIGNED FIXED 4 wide
          unsigned long a              | 4 | 0 | a: unsigned long UNSIGNED FIXED 4 wide
          size_t a                     | 4 | 0 | a: size_t UNSIGNED FIXED 4 wide
          void * p                     | 4 | 0 | p: void * UNSIGNED FIXED 4 wide
          loff_t a                     | 8 | 1 | a: loff_t SIGNED FIXED 8 wide
          ino_t a                      | 4 | 0 | a: ino_t UNSIGNED FIXED 4
          long a[3]                    | 12 | 1 | a: long[3] SIGNED_ARRAY FIXED 4 wide
          __data_loc unsigned long[] a | 4 | 0 | a: __data_loc unsigned long[] UNSIGNED_ARRAY DATA_LOC 4 wide
          cpumask_t mask               | 4 | 0 | mask: cpumask_t BITMASK FIXED 4 wide
          """)
  void long_and_pointers_are_wide_on_32_bits(
      String declaration, int size, String sign, String expected) {
    assertEquals(expected, compiled(BIG_32, declaration, size, sign));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          foo_t a                | 3 | a: foo_t BYTES FIXED 1   | x:9:2: warning FIELD_SIZE_ODD: a of type foo_t has 3 bytes, which is no integer's size; it is read as bytes
          int a                  | 0 | a: int BYTES FIXED 1     | x:9:2: warning FIELD_SIZE_ODD: a of type int has 0 bytes, which is no integer's size; it is read as bytes
          cpumask_t a            | 4 | a: cpumask_t BYTES FIXED 1 | x:9:2: warning FIELD_SIZE_ODD: a has 4 bytes, which is no multiple of the word size 8; it is read as bytes
          __data_loc char[] a    | 3 | a: __data_loc char[] BYTES FIXED 1 | x:9:2: warning FIELD_SIZE_ODD: expected a location word of 4 bytes but a has 3; it is read as bytes
          foo_t a[]              | 0 | a: foo_t[] BYTES REST 1  | x:9:2: warning FIELD_ELEMENT_UNKNOWN: how large the elements of a are, whose type is foo_t[], is not known; it is read as bytes
          __data_loc foo_t[] a   | 4 | a: __data_loc foo_t[] BYTES DATA_LOC 1 | x:9:2: warning FIELD_ELEMENT_UNKNOWN: how large the elements of a are, whose type is __data_loc foo_t[], is not known; it is read as bytes
          foo_t a[FOO]           | 12 | a: foo_t[FOO] BYTES FIXED 1 | x:9:2: warning FIELD_ELEMENT_UNKNOWN: how large the elements of a are, whose type is foo_t[FOO], is not known; it is read as bytes
          """)
  void what_is_not_known_is_bytes_with_a_warning(
      String declaration, int size, String expected, String warning) {
    FormatCompiler.Result result =
        new FormatCompiler().compile("x", format(declaration, size, "0", "\"\""), Target.LITTLE_64);
    assertEquals(expected, described(result.layout().orElseThrow().fields().getFirst()));
    assertEquals(
        List.of(warning), result.diagnostics().stream().map(Diagnostic::toString).toList());
  }

  @Test
  void an_array_of_words_that_is_printed_as_a_bitmask_is_one() {
    for (String helper : List.of("__get_bitmask", "__get_cpumask", "__get_rel_bitmask")) {
      byte[] format = format("__data_loc unsigned long[] m", 4, "0", "\"%s\", " + helper + "(m)");
      assertEquals(
          "m: __data_loc unsigned long[] BITMASK DATA_LOC 8 wide",
          described(
              new FormatCompiler()
                  .compile("x", format, Target.LITTLE_64)
                  .layout()
                  .orElseThrow()
                  .fields()
                  .getFirst()));
    }
  }

  @Test
  void fields_of_one_name_count_their_occurrences() {
    byte[] format =
        """
        name: x
        ID: 1
        format:
        \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
        \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
        \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
        \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

        \tfield:__data_loc char[] ring;\toffset:8;\tsize:4;\tsigned:1;
        \tfield:u32 ring;\toffset:12;\tsize:4;\tsigned:0;

        print fmt: "%s %s", __get_str(ring), __print_symbolic(REC->ring, {1, "ONE"})
        """
            .getBytes(StandardCharsets.UTF_8);
    List<Field> fields =
        new FormatCompiler().compile("x", format, Target.LITTLE_64).layout().orElseThrow().fields();
    assertEquals(List.of(0, 1), fields.stream().map(Field::occurrence).toList());
    assertEquals(List.of(0, 1), fields.stream().map(field -> field.symbols().size()).toList());
  }

  private static String compiled(Target target, String declaration, int size, String sign) {
    FormatCompiler.Result result =
        new FormatCompiler().compile("x", format(declaration, size, sign, "\"x\""), target);
    assertEquals(List.of(), result.diagnostics());
    return described(result.layout().orElseThrow().fields().getFirst());
  }

  private static String described(Field field) {
    return field.name()
        + ": "
        + field.cType()
        + " "
        + field.kind()
        + " "
        + field.placement()
        + " "
        + field.elementSize()
        + (field.wide() ? " wide" : "")
        + (field.signed().isEmpty() ? " unknown sign" : "");
  }

  private static byte[] format(String declaration, int size, String sign, String print) {
    String column = sign.equals("-") ? "" : "\tsigned:" + sign + ";";
    return """
    name: x
    ID: 1
    format:
    \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
    \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
    \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
    \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

    \tfield:%s;\toffset:8;\tsize:%d;%s

    print fmt: %s
    """
        .formatted(declaration, size, column, print)
        .getBytes(StandardCharsets.UTF_8);
  }
}
