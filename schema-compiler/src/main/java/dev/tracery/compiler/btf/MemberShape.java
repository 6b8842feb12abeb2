package dev.tracery.compiler.btf;

import dev.tracery.v1.MemberKind;

/// What a type holds, typedefs and qualifiers resolved.
///
/// @param firstBit where the value begins; not 0 for bitfields in BTF of before 2018 only
/// @param bits 0 for a flexible array; no more than 2^35
/// @param signed only of integers
record MemberShape(MemberKind kind, int firstBit, long bits, boolean signed) {

  private static final int MAX_DEPTH = 64;
  private static final long MOST_BITS = 1L << 32;

  /// The shape of a type.
  ///
  /// @param pointerBits of the kernel
  static MemberShape of(BtfFile btf, int type, int pointerBits) throws BtfDamage {
    return of(btf, type, pointerBits, 0);
  }

  private static MemberShape of(BtfFile btf, int id, int pointerBits, int depth) throws BtfDamage {
    if (depth == MAX_DEPTH) {
      throw new BtfDamage(
          BtfCode.BTF_LOOPS.at(
              btf.where(id),
              "type " + id + " is reached by " + MAX_DEPTH + " typedefs and arrays, or is its own",
              ""));
    }
    if (id == 0) {
      return other(0);
    }
    return switch (btf.type(id)) {
      case BtfType.Typedef(_, int target) -> of(btf, target, pointerBits, depth + 1);
      case BtfType.Qualifier(_, int target) -> of(btf, target, pointerBits, depth + 1);
      case BtfType.Int integer ->
          new MemberShape(
              MemberKind.MEMBER_KIND_INTEGER,
              integer.bitOffset(),
              integer.bits(),
              integer.signed());
      case BtfType.Enumeration(_, int size, boolean signed) ->
          new MemberShape(MemberKind.MEMBER_KIND_INTEGER, 0, 8L * size, signed);
      case BtfType.Pointer _ ->
          new MemberShape(MemberKind.MEMBER_KIND_POINTER, 0, pointerBits, false);
      case BtfType.Composite(String word, _, long size, _) ->
          new MemberShape(
              word.equals("union") ? MemberKind.MEMBER_KIND_UNION : MemberKind.MEMBER_KIND_STRUCT,
              0,
              8 * size,
              false);
      case BtfType.Array(int element, long count) -> {
        long each = of(btf, element, pointerBits, depth + 1).bits();
        // Why: what is longer is refused, however long.
        boolean beyond = each > 0 && count > MOST_BITS / each;
        yield new MemberShape(
            MemberKind.MEMBER_KIND_ARRAY, 0, beyond ? MOST_BITS : each * count, false);
      }
      case BtfType.Floating(_, int size) -> other(8L * size);
      case BtfType.Forward _, BtfType.Function _, BtfType.Prototype _, BtfType.NoType _ -> other(0);
    };
  }

  private static MemberShape other(long bits) {
    return new MemberShape(MemberKind.MEMBER_KIND_OTHER, 0, bits, false);
  }
}
