package dev.tracery.compiler.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.TextFormat;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.lineage.Formats;
import dev.tracery.compiler.lineage.Lineage;
import dev.tracery.compiler.lineage.LineageEvolver;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.EventName;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import dev.tracery.v1.DecodePlan;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EmittersTest {

  private static final Layout OLD =
      Formats.print(
          "\"%s\", __print_flags(REC->state & 3, \"|\", { 1, \"S\\\"\" }, { 2, \"D\" })",
          "long state;8;1", "char comm[16];16;1", "int gone;4;1");

  private static final Layout NEW =
      Formats.print("\"%s\", __get_str(name)", "long state;8;1", "__data_loc char[] name;4;0");

  private static final LineageEvolver EVOLVER = new LineageEvolver();

  private static final SchemaVersion FIRST =
      EVOLVER.begin(EventName.parse("sched/sched_test"), OLD, Set.of()).version();

  private static final SchemaVersion SECOND =
      EVOLVER.evolve(new Lineage(List.of(FIRST)), NEW).version();

  @Test
  void a_first_version_as_proto_text() {
    assertEquals(
        """
        // sched/sched_test, schema version 1. Written by tracery; do not edit.
        syntax = "proto3";

        package linux.sched;

        import "tracery/v1/options.proto";

        message SchedTest {
          option (.tracery.v1.event) = {
            system: "sched"
            name: "sched_test"
            version: 1
            print_format: "\\"%s\\", __print_flags(REC->state & 3, \\"|\\", { 1, \\"S\\\\\\"\\" }, { 2, \\"D\\" })"
          };

          int64 state = 1 [(.tracery.v1.event_field) = {
            name: "state"
            c_type: "long"
            kind: FIELD_KIND_SIGNED
            symbols {
              match: SYMBOL_MATCH_FLAGS
              mask: 0x3
              delimiter: "|"
              symbols { value: 1 name: "S\\"" }
              symbols { value: 2 name: "D" }
            }
          }];

          string comm = 2 [(.tracery.v1.event_field) = {
            name: "comm"
            c_type: "char[16]"
            kind: FIELD_KIND_STRING
          }];

          int32 gone = 3 [(.tracery.v1.event_field) = {
            name: "gone"
            c_type: "int"
            kind: FIELD_KIND_SIGNED
          }];
        }
        """,
        new ProtoEmitter().emit(FIRST));
  }

  @Test
  void a_later_version_reserves_what_is_gone() {
    assertEquals(
        """
        // sched/sched_test, schema version 2. Written by tracery; do not edit.
        syntax = "proto3";

        package linux.sched;

        import "tracery/v1/options.proto";

        message SchedTest {
          option (.tracery.v1.event) = {
            system: "sched"
            name: "sched_test"
            version: 2
            print_format: "\\"%s\\", __get_str(name)"
            removed {
              number: 2
              name: "comm"
              field {
                name: "comm"
                c_type: "char[16]"
                kind: FIELD_KIND_STRING
              }
            }
            removed {
              number: 3
              name: "gone"
              field {
                name: "gone"
                c_type: "int"
                kind: FIELD_KIND_SIGNED
              }
            }
          };

          reserved 2, 3;
          reserved "comm", "gone";

          int64 state = 1 [(.tracery.v1.event_field) = {
            name: "state"
            c_type: "long"
            kind: FIELD_KIND_SIGNED
          }];

          string name = 4 [(.tracery.v1.event_field) = {
            name: "name"
            c_type: "__data_loc char[]"
            kind: FIELD_KIND_STRING
          }];
        }
        """,
        new ProtoEmitter().emit(SECOND));
  }

  @Test
  void a_descriptor_holds_the_whole_schema() {
    DescriptorReader reader = new DescriptorReader();
    DescriptorEmitter emitter = new DescriptorEmitter();
    assertEquals(FIRST, reader.read(emitter.emit(FIRST)));
    assertEquals(SECOND, reader.read(emitter.emit(SECOND)));
  }

  @Test
  void a_file_that_is_no_schema_is_refused_with_the_reason() {
    var refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new DescriptorReader()
                    .read(FileDescriptorProto.newBuilder().setName("a.proto").build()));
    assertEquals(
        "a.proto is not a schema that tracery compile wrote: has 0 messages instead of 1",
        refused.getMessage());
  }

  @Test
  void a_message_that_would_name_a_file_elsewhere_is_refused() {
    FileDescriptorProto good = new DescriptorEmitter().emit(FIRST);
    for (FileDescriptorProto bad :
        List.of(
            good.toBuilder().setPackage("/tmp.x").build(),
            good.toBuilder().setPackage("linux").build(),
            good.toBuilder()
                .setMessageType(0, good.getMessageType(0).toBuilder().setName("a/b"))
                .build())) {
      var refused =
          assertThrows(IllegalArgumentException.class, () -> new DescriptorReader().read(bad));
      assertEquals(
          good.getName()
              + " is not a schema that tracery compile wrote: no event's message has the name of"
              + " its message",
          refused.getMessage());
    }
  }

  @Test
  void a_decode_plan_says_where_each_field_lies() throws Exception {
    Target target = new Target(WordSize.BITS_32, ByteOrder.BIG_ENDIAN);
    Layout layout =
        Formats.on(
            target,
            "\"%s\", __get_bitmask(mask)",
            "long state;4;1",
            "char comm[16];16;1",
            "bool flag;1;0",
            "u16 list[4];8;0",
            "__data_loc unsigned long[] mask;4;0",
            "__rel_loc u8 raw[];4;0");
    SchemaVersion schema = EVOLVER.begin(EventName.parse("a/b"), layout, Set.of()).version();
    DecodePlan.Builder expected = DecodePlan.newBuilder();
    TextFormat.merge(
        """
        event: "a/b"
        schema_version: 1
        byte_order: BYTE_ORDER_BIG_ENDIAN
        word_size: WORD_SIZE_32
        fixed_size: 45
        operations { field_number: 1 placement: PLACEMENT_FIXED conversion: CONVERSION_INTEGER offset: 8 size: 4 element_size: 4 signed: true }
        operations { field_number: 2 placement: PLACEMENT_FIXED conversion: CONVERSION_STRING offset: 12 size: 16 element_size: 1 }
        operations { field_number: 3 placement: PLACEMENT_FIXED conversion: CONVERSION_BOOL offset: 28 size: 1 element_size: 1 }
        operations { field_number: 4 placement: PLACEMENT_FIXED conversion: CONVERSION_INTEGERS offset: 29 size: 8 element_size: 2 }
        operations { field_number: 5 placement: PLACEMENT_DATA_LOC conversion: CONVERSION_BITMASK offset: 37 size: 4 element_size: 4 }
        operations { field_number: 6 placement: PLACEMENT_REL_LOC conversion: CONVERSION_BYTES offset: 41 size: 4 element_size: 1 }
        """,
        expected);
    expected.setLayoutHash(ByteString.copyFrom(layout.hash().bytes()));
    assertEquals(expected.build(), new DecodePlanner().plan(layout, schema));
  }

  @Test
  void a_location_word_has_four_bytes_even_in_the_wider_slot_of_a_synthetic_event() {
    Layout layout = Formats.of("__data_loc char[] name;8;1");
    SchemaVersion schema =
        EVOLVER.begin(EventName.parse("synthetic/s"), layout, Set.of()).version();
    assertEquals(4, new DecodePlanner().plan(layout, schema).getOperations(0).getSize());
  }

  @Test
  void a_plan_for_another_version_leaves_out_what_the_layout_or_the_schema_has_not() {
    assertEquals(
        List.of(1),
        new DecodePlanner()
            .plan(OLD, SECOND).getOperationsList().stream().map(o -> o.getFieldNumber()).toList());
  }
}
