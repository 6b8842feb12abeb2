package dev.tracery.compiler.syntax;

import dev.tracery.model.WordSize;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is known of a C type by its name: one row for each.
///
/// The sizes and signs are those of the kernel's headers (include/linux/types.h,
/// include/uapi/asm-generic/posix_types.h, fs/xfs/libxfs/xfs_types.h, fs/ext4/ext4.h and others,
/// Linux 5.10 to 6.12). They are asked only where the columns do not tell: for the elements of
/// arrays, and for the sign in old kernels.
///
/// @param shape what the type is
/// @param size in bytes; [#WORD] for the kernel's word size; 0 where it is not known
/// @param signed whether integers of it are signed
/// @param wide whether the schema holds it in 64 bits even where it has 4 bytes
public record TypeRule(Shape shape, int size, boolean signed, boolean wide) {

  /// What a type is.
  public enum Shape {
    /// An integer, or an enum.
    INTEGER,
    /// Plain `char`: arrays of it are text.
    CHARACTER,
    /// An integer of one byte whose arrays are bytes.
    BYTE,
    /// `bool`.
    BOOL,
    /// A set of bits in words.
    BITMASK,
    /// A struct or something like it, whatever its size.
    OPAQUE
  }

  /// A size: the kernel's word size.
  public static final int WORD = -1;

  /// Any pointer.
  public static final TypeRule POINTER = new TypeRule(Shape.INTEGER, WORD, false, true);

  /// Any `struct` and `union`.
  public static final TypeRule STRUCT = new TypeRule(Shape.OPAQUE, 0, false, false);

  /// Any `enum`.
  public static final TypeRule ENUM = new TypeRule(Shape.INTEGER, 4, false, false);

  /// A type without a row.
  public static final TypeRule UNKNOWN = new TypeRule(Shape.INTEGER, 0, false, false);

  private static final Map<String, TypeRule> RULES = rules();

  /// The row of a type that is no pointer.
  ///
  /// @param base its words without qualifiers: `unsigned long`, `struct page`
  public static TypeRule of(String base) {
    TypeRule rule = find(base);
    if (rule != null) {
      return rule;
    }
    if (base.startsWith("struct ") || base.startsWith("union ")) {
      return STRUCT;
    }
    return base.startsWith("enum ") ? ENUM : UNKNOWN;
  }

  /// The row of a type by its very name.
  public static @Nullable TypeRule find(String base) {
    return RULES.get(base);
  }

  /// The size in bytes; 0 where it is not known.
  public int sizeFor(WordSize wordSize) {
    return size == WORD ? wordSize.bytes() : size;
  }

  private static Map<String, TypeRule> rules() {
    Map<String, TypeRule> rules = new HashMap<>();
    add(rules, Shape.CHARACTER, 1, true, "char");
    add(rules, Shape.BYTE, 1, true, "signed char", "s8", "__s8", "int8_t", "__int8_t");
    add(
        rules,
        Shape.BYTE,
        1,
        false,
        "unsigned char",
        "u8",
        "__u8",
        "uint8_t",
        "u_char",
        "uchar",
        "unchar",
        "u_int8_t",
        "byte");
    add(rules, Shape.BOOL, 1, false, "bool", "_Bool");
    add(
        rules,
        Shape.INTEGER,
        2,
        true,
        "short",
        "short int",
        "signed short",
        "signed short int",
        "s16",
        "__s16",
        "int16_t");
    add(
        rules,
        Shape.INTEGER,
        2,
        false,
        "unsigned short",
        "unsigned short int",
        "short unsigned int",
        "u16",
        "__u16",
        "uint16_t",
        "u_int16_t",
        "u_short",
        "ushort",
        "__be16",
        "__le16",
        "__sum16",
        "umode_t",
        "sa_family_t",
        "__kernel_sa_family_t",
        "old_uid_t",
        "old_gid_t");
    add(
        rules,
        Shape.INTEGER,
        4,
        true,
        "int",
        "signed",
        "signed int",
        "s32",
        "__s32",
        "int32_t",
        "pid_t",
        "__kernel_pid_t",
        "key_t",
        "clockid_t",
        "key_serial_t",
        "timer_t",
        "mqd_t",
        "rwf_t",
        "__kernel_rwf_t",
        "dma_cookie_t",
        "old_time32_t");
    add(
        rules,
        Shape.INTEGER,
        4,
        false,
        "unsigned",
        "unsigned int",
        "u32",
        "__u32",
        "uint32_t",
        "u_int32_t",
        "OM_uint32",
        "uint",
        "u_int",
        "__be32",
        "__le32",
        "__wsum",
        "gfp_t",
        "dev_t",
        "uid_t",
        "gid_t",
        "qid_t",
        "projid_t",
        "prid_t",
        "kuid_t",
        "kgid_t",
        "fmode_t",
        "slab_flags_t",
        "blk_opf_t",
        "blk_mq_req_flags_t",
        "vm_fault_t",
        "nid_t",
        "block_t",
        "errseq_t",
        "tid_t",
        "xlog_tid_t",
        "ext4_lblk_t",
        "ext4_grpblk_t",
        "xfs_agnumber_t",
        "xfs_agblock_t",
        "xfs_agino_t",
        "xfs_extlen_t",
        "xfs_dahash_t",
        "xfs_nlink_t",
        "erofs_blk_t");
    add(
        rules,
        Shape.INTEGER,
        8,
        true,
        "long long",
        "long long int",
        "signed long long",
        "signed long long int",
        "s64",
        "__s64",
        "int64_t",
        "loff_t",
        "ktime_t",
        "time64_t",
        "xfs_off_t",
        "xfs_fsize_t",
        "xfs_lsn_t",
        "xfs_daddr_t");
    add(
        rules,
        Shape.INTEGER,
        8,
        false,
        "unsigned long long",
        "unsigned long long int",
        "long long unsigned int",
        "u64",
        "__u64",
        "uint64_t",
        "u_int64_t",
        "__be64",
        "__le64",
        "sector_t",
        "blkcnt_t",
        "xfs_ino_t",
        "xfs_fsblock_t",
        "xfs_fileoff_t",
        "xfs_filblks_t",
        "xfs_rtblock_t",
        "ext4_fsblk_t",
        "gpa_t",
        "gfn_t",
        "hpa_t",
        "hfn_t",
        "erofs_nid_t",
        "erofs_off_t");
    addWide(
        rules,
        true,
        "long",
        "long int",
        "signed long",
        "signed long int",
        "ssize_t",
        "__kernel_ssize_t",
        "intptr_t",
        "ptrdiff_t");
    addWide(
        rules,
        false,
        "unsigned long",
        "unsigned long int",
        "long unsigned int",
        "ulong",
        "u_long",
        "size_t",
        "__kernel_size_t",
        "uintptr_t");
    add(
        rules,
        Shape.INTEGER,
        WORD,
        true,
        "off_t",
        "__kernel_off_t",
        "__kernel_old_time_t",
        "clock_t",
        "time_t");
    add(
        rules,
        Shape.INTEGER,
        WORD,
        false,
        "kernel_ulong_t",
        "gva_t",
        "aio_context_t",
        "vm_flags_t",
        "ino_t",
        "pteval_t",
        "pmdval_t",
        "pudval_t",
        "p4dval_t",
        "pgdval_t",
        "old_sigset_t");
    add(
        rules,
        Shape.BITMASK,
        WORD,
        false,
        "cpumask_t",
        "struct cpumask",
        "nodemask_t",
        "cpumask_var_t");
    add(rules, Shape.OPAQUE, 16, false, "guid_t", "uuid_t", "uuid_le", "uuid_be");
    return Map.copyOf(rules);
  }

  private static void add(
      Map<String, TypeRule> rules, Shape shape, int size, boolean signed, String... names) {
    TypeRule rule = new TypeRule(shape, size, signed, shape == Shape.BITMASK);
    for (String name : names) {
      put(rules, name, rule);
    }
  }

  private static void addWide(Map<String, TypeRule> rules, boolean signed, String... names) {
    TypeRule rule = new TypeRule(Shape.INTEGER, WORD, signed, true);
    for (String name : names) {
      put(rules, name, rule);
    }
  }

  private static void put(Map<String, TypeRule> rules, String name, TypeRule rule) {
    if (rules.put(name, rule) != null) {
      throw new IllegalStateException("two rows for " + name);
    }
  }
}
