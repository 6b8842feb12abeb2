package dev.tracery.render.evaluate;

import dev.tracery.compiler.print.IntegerType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The structs whose members are the same in every kernel, because they are user space's, too, or
/// because nothing in them could differ. All others' are a matter of configuration.
final class Structs {

  private static final CType S32 = new CType.Int(IntegerType.INT);
  private static final CType U8 = new CType.Int(IntegerType.UNSIGNED_CHAR);
  private static final CType U16 = new CType.Int(IntegerType.UNSIGNED_SHORT);
  private static final CType U32 = new CType.Int(IntegerType.UNSIGNED_INT);

  /// A member.
  ///
  /// @param offset in bytes from the struct's beginning
  record Member(String name, int offset, CType type) {}

  private record Shape(int size, List<Member> members) {}

  private static final Map<String, Shape> SHAPES =
      Map.ofEntries(
          // include/drm/drm_rect.h
          Map.entry(
              "struct drm_rect",
              new Shape(
                  16,
                  List.of(
                      new Member("x1", 0, S32),
                      new Member("y1", 4, S32),
                      new Member("x2", 8, S32),
                      new Member("y2", 12, S32)))),
          // include/uapi/linux/in.h, in6.h
          Map.entry("struct in_addr", new Shape(4, List.of(new Member("s_addr", 0, U32)))),
          Map.entry(
              "struct in6_addr",
              new Shape(
                  16,
                  List.of(
                      new Member("s6_addr", 0, new CType.Array(U8, 16)),
                      new Member("s6_addr16", 0, new CType.Array(U16, 8)),
                      new Member("s6_addr32", 0, new CType.Array(U32, 4))))),
          Map.entry("struct sockaddr", new Shape(16, List.of(new Member("sa_family", 0, U16)))),
          Map.entry("guid_t", new Shape(16, List.of(new Member("b", 0, new CType.Array(U8, 16))))),
          Map.entry("uuid_t", new Shape(16, List.of(new Member("b", 0, new CType.Array(U8, 16))))));

  private final Map<String, CType> types = new HashMap<>();

  /// The type of that name.
  CType named(String name) {
    return types.computeIfAbsent(
        name,
        key -> {
          Shape shape = SHAPES.get(key);
          return new CType.Struct(key, shape == null ? -1 : shape.size);
        });
  }

  /// @return null if the struct has no such member, or nobody knows
  static @Nullable Member member(CType.Struct struct, String name) {
    Shape shape = SHAPES.get(struct.name());
    if (shape == null) {
      return null;
    }
    for (Member member : shape.members) {
      if (member.name.equals(name)) {
        return member;
      }
    }
    return null;
  }
}
