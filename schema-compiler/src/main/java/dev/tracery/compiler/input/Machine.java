package dev.tracery.compiler.input;

import dev.tracery.model.ByteOrder;
import dev.tracery.model.WordSize;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What a machine's name (`uname -m`: `UTS_MACHINE` and `init_uts_ns` in the kernel's arch folders)
/// says of its kernels.
///
/// @param byteOrder empty where kernels of both orders have the name
/// @param wordSize empty where kernels of both sizes have the name
public record Machine(Optional<ByteOrder> byteOrder, Optional<WordSize> wordSize) {

  private static final Machine LITTLE_64 = of(ByteOrder.LITTLE_ENDIAN, WordSize.BITS_64);
  private static final Machine LITTLE_32 = of(ByteOrder.LITTLE_ENDIAN, WordSize.BITS_32);
  private static final Machine BIG_64 = of(ByteOrder.BIG_ENDIAN, WordSize.BITS_64);
  private static final Machine BIG_32 = of(ByteOrder.BIG_ENDIAN, WordSize.BITS_32);
  private static final Machine UNKNOWN = new Machine(Optional.empty(), Optional.empty());

  private static final Map<String, Machine> BY_NAME = new HashMap<>();

  static {
    name(LITTLE_64, "x86_64", "aarch64", "riscv64", "ppc64le", "loongarch64", "alpha", "ia64");
    name(LITTLE_32, "i386", "i486", "i586", "i686", "riscv32", "ppcle", "loongarch32");
    name(LITTLE_32, "armv4tl", "armv5tel", "armv5tejl", "armv6l", "armv7l", "armv7ml");
    name(BIG_64, "s390x", "ppc64", "sparc64", "parisc64", "aarch64_be");
    name(BIG_32, "s390", "ppc", "sparc", "parisc", "m68k", "armv5teb", "armv6b", "armv7b");
    // Why: MIPS kernels of both byte orders have one name, and an arm64 kernel tells 32-bit
    // processes the armv8 names.
    name(new Machine(Optional.empty(), Optional.of(WordSize.BITS_64)), "mips64");
    name(new Machine(Optional.empty(), Optional.of(WordSize.BITS_32)), "mips");
    name(new Machine(Optional.of(ByteOrder.LITTLE_ENDIAN), Optional.empty()), "armv8l");
    name(new Machine(Optional.of(ByteOrder.BIG_ENDIAN), Optional.empty()), "armv8b");
  }

  /// What is known of the machine; nothing for a name that is not in the table.
  public static Machine named(String name) {
    return BY_NAME.getOrDefault(name, UNKNOWN);
  }

  /// Whether the table has the name.
  public static boolean isKnown(String name) {
    return BY_NAME.containsKey(name);
  }

  private static Machine of(ByteOrder order, WordSize size) {
    return new Machine(Optional.of(order), Optional.of(size));
  }

  private static void name(Machine machine, String... names) {
    for (String name : names) {
      BY_NAME.put(name, machine);
    }
  }
}
