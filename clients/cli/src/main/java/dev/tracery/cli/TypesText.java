package dev.tracery.cli;

import dev.tracery.cli.Table.Align;
import dev.tracery.v1.EventStruct;
import dev.tracery.v1.KernelTypes;
import dev.tracery.v1.MemberKind;
import dev.tracery.v1.Parameter;
import dev.tracery.v1.StructMember;
import dev.tracery.v1.Tracepoint;
import java.util.List;

/// Writes what BTF says of an event for people: the parameters of its tracepoint, and the struct of
/// its class.
final class TypesText {

  private final Output out;
  private final Palette palette;

  TypesText(Output out, Palette palette) {
    this.out = out;
    this.palette = palette;
  }

  /// @param name the event's, without its system
  void write(String name, KernelTypes types) {
    if (types.getTracepointsCount() == 0) {
      out.line("no tracepoint " + Terms.printable(name) + " in the BTF");
    }
    types.getTracepointsList().forEach(this::write);
    out.line("");
    if (types.getStructsCount() == 0) {
      out.line(
          "no struct trace_event_raw_"
              + Terms.printable(name)
              + " in the BTF; the event may be of another's class");
    }
    types.getStructsList().forEach(this::write);
  }

  private void write(Tracepoint tracepoint) {
    List<Parameter> parameters = tracepoint.getParameters().getParametersList();
    out.line(
        "tracepoint "
            + palette.heading(Terms.printable(tracepoint.getName()))
            + ", "
            + Terms.count(parameters.size(), "parameter"));
    if (parameters.isEmpty()) {
      return;
    }
    Table table =
        new Table(
            out,
            palette,
            List.of(Align.RIGHT, Align.LEFT, Align.LEFT),
            List.of("PLACE", "TYPE", "NAME"));
    for (int i = 0; i < parameters.size(); i++) {
      table.row(
          Integer.toString(i),
          Terms.printable(parameters.get(i).getType()),
          Terms.printable(parameters.get(i).getName()));
    }
    table.end();
  }

  private void write(EventStruct struct) {
    out.line(
        "struct "
            + palette.heading(Terms.printable(struct.getName()))
            + ", "
            + Terms.count(Integer.toUnsignedLong(struct.getSize()), "byte"));
    Table table =
        new Table(
            out,
            palette,
            List.of(Align.RIGHT, Align.RIGHT, Align.LEFT, Align.LEFT),
            List.of("OFFSET", "SIZE", "SIGNED", "MEMBER"));
    for (StructMember member : struct.getMembersList()) {
      table.row(offset(member), size(member), signed(member), declaration(member));
    }
    table.end();
  }

  /// In bytes; with the bit where it does not begin at a byte.
  private static String offset(StructMember member) {
    long bits = Integer.toUnsignedLong(member.getBitOffset());
    return bits % 8 == 0 ? Long.toString(bits / 8) : bits / 8 + ":" + bits % 8;
  }

  private static String size(StructMember member) {
    long bits = Integer.toUnsignedLong(member.getBitSize());
    if (bits == 0) {
      return member.getKind() == MemberKind.MEMBER_KIND_ARRAY ? "rest" : "0";
    }
    return bits % 8 == 0 ? Long.toString(bits / 8) : Terms.count(bits, "bit");
  }

  private static String signed(StructMember member) {
    return member.getKind() != MemberKind.MEMBER_KIND_INTEGER
        ? ""
        : member.getSigned() ? "yes" : "no";
  }

  /// `pid_t prev_pid`, `char prev_comm[16]`.
  private static String declaration(StructMember member) {
    String type = Terms.printable(member.getType());
    String name = Terms.printable(member.getName());
    int bracket = type.indexOf('[');
    boolean simple = bracket > 0 && type.indexOf('(') < 0 && type.indexOf('{') < 0;
    return simple
        ? type.substring(0, bracket) + " " + name + type.substring(bracket)
        : (type + " " + name).strip();
  }
}
