package dev.tracery.compiler.btf;

/// The kinds of types (`include/uapi/linux/btf.h`, `BTF_KIND_*`), by their numbers, from 0.
///
/// What follows the 12 bytes that every type begins with: `extra` bytes, and `each` bytes as many
/// times as the type's count says.
enum BtfKind {
  /// No type has it: type 0, which is not stored.
  VOID(0, 0),
  INT(4, 0),
  PTR(0, 0),
  ARRAY(12, 0),
  STRUCT(0, 12),
  UNION(0, 12),
  ENUM(0, 8),
  FWD(0, 0),
  TYPEDEF(0, 0),
  VOLATILE(0, 0),
  CONST(0, 0),
  RESTRICT(0, 0),
  /// Its count is its linkage.
  FUNC(0, 0),
  FUNC_PROTO(0, 8),
  VAR(4, 0),
  DATASEC(0, 12),
  FLOAT(0, 0),
  DECL_TAG(4, 0),
  TYPE_TAG(0, 0),
  ENUM64(0, 12);

  private static final BtfKind[] KINDS = values();

  private final int extra;
  private final int each;

  BtfKind(int extra, int each) {
    this.extra = extra;
    this.each = each;
  }

  /// How many kinds there are.
  static int count() {
    return KINDS.length;
  }

  static BtfKind of(int number) {
    return KINDS[number];
  }

  /// How many bytes follow the first 12.
  int bytes(int count) {
    return extra + each * count;
  }
}
