package dev.tracery.compiler.btf;

import java.util.List;
import java.util.StringJoiner;

/// Writes types as C does, without the name of what is declared: `struct task_struct *`,
/// `char[16]`, `void (*)(struct page *, int)`. Typedefs are kept; integers have one spelling
/// ([CIntegerName]). One object writes any number, one after the other.
final class TypeText {

  private static final int MAX_CHARACTERS = 4096;
  private static final int MAX_DEPTH = 64;
  private static final int MAX_STEPS = 10_000;

  private final BtfFile btf;
  private int id;
  private int depth;
  private int steps;

  TypeText(BtfFile btf) {
    this.btf = btf;
  }

  /// The text of a type.
  String of(int type) throws BtfDamage {
    id = type;
    depth = 0;
    steps = 0;
    return declare(type, "");
  }

  /// @param inner what stands where the name would, so far
  private String declare(int type, String inner) throws BtfDamage {
    if (++depth > MAX_DEPTH || ++steps > MAX_STEPS || inner.length() > MAX_CHARACTERS) {
      throw tooComplex();
    }
    String text = type == 0 ? join("void", inner) : declare(btf.type(type), inner);
    if (text.length() > MAX_CHARACTERS) {
      throw tooComplex();
    }
    depth--;
    return text;
  }

  private String declare(BtfType type, String inner) throws BtfDamage {
    return switch (type) {
      case BtfType.Int integer -> join(integer.name(), inner);
      case BtfType.Floating floating -> join(floating.name(), inner);
      case BtfType.Typedef typedef -> join(typedef.name(), inner);
      case BtfType.Forward forward -> join(forward.word() + " " + forward.name(), inner);
      // Why: the names of the values are not what is handed over.
      case BtfType.Enumeration(String name, _, _) ->
          join("enum " + (name.isEmpty() ? "{ ... }" : name), inner);
      case BtfType.Composite composite ->
          join(
              composite.name().isEmpty()
                  ? composite.word() + body(composite.members())
                  : composite.word() + " " + composite.name(),
              inner);
      case BtfType.Pointer(int target) ->
          declare(target, isSuffixed(target) ? "(*" + inner + ")" : "*" + inner);
      case BtfType.Array(int element, long count) ->
          declare(element, inner + (count == 0 ? "[]" : "[" + count + "]"));
      case BtfType.Prototype(int returns, var parameters) ->
          declare(returns, inner + list(parameters));
      case BtfType.Qualifier(String word, int target) -> {
        if (word.isEmpty()) {
          yield declare(target, inner);
        }
        yield isPointer(target)
            ? declare(target, inner.isEmpty() ? word : word + " " + inner)
            : word + " " + declare(target, inner);
      }
      case BtfType.Function _, BtfType.NoType _ -> throw noType();
    };
  }

  private static String join(String type, String inner) {
    return inner.isEmpty() || inner.startsWith("[") ? type + inner : type + " " + inner;
  }

  private String body(List<BtfType.Member> members) throws BtfDamage {
    StringBuilder text = new StringBuilder(" { ");
    for (BtfType.Member member : members) {
      text.append(declare(member.type(), member.name()));
      if (member.bitfieldBits() > 0) {
        text.append(" : ").append(member.bitfieldBits());
      }
      text.append("; ");
      if (text.length() > MAX_CHARACTERS) {
        throw tooComplex();
      }
    }
    return text.append('}').toString();
  }

  private String list(List<BtfType.Parameter> parameters) throws BtfDamage {
    if (parameters.isEmpty()) {
      return "(void)";
    }
    StringJoiner text = new StringJoiner(", ", "(", ")");
    for (BtfType.Parameter parameter : parameters) {
      text.add(parameter.type() == 0 ? "..." : declare(parameter.type(), ""));
      if (text.length() > MAX_CHARACTERS) {
        throw tooComplex();
      }
    }
    return text.toString();
  }

  /// Whether something stands after the name of what has this type.
  private boolean isSuffixed(int type) throws BtfDamage {
    int unqualified = unqualified(type);
    return unqualified != 0
        && switch (btf.kind(unqualified)) {
          case ARRAY, FUNC_PROTO -> true;
          default -> false;
        };
  }

  private boolean isPointer(int type) throws BtfDamage {
    int unqualified = unqualified(type);
    return unqualified != 0 && btf.kind(unqualified) == BtfKind.PTR;
  }

  private int unqualified(int type) throws BtfDamage {
    int at = type;
    for (int i = 0; i < MAX_DEPTH; i++) {
      if (at == 0 || !(btf.type(at) instanceof BtfType.Qualifier qualifier)) {
        return at;
      }
      at = qualifier.target();
    }
    throw tooComplex();
  }

  private BtfDamage tooComplex() {
    return new BtfDamage(
        BtfCode.BTF_TYPE_TOO_COMPLEX.at(
            id == 0 ? btf.where(1) : btf.where(id),
            "type "
                + id
                + " takes more than "
                + MAX_CHARACTERS
                + " characters or "
                + MAX_DEPTH
                + " levels to write down, or refers to itself",
            ""));
  }

  private BtfDamage noType() {
    return new BtfDamage(
        BtfCode.BTF_DAMAGED.at(
            btf.where(id), "type " + id + " is, or is made of, what is no type", ""));
  }
}
