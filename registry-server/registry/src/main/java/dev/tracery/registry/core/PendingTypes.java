package dev.tracery.registry.core;

import dev.tracery.registry.RegistryException;
import dev.tracery.registry.index.TypesFingerprint;
import dev.tracery.v1.EventStruct;
import dev.tracery.v1.KernelTypes;
import dev.tracery.v1.MemberKind;
import dev.tracery.v1.Parameter;
import dev.tracery.v1.ParameterList;
import dev.tracery.v1.StructMember;
import dev.tracery.v1.Tracepoint;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What the BTF of a kernel that is being registered says, put together from any number of parts.
/// Every refusal names the field by its path within the part.
final class PendingTypes {

  private static final String STRUCT_PREFIX = "trace_event_raw_";
  private static final int MAX_TYPE = 4096;
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.$]{0,254}");
  private static final Pattern TYPE = Pattern.compile("[ -~]{1," + MAX_TYPE + "}");

  private final RegistryLimits limits;
  private final TreeMap<String, Tracepoint> tracepoints = new TreeMap<>();
  private final TreeMap<String, EventStruct> structs = new TreeMap<>();
  private long bytes;

  PendingTypes(RegistryLimits limits) {
    this.limits = limits;
  }

  /// Adds a part.
  ///
  /// @throws RegistryException INVALID_ARGUMENT for what no BTF says; RESOURCE_EXHAUSTED beyond the
  ///   limits
  void add(KernelTypes part) {
    // Why first: nothing is copied of a part that is too large.
    bytes += part.getSerializedSize();
    if (bytes > limits.typesBytes()) {
      throw RegistryLimits.exceeded("bytes of BTF", limits.typesBytes(), "types-bytes");
    }
    for (int i = 0; i < part.getTracepointsCount(); i++) {
      add("types.tracepoints[" + i + "]", part.getTracepoints(i));
    }
    for (int i = 0; i < part.getStructsCount(); i++) {
      add("types.structs[" + i + "]", part.getStructs(i));
    }
  }

  /// The whole; empty if nothing was added.
  Optional<GivenTypes> finish() {
    if (tracepoints.isEmpty() && structs.isEmpty()) {
      return Optional.empty();
    }
    KernelTypes types =
        KernelTypes.newBuilder()
            .addAllTracepoints(tracepoints.values())
            .addAllStructs(structs.values())
            .build();
    return Optional.of(new GivenTypes(types, TypesFingerprint.of(types)));
  }

  private void add(String path, Tracepoint tracepoint) {
    String name = name(path + ".name", tracepoint.getName(), "");
    checkRoom();
    List<Parameter> parameters = tracepoint.getParameters().getParametersList();
    String list = path + ".parameters.parameters";
    checkLength(list, parameters.size());
    // Why built anew: fields that only a newer client knows would make equal contents differ.
    ParameterList.Builder checked = ParameterList.newBuilder();
    for (int i = 0; i < parameters.size(); i++) {
      String parameter = list + "[" + i + "]";
      checked.addParameters(
          Parameter.newBuilder()
              .setType(type(parameter + ".type", parameters.get(i).getType()))
              .setName(optionalName(parameter + ".name", parameters.get(i).getName())));
    }
    Tracepoint built = Tracepoint.newBuilder().setName(name).setParameters(checked).build();
    if (tracepoints.putIfAbsent(name, built) != null) {
      throw invalid(path + ".name", "the tracepoint " + name + " is given more than once");
    }
  }

  private void add(String path, EventStruct struct) {
    String name = name(path + ".name", struct.getName(), STRUCT_PREFIX);
    checkRoom();
    checkLength(path + ".members", struct.getMembersCount());
    EventStruct.Builder checked = EventStruct.newBuilder().setName(name).setSize(struct.getSize());
    for (int i = 0; i < struct.getMembersCount(); i++) {
      checked.addMembers(member(path + ".members[" + i + "]", struct.getMembers(i)));
    }
    if (structs.putIfAbsent(name, checked.build()) != null) {
      throw invalid(path + ".name", "the struct " + name + " is given more than once");
    }
  }

  private static StructMember member(String path, StructMember member) {
    if (member.getKind() == MemberKind.UNRECOGNIZED
        || member.getKind() == MemberKind.MEMBER_KIND_UNSPECIFIED) {
      throw invalid(path + ".kind", "expected a kind but found " + member.getKindValue());
    }
    return StructMember.newBuilder()
        .setName(optionalName(path + ".name", member.getName()))
        .setType(type(path + ".type", member.getType()))
        .setBitOffset(member.getBitOffset())
        .setBitSize(member.getBitSize())
        .setKind(member.getKind())
        .setSigned(member.getSigned())
        .build();
  }

  private void checkRoom() {
    if (tracepoints.size() + structs.size() >= limits.typesPerKernel()) {
      throw RegistryLimits.exceeded(
          "tracepoints and structs", limits.typesPerKernel(), "types-per-kernel");
    }
  }

  private void checkLength(String path, int length) {
    if (length > limits.fieldsPerFormat()) {
      throw invalid(path, "expected at most " + limits.fieldsPerFormat() + " but found " + length);
    }
  }

  private static String name(String path, String name, String prefix) {
    if (!NAME.matcher(name).matches() || !name.startsWith(prefix)) {
      throw invalid(
          path,
          "expected a name in C"
              + (prefix.isEmpty() ? "" : " that begins with " + prefix)
              + " but found "
              + Texts.quoted(name));
    }
    return name;
  }

  private static String optionalName(String path, String name) {
    return name.isEmpty() ? name : name(path, name, "");
  }

  private static String type(String path, String type) {
    if (!TYPE.matcher(type).matches()) {
      throw invalid(
          path,
          "expected a type in C of 1 to "
              + MAX_TYPE
              + " printable ASCII characters but found "
              + Texts.quoted(type));
    }
    return type;
  }

  private static RegistryException invalid(String path, String message) {
    return new RegistryException(
        RegistryException.Code.INVALID_ARGUMENT, path, path + ": " + message);
  }
}
