import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { create, setExtension, type MessageInitShape } from "@bufbuild/protobuf";
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FieldDescriptorProtoSchema,
  FieldOptionsSchema,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import { DecodeError, EventDecoder } from "../src/index.js";
import {
  ByteOrder,
  Conversion,
  DecodePlanSchema,
  event_field,
  EventFieldOptionsSchema,
  Placement,
  SymbolMatch,
  WordSize,
  type DecodeOperationSchema,
} from "../src/v1.js";

type Operation = MessageInitShape<typeof DecodeOperationSchema>;

interface FieldOfTest {
  readonly name: string;
  readonly type: Type;
  readonly repeated?: boolean;
  readonly operation?: Operation;
  readonly symbols?: MessageInitShape<typeof EventFieldOptionsSchema>["symbols"];
}

function decoderOf(fields: readonly FieldOfTest[], absent: readonly string[] = []): EventDecoder {
  return new EventDecoder(
    {
      messageName: "linux.test.Test",
      decodePlan: create(DecodePlanSchema, {
        event: "test/test",
        byteOrder: ByteOrder.LITTLE_ENDIAN,
        wordSize: WordSize.WORD_SIZE_32,
        operations: fields.flatMap(({ operation }, index) =>
          operation === undefined
            ? []
            : [{ fieldNumber: index + 1, placement: Placement.FIXED, conversion: Conversion.INTEGER, ...operation }],
        ),
      }),
      file: create(FileDescriptorProtoSchema, {
        package: "linux.test",
        messageType: [
          {
            name: "Test",
            field: fields.map(({ name, type, repeated, symbols = [] }, index) => {
              const options = create(FieldOptionsSchema);
              setExtension(options, event_field, create(EventFieldOptionsSchema, { name, symbols }));
              const label = repeated ? Label.REPEATED : Label.OPTIONAL;
              return create(FieldDescriptorProtoSchema, { name: `f${index}`, number: index + 1, type, label, options });
            }),
          },
        ],
      }),
    },
    absent,
  );
}

const FOUR = { offset: 0, size: 4, elementSize: 4, signed: true };
const EIGHT = { offset: 0, size: 8, elementSize: 8, signed: false };
const ONES = new Uint8Array(8).fill(0xff);

void describe("a field", () => {
  void it("has the type that the schema says, whatever the kernel's size", () => {
    const decoder = decoderOf([
      { name: "narrow", type: Type.INT32, operation: FOUR },
      { name: "long of 4 bytes", type: Type.INT64, operation: FOUR },
      { name: "long of 8 bytes", type: Type.UINT64, operation: EIGHT },
    ]);
    assert.deepEqual(decoder.values(ONES), {
      narrow: -1,
      "long of 4 bytes": -1n,
      "long of 8 bytes": 0xffff_ffff_ffff_ffffn,
    });
  });

  void it("is a number or a bigint if the tool says so, and exact or a RangeError", () => {
    const decoder = decoderOf([
      { name: "narrow", type: Type.INT32, operation: FOUR },
      { name: "wide", type: Type.UINT64, operation: EIGHT },
      {
        name: "list",
        type: Type.UINT64,
        repeated: true,
        operation: { ...EIGHT, conversion: Conversion.INTEGERS },
      },
    ]);
    const small = Uint8Array.of(7, 0, 0, 0, 1, 0, 0, 0);
    assert.equal(decoder.bigint("narrow").value(small), 7n);
    assert.equal(decoder.number("wide").value(small), 2 ** 32 + 7);
    assert.deepEqual(decoder.numbers("list").value(small), [2 ** 32 + 7]);
    assert.throws(() => decoder.number("wide").value(ONES), {
      name: "RangeError",
      message: "wide is 18446744073709551615, which a number cannot hold exactly; read it as a bigint",
    });
    assert.throws(() => decoder.numbers("list").value(ONES), RangeError);
    assert.equal(decoder.number("wide").value(new Uint8Array(7)), undefined);
  });

  void it("of another kind is an error when it is asked for, not when it is read", () => {
    const decoder = decoderOf([{ name: "narrow", type: Type.INT32, operation: FOUR }]);
    for (const read of ["string", "bytes", "boolean", "numbers", "bigints"] as const) {
      assert.throws(() => decoder[read]("narrow"), {
        name: "DecodeError",
        message: /^expected test\/test\.narrow to be of kind \w+, but it is of kind integer$/,
      });
    }
  });

  void it("that nobody knows is an error, and one that the tool asked for has no value", () => {
    const decoder = decoderOf(
      [
        { name: "known", type: Type.INT32, operation: FOUR },
        { name: "of other kernels", type: Type.STRING },
      ],
      ["asked for"],
    );
    assert.throws(() => decoder.field("knwon"), {
      name: "DecodeError",
      message: "test/test has no field knwon; it has known, of other kernels",
    });
    assert.throws(() => decoder.field("known", 1), DecodeError);
    for (const field of [
      decoder.number("asked for"),
      decoder.string("asked for"),
      decoder.string("of other kernels"),
    ]) {
      assert.equal(field.value(ONES), undefined);
      assert.deepEqual([field.names(ONES), field.symbols(ONES)], [[], []]);
    }
    assert.deepEqual(decoder.values(ONES), { known: -1 });
  });

  void it("has names for its value, compared in the kernel's word size", () => {
    const symbols = [
      {
        match: SymbolMatch.FLAGS,
        mask: 0xffff_ffff_ffff_ffffn,
        symbols: [
          { value: 1n, name: "S" },
          { value: -0x8000_0000n, name: "TOP" },
        ],
      },
      { match: SymbolMatch.VALUE, mask: 3n, shift: 1, symbols: [{ value: 1n, name: "ONE" }] },
    ];
    const field = decoderOf([{ name: "f", type: Type.INT32, operation: FOUR, symbols }]).field("f");
    const record = Uint8Array.of(0x07, 0, 0, 0x80);
    assert.deepEqual(field.names(record), ["S", "TOP"]);
    assert.deepEqual(field.symbols(record), [
      { names: ["S", "TOP"], rest: 6n },
      { names: [], rest: 3n },
    ]);
    assert.deepEqual(field.symbols(Uint8Array.of(2, 0, 0, 0))[1], { names: ["ONE"], rest: 0n });
    assert.deepEqual(field.symbols(record.subarray(1)), []);
    const operation = { ...FOUR, conversion: Conversion.BOOL };
    const bool = decoderOf([{ name: "b", type: Type.BOOL, operation, symbols }]).field("b");
    assert.deepEqual([bool.value(record), bool.names(record), bool.symbols(record)], [true, [], []]);
  });
});

void describe("a string", () => {
  const text = { offset: 0, size: 40, elementSize: 1, conversion: Conversion.STRING };
  const decoder = decoderOf([{ name: "s", type: Type.STRING, operation: text }]);
  const read = decoder.string("s").value;
  const record = (content: string | Uint8Array) => {
    const bytes = Buffer.alloc(40);
    bytes.set(Buffer.from(content));
    return bytes;
  };

  void it("is right however many there were before it", () => {
    for (let i = 0; i < 20_000; i++) {
      const name = `kworker/${(i * 7919) % 5000}:${i % 3}`;
      assert.equal(read(record(name)), name);
    }
  });

  void it("has each malformed sequence replaced, and keeps a byte order mark", () => {
    assert.equal(read(record("\ufeffa")), "\ufeffa");
    assert.equal(read(record(Uint8Array.of(0x61, 0xe2, 0x82, 0x62))), "a\ufffdb");
    assert.equal(read(record(Uint8Array.of(0xf0, 0x80, 0x80))), "\ufffd\ufffd\ufffd");
    assert.equal(read(record(Uint8Array.of(0xed, 0xa0, 0x80))), "\ufffd\ufffd\ufffd");
    assert.equal(read(record("0123456789012345678901234567890123456789")), "0123456789012345678901234567890123456789");
  });
});

void describe("a decoder", () => {
  void it("without a plan, or whose file has not the message, is an error that says so", () => {
    assert.throws(() => new EventDecoder({ messageName: "linux.a.B" }), /no decode plan or no file for linux\.a\.B/);
    const decodePlan = create(DecodePlanSchema, {
      byteOrder: ByteOrder.BIG_ENDIAN,
      wordSize: WordSize.WORD_SIZE_64,
    });
    const file = create(FileDescriptorProtoSchema, { name: "b.proto", package: "linux.a" });
    assert.throws(() => new EventDecoder({ decodePlan, file, messageName: "linux.a.B" }), {
      name: "DecodeError",
      message: "b.proto has no message linux.a.B",
    });
  });
});
