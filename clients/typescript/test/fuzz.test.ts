import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { create, createFileRegistry, fromBinary, type DescMessage } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  type FileDescriptorProto,
} from "@bufbuild/protobuf/wkt";
import { DecodeError, EventDecoder, type Value } from "../src/index.js";
import {
  ByteOrder,
  Conversion,
  DecodePlanSchema,
  Placement,
  WordSize,
  type DecodeOperation,
  type DecodePlan,
} from "../src/v1.js";
import { Random } from "./random.js";

const PLANS = 400;
const RECORDS = 25;

void describe("random plans on random records", () => {
  void it("make messages that protobuf reads as the same values, and read nothing outside of the record", () => {
    const random = new Random(5);
    for (let i = 0; i < PLANS; i++) {
      const plan = randomPlan(random);
      const file = fileOf(plan);
      const schema = schemaOf(file);
      const decoder = new EventDecoder({ decodePlan: plan, file, messageName: "Fuzz" });
      for (let j = 0; j < RECORDS; j++) {
        const record = random.bytes(random.below(4) === 0 ? random.below(8) : random.below(120));
        check(decoder, schema, record, plan);
      }
    }
  });

  void it("are refused with a DecodeError or run, whatever numbers the plan has", () => {
    const random = new Random(6);
    let refused = 0;
    for (let i = 0; i < 5000; i++) {
      const plan = randomPlan(random);
      for (const operation of plan.operations.slice(0, 2)) {
        damage(operation, random);
      }
      let decoder: EventDecoder;
      try {
        decoder = new EventDecoder({ decodePlan: plan, file: fileOf(plan), messageName: "Fuzz" });
      } catch (error) {
        assert.ok(error instanceof DecodeError);
        assert.match(error.message, /operation \d+ of \d+ \(field -?\d+\): /);
        refused++;
        continue;
      }
      const record = random.bytes(random.below(60));
      decoder.message(record);
      decoder.values(record);
    }
    assert.ok(refused > 500 && refused < 4500, `${refused} were refused`);
  });
});

function check(decoder: EventDecoder, schema: DescMessage, record: Uint8Array, plan: DecodePlan): void {
  const around = Buffer.alloc(record.length + 200, 0xa5);
  around.set(record, 100);
  const inside = around.subarray(100, 100 + record.length);
  const bytes = decoder.message(record);
  assert.deepEqual(decoder.message(inside), bytes, "the message changes with what is around the record");
  assert.deepEqual(plain(decoder.values(inside)), plain(decoder.values(record)));
  const message = reflect(schema, fromBinary(schema, bytes));
  assert.equal(message.message.$unknown, undefined);
  for (const field of decoder.fields) {
    const described = byNumber(schema, field.number);
    const told: unknown = message.get(described);
    const value = field.value(record);
    const operation = plan.operations.find(({ fieldNumber }) => fieldNumber === field.number);
    assert.ok(operation);
    if (described.fieldKind === "list") {
      const list = [...(told as Iterable<bigint>)].map(BigInt);
      assert.deepEqual(list, ((value ?? []) as readonly (number | bigint)[]).map(BigInt));
    } else if (value === undefined) {
      assert.ok(!message.isSet(described) || told === 0, `${field.name} has a value`);
    } else if (value instanceof Uint8Array) {
      assert.deepEqual(Buffer.from(told as Uint8Array), Buffer.from(value));
    } else {
      assert.equal(told, value, `${field.name}, ${JSON.stringify(operation.conversion)}`);
    }
  }
}

function byNumber(schema: DescMessage, number: number): DescMessage["fields"][number] {
  const field = schema.fields.find((candidate) => candidate.number === number);
  assert.ok(field);
  return field;
}

function plain(values: Record<string, Value>): unknown {
  return Object.entries(values).map(([name, value]) => [
    name,
    value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value,
  ]);
}

function randomPlan(random: Random): DecodePlan {
  return create(DecodePlanSchema, {
    event: "fuzz/fuzz",
    byteOrder: random.of([ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN]),
    wordSize: random.of([WordSize.WORD_SIZE_32, WordSize.WORD_SIZE_64]),
    operations: Array.from({ length: 1 + random.below(8) }, (_, index) => {
      const placement = random.of([
        Placement.FIXED,
        Placement.FIXED,
        Placement.DATA_LOC,
        Placement.REL_LOC,
        Placement.REST,
      ]);
      const conversion = random.of([
        Conversion.INTEGER,
        Conversion.INTEGER,
        Conversion.BOOL,
        Conversion.STRING,
        Conversion.BYTES,
        Conversion.INTEGERS,
        Conversion.BITMASK,
      ]);
      const located = placement === Placement.DATA_LOC || placement === Placement.REL_LOC;
      const elementSize = random.of([1, 2, 4, 8]);
      const scalar = conversion === Conversion.INTEGER || conversion === Conversion.BOOL;
      return {
        fieldNumber: index * (1 + random.below(300)) + index + 1,
        placement,
        conversion,
        offset: random.below(60),
        size: located ? random.of([2, 4]) : placement === Placement.REST ? 0 : scalar ? elementSize : random.below(40),
        elementSize,
        signed: random.below(2) === 0,
        ...(conversion === Conversion.INTEGER && elementSize === 8 && random.below(2) === 0
          ? {
              arithmetic: {
                shiftRight: random.below(64),
                mask: random.below(2) === 0 ? 0n : random.bits(),
                multiply: random.below(2) === 0 ? 0n : BigInt.asIntN(64, random.bits()),
                divide: random.below(2) === 0 ? 0n : BigInt.asIntN(64, random.bits() >> BigInt(random.below(64))),
                add: random.below(2) === 0 ? 0n : BigInt.asIntN(64, random.bits()),
              },
            }
          : {}),
      };
    }).filter(({ fieldNumber }, index, all) => all.findIndex((other) => other.fieldNumber === fieldNumber) === index),
  });
}

function damage(operation: DecodeOperation, random: Random): void {
  const odd = random.of([0, -1, 3, 7, 16, 63, 64, 1 << 20, (1 << 20) + 1, (1 << 29) - 1, 1 << 29, 0x7fffffff]);
  switch (random.below(6)) {
    case 0:
      operation.fieldNumber = odd;
      break;
    case 1:
      operation.placement = odd;
      break;
    case 2:
      operation.conversion = odd;
      break;
    case 3:
      operation.offset = odd >>> 0;
      break;
    case 4:
      operation.size = odd >>> 0;
      break;
    default:
      operation.elementSize = odd >>> 0;
  }
}

function fileOf(plan: DecodePlan): FileDescriptorProto {
  return create(FileDescriptorProtoSchema, {
    name: "fuzz.proto",
    syntax: "proto3",
    messageType: [
      {
        name: "Fuzz",
        field: plan.operations.map(({ fieldNumber, conversion, elementSize, signed }) => ({
          name: `f${fieldNumber}`,
          jsonName: `f${fieldNumber}`,
          number: fieldNumber,
          label:
            conversion === Conversion.INTEGERS || conversion === Conversion.BITMASK ? Label.REPEATED : Label.OPTIONAL,
          type: typeOf(conversion, elementSize === 8, signed),
        })),
      },
    ],
  });
}

function typeOf(conversion: Conversion, wide: boolean, signed: boolean): Type {
  switch (conversion) {
    case Conversion.BOOL:
      return Type.BOOL;
    case Conversion.STRING:
      return Type.STRING;
    case Conversion.BYTES:
      return Type.BYTES;
    case Conversion.BITMASK:
      return Type.UINT64;
    default:
      return wide ? (signed ? Type.INT64 : Type.UINT64) : signed ? Type.INT32 : Type.UINT32;
  }
}

function schemaOf(file: FileDescriptorProto): DescMessage {
  const schema = createFileRegistry(create(FileDescriptorSetSchema, { file: [file] })).getMessage("Fuzz");
  assert.ok(schema);
  return schema;
}
