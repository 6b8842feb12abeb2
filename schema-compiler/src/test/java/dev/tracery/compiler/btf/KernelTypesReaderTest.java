package dev.tracery.compiler.btf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import dev.tracery.v1.EventStruct;
import dev.tracery.v1.KernelTypes;
import dev.tracery.v1.Tracepoint;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KernelTypesReaderTest {

  private static final Target LITTLE = new Target(WordSize.BITS_64, ByteOrder.LITTLE_ENDIAN);

  private final BtfWriter btf = new BtfWriter(ByteOrder.LITTLE_ENDIAN);

  /// A line for each tracepoint, struct and member.
  static String text(KernelTypes types) {
    StringBuilder text = new StringBuilder();
    for (Tracepoint tracepoint : types.getTracepointsList()) {
      text.append(tracepoint.getName())
          .append(
              tracepoint.getParameters().getParametersList().stream()
                  .map(parameter -> (parameter.getType() + " " + parameter.getName()).strip())
                  .collect(Collectors.joining(", ", "(", ")\n")));
    }
    for (EventStruct struct : types.getStructsList()) {
      text.append(struct.getName()).append(": ").append(struct.getSize()).append('\n');
      struct
          .getMembersList()
          .forEach(member ->
              text.append(
                  String.format(
                      "%4d %3d %-7s %s%s %s%n",
                      member.getBitOffset(),
                      member.getBitSize(),
                      member.getKind().name().substring("MEMBER_KIND_".length()),
                      member.getSigned() ? "signed " : "",
                      member.getType(),
                      member.getName())));
    }
    return text.toString();
  }

  private String read() {
    return read(btf.bytes(), LITTLE);
  }

  private static String read(byte[] bytes, Target target) {
    KernelTypesReader.Result result = KernelTypesReader.read("vmlinux", bytes, target);
    return result.diagnostics().stream().map(Diagnostic::toString).collect(Collectors.joining("\n"))
        + result.types().map(KernelTypesReaderTest::text).orElse("");
  }

  /// Every kind of type, 1 to 19.
  static byte[] everyKind(ByteOrder order) {
    BtfWriter btf = new BtfWriter(order);
    int integer = btf.integer("int", 4, BtfWriter.SIGNED);
    int wide = btf.integer("long unsigned int", 8, 0);
    int bool = btf.integer("_Bool", 1, BtfWriter.BOOL);
    int character = btf.integer("char", 1, 0);
    int pid = btf.typedef("pid_t", integer);
    int union = btf.composite(5, false, "", 8, "w", wide, 0, "i", integer, 0);
    int task = btf.type(7, false, "task_struct", 0, 0);
    int state = btf.type(6, true, "state", 1, 4, 0, -1);
    int big = btf.type(19, false, "big", 1, 8, 0, 1, 2);
    int floating = btf.type(16, false, "double", 0, 8);
    int text = btf.pointer(btf.qualifier(10, character));
    int tagged = btf.pointer(btf.qualifier(18, btf.qualifier(9, task)));
    int restricted = btf.qualifier(11, btf.pointer(0));
    int callback = btf.pointer(btf.prototype(bool, "", text, "", 0));
    btf.type(14, false, "jiffies", 0, wide, 1);
    btf.type(15, false, ".data", 1, 8, 1, 0, 8);
    btf.type(17, false, "tag", 0, task, -1);
    btf.function("unrelated", btf.prototype(0));
    btf.typedef(
        "btf_trace_every_kind",
        btf.pointer(
            btf.prototype(
                0,
                "",
                btf.pointer(0),
                "",
                bool,
                "",
                tagged,
                "",
                text,
                "",
                callback,
                "",
                restricted,
                "",
                state,
                "",
                big,
                "",
                floating,
                "",
                btf.pointer(btf.array(pid, 3)))));
    btf.function(
        "__traceiter_every_kind",
        btf.prototype(
            integer,
            "__data",
            btf.pointer(0),
            "on",
            bool,
            "task",
            tagged,
            "comm",
            text,
            "call",
            callback,
            "any",
            restricted,
            "state",
            state,
            "big",
            big,
            "odd",
            floating,
            "pids",
            btf.pointer(btf.array(pid, 3))));
    btf.composite(
        4,
        true,
        "trace_event_raw_every_kind",
        80,
        "comm",
        btf.array(character, 16),
        0,
        "pid",
        pid,
        128,
        "low",
        integer,
        3 << 24 | 160,
        "high",
        integer,
        5 << 24 | 163,
        "state",
        btf.qualifier(10, state),
        192,
        "big",
        big,
        256,
        "task",
        tagged,
        320,
        "",
        union,
        384,
        "nested",
        btf.struct("timer", 8, "t", wide, 0),
        448,
        "odd",
        floating,
        512,
        "__data",
        btf.array(character, 0),
        576);
    return btf.bytes();
  }

  @ParameterizedTest
  @EnumSource(ByteOrder.class)
  void every_kind_of_type_is_read_in_both_byte_orders(ByteOrder order) {
    assertEquals(
        """
        every_kind(_Bool on, volatile struct task_struct * task, const char * comm, \
        _Bool (*)(const char *, ...) call, void *restrict any, enum state state, enum big big, \
        double odd, pid_t (*)[3] pids)
        trace_event_raw_every_kind: 80
           0 128 ARRAY   char[16] comm
         128  32 INTEGER signed pid_t pid
         160   3 INTEGER signed int low
         163   5 INTEGER signed int high
         192  32 INTEGER signed const enum state state
         256  64 INTEGER enum big big
         320  64 POINTER volatile struct task_struct * task
         384  64 UNION   union { unsigned long w; int i; }\s
         448  64 STRUCT  struct timer nested
         512  64 OTHER   double odd
         576   0 ARRAY   char[] __data
        """,
        read(everyKind(order), new Target(WordSize.BITS_64, order)));
  }

  @Test
  void a_pointer_of_a_32_bit_kernel_has_32_bits() {
    btf.integer("long int", 4, BtfWriter.SIGNED);
    btf.struct("trace_event_raw_a", 4, "task", btf.pointer(0), 0);
    assertEquals(
        """
        trace_event_raw_a: 4
           0  32 POINTER void * task
        """,
        read(btf.bytes(), new Target(WordSize.BITS_32, ByteOrder.LITTLE_ENDIAN)));
  }

  @Test
  void a_bitfield_of_old_btf_is_an_integer_with_an_offset_of_its_own() {
    int bits = btf.type(1, false, "unsigned int", 0, 4, 5 << 16 | 3);
    btf.struct("trace_event_raw_a", 4, "flags", bits, 32);
    assertEquals(
        """
        trace_event_raw_a: 4
          37   3 INTEGER unsigned int flags
        """,
        read());
  }

  @Test
  void what_is_named_like_a_tracepoint_and_is_none_is_left_out() {
    int integer = btf.integer("int", 4, BtfWriter.SIGNED);
    btf.typedef("btf_trace_not_a_pointer", integer);
    btf.typedef("btf_trace_no_parameters", btf.pointer(btf.prototype(0)));
    btf.typedef("btf_trace_one", btf.pointer(btf.prototype(0, "", btf.pointer(0), "", integer)));
    btf.typedef("btf_trace_one", btf.pointer(btf.prototype(0, "", btf.pointer(0))));
    assertEquals(
        """
        vmlinux@64: warning BTF_TRACEPOINT_ODD: btf_trace_not_a_pointer is no pointer to a function \
        that takes a pointer first; it is left out
        vmlinux@64: warning BTF_TRACEPOINT_ODD: btf_trace_no_parameters is no pointer to a function \
        that takes a pointer first; it is left out
        vmlinux@196: warning BTF_NAME_REPEATED: btf_trace_one is there more than once, with \
        different content; the first is takenone(int)
        """,
        read().replaceAll("@(40|76) ?", "@64"));
  }

  @Test
  void types_that_refer_to_themselves_are_damage() {
    btf.struct("trace_event_raw_a", 4, "loop", 2, 0);
    btf.typedef("a", 3);
    btf.typedef("b", 2);
    assertEquals(
        "vmlinux@48: error BTF_LOOPS: type 2 is reached by 64 typedefs and arrays, or is its own",
        read());
  }

  @Test
  void a_type_that_grows_without_end_is_damage() {
    int first = btf.prototype(0, "", 2, "", 2, "", 2);
    btf.pointer(first);
    btf.typedef("btf_trace_a", btf.pointer(btf.prototype(0, "", 2, "", 2)));
    assertEquals(
        "vmlinux@60: error BTF_TYPE_TOO_COMPLEX: type 2 takes more than 4096 characters or 64 levels"
            + " to write down, or refers to itself",
        read());
  }

  @Test
  void a_modules_btf_alone_is_refused() {
    btf.typedef("btf_trace_a", 100_000);
    assertEquals(
        "vmlinux@32: error BTF_DAMAGED: there is no type 100000; the last is 1 (give the kernel's own"
            + " BTF, /sys/kernel/btf/vmlinux; that of a module needs it beneath)",
        read());
    byte[] split = btf.bytes();
    split[36] = 'a';
    assertEquals(
        "vmlinux@36: error BTF_IS_SPLIT: the texts do not begin with an empty one, so this is a"
            + " module's BTF (give the kernel's own BTF, /sys/kernel/btf/vmlinux; that of a module"
            + " needs it beneath)",
        read(split, LITTLE));
  }

  @Test
  void btf_of_another_kernel_is_refused() {
    assertEquals(
        "vmlinux: error BTF_OF_OTHER_TARGET: is the BTF of a big-endian kernel, but the formats are"
            + " of a 64-bit little-endian one (give the BTF of the same kernel)",
        read(everyKind(ByteOrder.BIG_ENDIAN), LITTLE));
    assertEquals(
        "vmlinux: error BTF_OF_OTHER_TARGET: is the BTF of a 64-bit kernel, but the formats are of a"
            + " 32-bit little-endian one (give the BTF of the same kernel)",
        read(
            everyKind(ByteOrder.LITTLE_ENDIAN),
            new Target(WordSize.BITS_32, ByteOrder.LITTLE_ENDIAN)));
  }

  @Test
  void what_is_no_btf_is_refused() {
    assertEquals(
        "vmlinux: error BTF_NOT_RECOGNISED: expected raw BTF, which begins with the bytes eb 9f or 9f"
            + " eb",
        read(new byte[0], LITTLE));
    assertEquals(
        "vmlinux: error BTF_NOT_RECOGNISED: is an ELF file: expected raw BTF, which begins with the"
            + " bytes eb 9f or 9f eb (take the BTF out of it: objcopy --dump-section"
            + " .BTF=vmlinux.btf FILE)",
        read(new byte[] {0x7f, 'E', 'L', 'F', 2}, LITTLE));
    btf.integer("int", 4, 0);
    assertEquals(
        "vmlinux: error BTF_HAS_NO_TRACEPOINTS: has no tracepoint (btf_trace_*) and no struct of an"
            + " event (trace_event_raw_*) (give the BTF of a kernel, /sys/kernel/btf/vmlinux)",
        read());
    byte[] whole = btf.bytes();
    assertEquals(
        "vmlinux@20: error BTF_TRUNCATED: ends within the header of 24 bytes",
        read(Arrays.copyOf(whole, 20), LITTLE));
    assertEquals(
        "vmlinux@16: error BTF_TRUNCATED: the texts are said to end at byte 45 but the file ends at"
            + " byte 44",
        read(Arrays.copyOf(whole, whole.length - 1), LITTLE));
    byte[] version = whole.clone();
    version[2] = 2;
    assertEquals(
        "vmlinux@2: error BTF_VERSION_UNSUPPORTED: expected version 1 of BTF but found 2",
        read(version, LITTLE));
    byte[] kind = whole.clone();
    kind[31] = 20;
    assertEquals(
        "vmlinux@28: error BTF_VERSION_UNSUPPORTED: type 1 is of kind 20; this program knows the"
            + " kinds 1 to 19",
        read(kind, LITTLE));
  }
}
