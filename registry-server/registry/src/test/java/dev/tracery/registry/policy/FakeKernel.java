package dev.tracery.registry.policy;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.model.Target;
import dev.tracery.v1.EventStruct;
import dev.tracery.v1.MemberKind;
import dev.tracery.v1.Parameter;
import dev.tracery.v1.ParameterList;
import dev.tracery.v1.StructMember;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A kernel of a few layouts.
final class FakeKernel implements KernelView {

  final Map<EventName, Layout> layouts = new TreeMap<>();
  private final Map<Sha256, Layout> known = new HashMap<>();
  private final Map<String, ParameterList> parameters = new HashMap<>();
  private final Map<String, EventStruct> structs = new HashMap<>();
  private final Map<EventName, Integer> ids = new HashMap<>();
  private final KernelIdentity identity;
  private boolean hasTypes;

  FakeKernel(String release) {
    identity = new KernelIdentity(release, "#1 SMP", "x86_64", Target.LITTLE_64, 4096);
  }

  FakeKernel with(String event, Layout layout) {
    layouts.put(EventName.parse(event), layout);
    return this;
  }

  /// Also knows a layout that it does not have.
  FakeKernel knowing(Layout layout) {
    known.put(layout.hash(), layout);
    return this;
  }

  FakeKernel withId(String event, int id) {
    ids.put(EventName.parse(event), id);
    return this;
  }

  int id(EventName event) {
    return ids.getOrDefault(event, 1);
  }

  /// With the struct that the kernel makes of an event's fields.
  FakeKernel withStructOf(String name, Layout layout) {
    StringBuilder members = new StringBuilder("struct trace_entry ent;0;8\n");
    layout
        .fields()
        .forEach(field ->
            members
                .append(field.cType().replace(' ', '_') + " " + TestKernels.member(field))
                .append(";" + field.offset() + ";" + field.size() + ";")
                .append(field.signed().orElse(false) ? "1\n" : "0\n"));
    return withStruct(name, members.toString());
  }

  FakeKernel withTypes() {
    hasTypes = true;
    return this;
  }

  /// With a tracepoint of these types, parted by commas.
  FakeKernel withParameters(String tracepoint, String types) {
    hasTypes = true;
    ParameterList.Builder list = ParameterList.newBuilder();
    for (String type : types.split(",")) {
      if (!type.isBlank()) {
        list.addParameters(Parameter.newBuilder().setType(type.strip()));
      }
    }
    parameters.put(tracepoint, list.build());
    return this;
  }

  /// With a struct of members `type name;offset;size` or `type name;offset;size;signed`, one a
  /// line.
  FakeKernel withStruct(String name, String members) {
    hasTypes = true;
    EventStruct.Builder struct = EventStruct.newBuilder().setName(name);
    members
        .lines()
        .filter(line -> !line.isBlank())
        .forEach(line -> {
          String[] parts = line.split(";");
          int blank = parts[0].lastIndexOf(' ');
          String type = parts[0].substring(0, blank);
          struct.addMembers(
              StructMember.newBuilder()
                  .setType(type)
                  .setName(parts[0].substring(blank + 1))
                  .setBitOffset(8 * Integer.parseInt(parts[1]))
                  .setBitSize(8 * Integer.parseInt(parts[2]))
                  .setKind(
                      type.contains("[")
                          ? MemberKind.MEMBER_KIND_ARRAY
                          : MemberKind.MEMBER_KIND_INTEGER)
                  .setSigned(parts.length > 3 && parts[3].equals("1")));
        });
    structs.put(name, struct.build());
    return this;
  }

  @Override
  public KernelIdentity identity() {
    return identity;
  }

  @Override
  public String id() {
    return "0123456789abcdef";
  }

  @Override
  public Optional<Sha256> layoutHash(EventName event) {
    return layout(event).map(Layout::hash);
  }

  @Override
  public Optional<Layout> layout(EventName event) {
    return Optional.ofNullable(layouts.get(event));
  }

  @Override
  public Optional<Layout> layoutOf(Sha256 hash) {
    return Optional.ofNullable(known.get(hash));
  }

  @Override
  public boolean hasTypes() {
    return hasTypes;
  }

  @Override
  public Optional<ParameterList> parameters(String tracepoint) {
    return Optional.ofNullable(parameters.get(tracepoint));
  }

  @Override
  public Optional<EventStruct> struct(String name) {
    return Optional.ofNullable(structs.get(name));
  }
}
