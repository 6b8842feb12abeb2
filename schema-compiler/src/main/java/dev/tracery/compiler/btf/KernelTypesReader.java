package dev.tracery.compiler.btf;

import dev.tracery.compiler.input.FileContent;
import dev.tracery.compiler.input.InputLimits;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.SourceLocation;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.Target;
import dev.tracery.v1.EventStruct;
import dev.tracery.v1.KernelTypes;
import dev.tracery.v1.Parameter;
import dev.tracery.v1.ParameterList;
import dev.tracery.v1.StructMember;
import dev.tracery.v1.Tracepoint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Reads what a kernel's BTF says of its trace events:
///
/// - `typedef void (*btf_trace_NAME)(void *, …)`: what the tracepoint `NAME` hands to a probe. Such
///   a typedef has no names of parameters; where the kernel has a function `__traceiter_NAME` of as
///   many parameters (5.10 and later), they are taken from it.
/// - `struct trace_event_raw_NAME`: the record of the event class `NAME`.
///
/// (`include/trace/bpf_probe.h`, `include/trace/stages/stage1_struct_define.h`.) What is not of
/// these is not read, so damage there goes unseen, but for that of the file's structure.
public final class KernelTypesReader {

  /// What a BTF may have, decompressed: the largest of the sample kernels has 6 MB.
  private static final int MAX_BYTES = 64 << 20;

  private static final int MAX_WARNINGS = 100;
  private static final byte[] TRACEPOINT = ascii("btf_trace_");
  private static final byte[] STRUCT = ascii("trace_event_raw_");
  private static final byte[] ITERATOR = ascii("__traceiter_");

  private final BtfFile btf;
  private final int pointerBits;
  private final TypeText text;
  private final List<Diagnostic> diagnostics = new ArrayList<>();
  private final Map<String, BtfType.Prototype> iterators = new HashMap<>();
  private final TreeMap<String, Tracepoint> tracepoints = new TreeMap<>();
  private final TreeMap<String, EventStruct> structs = new TreeMap<>();

  private KernelTypesReader(BtfFile btf, Target target) {
    this.btf = btf;
    this.pointerBits = 8 * target.wordSize().bytes();
    this.text = new TypeText(btf);
  }

  /// What was read.
  ///
  /// @param name the file, as diagnostics name it
  /// @param types sorted by name; empty where there is an error among the diagnostics
  public record Result(String name, Optional<KernelTypes> types, List<Diagnostic> diagnostics) {
    /// Copies the list.
    public Result {
      diagnostics = List.copyOf(diagnostics);
    }

    private static Result refused(String name, Diagnostic error) {
      return new Result(name, Optional.empty(), List.of(error));
    }
  }

  /// Reads a file like `/sys/kernel/btf/vmlinux`; plain, or compressed with gzip or zstd. Nothing
  /// is thrown: an error of the operating system too is a diagnostic.
  ///
  /// @param target of the kernel whose BTF it is said to be
  public static Result read(Path file, Target target, InputLimits limits) {
    FileContent content = FileContent.read(file, MAX_BYTES, limits);
    return content.hasErrors()
        ? new Result(content.name(), Optional.empty(), content.diagnostics())
        : read(content.name(), content.bytes(), target);
  }

  /// Reads raw BTF.
  ///
  /// @param name how diagnostics name it
  /// @param bytes not changed
  /// @param target of the kernel whose BTF it is said to be
  public static Result read(String name, byte[] bytes, Target target) {
    try {
      KernelTypesReader reader = new KernelTypesReader(new BtfFile(name, bytes), target);
      reader.checkByteOrder(name, target);
      return new Result(name, Optional.of(reader.read(name, target)), reader.diagnostics);
    } catch (BtfDamage damage) {
      return Result.refused(name, damage.diagnostic());
    }
  }

  private void checkByteOrder(String name, Target target) throws BtfDamage {
    ByteOrder order = btf.byteOrder();
    if (order != target.byteOrder()) {
      throw otherTarget(name, order.word() + "-endian", target);
    }
  }

  private static BtfDamage otherTarget(String name, String what, Target target) {
    return new BtfDamage(
        BtfCode.BTF_OF_OTHER_TARGET.at(
            SourceLocation.inBinary(name, 0),
            "is the BTF of a " + what + " kernel, but the formats are of a " + target + " one",
            "give the BTF of the same kernel"));
  }

  private KernelTypes read(String name, Target target) throws BtfDamage {
    List<Integer> found = new ArrayList<>();
    for (int id = 1; id < btf.typeCount(); id++) {
      switch (btf.kind(id)) {
        case TYPEDEF -> addIf(found, id, TRACEPOINT);
        case STRUCT -> addIf(found, id, STRUCT);
        case FUNC -> {
          if (btf.isNamed(id, ITERATOR)) {
            iterator(id);
          }
        }
        case INT -> checkWordSize(name, target, id);
        default -> {}
      }
    }
    for (int id : found) {
      switch (btf.type(id)) {
        case BtfType.Typedef typedef -> tracepoint(id, typedef);
        case BtfType.Composite composite -> struct(id, composite);
        default -> throw new AssertionError("neither a typedef nor a struct");
      }
    }
    if (tracepoints.isEmpty() && structs.isEmpty()) {
      throw new BtfDamage(
          BtfCode.BTF_HAS_NO_TRACEPOINTS.at(
              SourceLocation.inBinary(name, 0),
              "has no tracepoint (btf_trace_*) and no struct of an event (trace_event_raw_*)",
              "give the BTF of a kernel, /sys/kernel/btf/vmlinux"));
    }
    return KernelTypes.newBuilder()
        .addAllTracepoints(tracepoints.values())
        .addAllStructs(structs.values())
        .build();
  }

  private void addIf(List<Integer> found, int id, byte[] prefix) {
    if (btf.isNamed(id, prefix)) {
      found.add(id);
    }
  }

  /// Raw BTF does not say how large a pointer is, but a `long` of the kernel has its size.
  private void checkWordSize(String name, Target target, int id) throws BtfDamage {
    if (btf.type(id) instanceof BtfType.Int integer
        && (integer.name().equals("long") || integer.name().equals("unsigned long"))
        && 8 * integer.size() != pointerBits) {
      throw otherTarget(name, 8 * integer.size() + "-bit", target);
    }
  }

  private void iterator(int id) throws BtfDamage {
    if (btf.type(id) instanceof BtfType.Function(String name, int prototype)
        && prototype != 0
        && btf.type(prototype) instanceof BtfType.Prototype found) {
      iterators.putIfAbsent(name.substring(ITERATOR.length), found);
    }
  }

  private void tracepoint(int id, BtfType.Typedef typedef) throws BtfDamage {
    String name = typedef.name().substring(TRACEPOINT.length);
    Optional<BtfType.Prototype> prototype = prototype(typedef);
    if (name.isEmpty() || prototype.isEmpty() || prototype.get().parameters().isEmpty()) {
      warn(
          BtfCode.BTF_TRACEPOINT_ODD,
          id,
          typedef.name()
              + " is no pointer to a function that takes a pointer first; it is left out");
      return;
    }
    List<BtfType.Parameter> parameters = prototype.get().parameters();
    List<BtfType.Parameter> named =
        Optional.ofNullable(iterators.get(name))
            .map(BtfType.Prototype::parameters)
            .filter(names -> names.size() == parameters.size())
            .orElse(parameters);
    ParameterList.Builder list = ParameterList.newBuilder();
    for (int i = 1; i < parameters.size(); i++) {
      int type = parameters.get(i).type();
      list.addParameters(
          Parameter.newBuilder()
              .setType(type == 0 ? "..." : text.of(type))
              .setName(named.get(i).name()));
    }
    Tracepoint tracepoint = Tracepoint.newBuilder().setName(name).setParameters(list).build();
    Tracepoint earlier = tracepoints.putIfAbsent(name, tracepoint);
    warnIfOther(id, typedef.name(), earlier == null || earlier.equals(tracepoint));
  }

  /// What the typedef points to, if it is a function.
  private Optional<BtfType.Prototype> prototype(BtfType.Typedef typedef) throws BtfDamage {
    return typedef.target() != 0
            && btf.type(typedef.target()) instanceof BtfType.Pointer(int target)
            && target != 0
            && btf.type(target) instanceof BtfType.Prototype found
        ? Optional.of(found)
        : Optional.empty();
  }

  private void struct(int id, BtfType.Composite composite) throws BtfDamage {
    EventStruct.Builder struct =
        EventStruct.newBuilder().setName(composite.name()).setSize((int) composite.size());
    for (BtfType.Member member : composite.members()) {
      struct.addMembers(member(composite.name(), member));
    }
    EventStruct built = struct.build();
    EventStruct earlier = structs.putIfAbsent(composite.name(), built);
    warnIfOther(id, composite.name(), earlier == null || earlier.equals(built));
  }

  private StructMember member(String struct, BtfType.Member member) throws BtfDamage {
    MemberShape shape = MemberShape.of(btf, member.type(), pointerBits);
    long offset = member.bitOffset() + shape.firstBit();
    long bits = member.bitfieldBits() > 0 ? member.bitfieldBits() : shape.bits();
    if (offset + bits > 0xffff_ffffL) {
      throw new BtfDamage(
          BtfCode.BTF_DAMAGED.at(
              btf.where(Math.max(1, member.type())),
              struct
                  + "."
                  + member.name()
                  + " ends at bit "
                  + (offset + bits)
                  + ", where no struct has any",
              ""));
    }
    return StructMember.newBuilder()
        .setName(member.name())
        .setType(text.of(member.type()))
        .setBitOffset((int) offset)
        .setBitSize((int) bits)
        .setKind(shape.kind())
        .setSigned(shape.signed())
        .build();
  }

  private void warnIfOther(int id, String name, boolean same) {
    if (!same) {
      warn(
          BtfCode.BTF_NAME_REPEATED,
          id,
          name + " is there more than once, with different content; the first is taken");
    }
  }

  private void warn(BtfCode code, int id, String message) {
    if (diagnostics.size() < MAX_WARNINGS) {
      diagnostics.add(code.at(btf.where(id), message, ""));
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
