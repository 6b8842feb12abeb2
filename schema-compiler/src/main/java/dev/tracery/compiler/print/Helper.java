package dev.tracery.compiler.print;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The functions that the kernel gives to print formats: one row for each
/// (include/trace/stages/stage3_trace_output.h, Linux 6.12, and the older headers' names).
public enum Helper {
  /// The address of a `__data_loc` array.
  GET_DYNAMIC_ARRAY("__get_dynamic_array", Takes.FIELD, 1, 1),
  /// Its length in bytes.
  GET_DYNAMIC_ARRAY_LEN("__get_dynamic_array_len", Takes.FIELD, 1, 1),
  /// The address of a `__rel_loc` array.
  GET_REL_DYNAMIC_ARRAY("__get_rel_dynamic_array", Takes.FIELD, 1, 1),
  /// Its length in bytes.
  GET_REL_DYNAMIC_ARRAY_LEN("__get_rel_dynamic_array_len", Takes.FIELD, 1, 1),
  /// A `__data_loc` string.
  GET_STR("__get_str", Takes.FIELD, 1, 1),
  /// A `__rel_loc` string.
  GET_REL_STR("__get_rel_str", Takes.FIELD, 1, 1),
  /// A bitmask as words in hexadecimal.
  GET_BITMASK("__get_bitmask", Takes.FIELD, 1, 1),
  /// The same in a `__rel_loc` array.
  GET_REL_BITMASK("__get_rel_bitmask", Takes.FIELD, 1, 1),
  /// A bitmask as a list of CPUs.
  GET_CPUMASK("__get_cpumask", Takes.FIELD, 1, 1),
  /// The same in a `__rel_loc` array.
  GET_REL_CPUMASK("__get_rel_cpumask", Takes.FIELD, 1, 1),
  /// A `struct sockaddr *`.
  GET_SOCKADDR("__get_sockaddr", Takes.FIELD, 1, 1),
  /// The same in a `__rel_loc` array.
  GET_REL_SOCKADDR("__get_rel_sockaddr", Takes.FIELD, 1, 1),
  /// Addresses of a stack, one a line (synthetic events).
  GET_STACKTRACE("__get_stacktrace", Takes.FIELD, 1, 1),
  /// A scratch buffer of so many bytes.
  GET_BUF("__get_buf", Takes.VALUES, 1, 1),
  /// Value, delimiter, then masks and their names.
  PRINT_FLAGS("__print_flags", Takes.NAMES, 2, 2),
  /// The same in 64 bits.
  PRINT_FLAGS_U64("__print_flags_u64", Takes.NAMES, 2, 2),
  /// Value, then values and their names.
  PRINT_SYMBOLIC("__print_symbolic", Takes.NAMES, 1, 1),
  /// The same in 64 bits.
  PRINT_SYMBOLIC_U64("__print_symbolic_u64", Takes.NAMES, 1, 1),
  /// Buffer and length: `01 02 03`.
  PRINT_HEX("__print_hex", Takes.VALUES, 2, 2),
  /// The same under its old name.
  FTRACE_PRINT_HEX_SEQ("ftrace_print_hex_seq", Takes.VALUES, 2, 3),
  /// Buffer and length: `010203`.
  PRINT_HEX_STR("__print_hex_str", Takes.VALUES, 2, 2),
  /// Buffer, count and element size: `{0x1,0x2}`.
  PRINT_ARRAY("__print_array", Takes.VALUES, 3, 3),
  /// Field and element size.
  PRINT_DYNAMIC_ARRAY("__print_dynamic_array", Takes.FIELD, 2, 2),
  /// Prefix, type, row size, group size, buffer, length, whether with ASCII.
  PRINT_HEX_DUMP("__print_hex_dump", Takes.VALUES, 7, 7),
  /// Nanoseconds, in whole seconds.
  PRINT_NS_TO_SECS("__print_ns_to_secs", Takes.VALUES, 1, 1),
  /// Nanoseconds, without the whole seconds.
  PRINT_NS_WITHOUT_SECS("__print_ns_without_secs", Takes.VALUES, 1, 1),
  /// Whether the common flags say: hard interrupt.
  EVENT_IN_HARDIRQ("__event_in_hardirq", Takes.VALUES, 0, 0),
  /// Whether the common flags say: soft interrupt.
  EVENT_IN_SOFTIRQ("__event_in_softirq", Takes.VALUES, 0, 0),
  /// Whether the common flags say: any interrupt.
  EVENT_IN_IRQ("__event_in_irq", Takes.VALUES, 0, 0);

  private static final Map<String, Helper> BY_NAME = byName();

  private final String functionName;
  private final Takes takes;
  private final int minArguments;
  private final int maxArguments;

  Helper(String functionName, Takes takes, int minArguments, int maxArguments) {
    this.functionName = functionName;
    this.takes = takes;
    this.minArguments = minArguments;
    this.maxArguments = maxArguments;
  }

  /// What the arguments are.
  enum Takes {
    /// The name of a field, then values.
    FIELD,
    /// Values.
    VALUES,
    /// Values, then pairs of a value and its name in braces.
    NAMES
  }

  /// The helper of that name.
  ///
  /// @return null if there is none
  static @Nullable Helper named(String name) {
    return BY_NAME.get(name);
  }

  /// How print formats spell it.
  public String functionName() {
    return functionName;
  }

  /// What it is called with.
  Takes takes() {
    return takes;
  }

  /// Whether it can be called with so many arguments, pairs of names not counted.
  boolean accepts(int arguments) {
    return arguments >= minArguments && arguments <= maxArguments;
  }

  /// Whether it names values.
  public boolean namesValues() {
    return takes == Takes.NAMES;
  }

  /// Whether its field is a set of bits.
  public boolean readsBitmask() {
    return switch (this) {
      case GET_BITMASK, GET_REL_BITMASK, GET_CPUMASK, GET_REL_CPUMASK -> true;
      default -> false;
    };
  }

  private static Map<String, Helper> byName() {
    Map<String, Helper> byName = new HashMap<>();
    for (Helper helper : values()) {
      byName.put(helper.functionName, helper);
    }
    // Why: a name that other tools spell so; no kernel does.
    byName.put("__get_sockaddr_rel", GET_REL_SOCKADDR);
    return Map.copyOf(byName);
  }
}
