import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { create, createFileRegistry, fromBinary, toBinary, type Message } from "@bufbuild/protobuf";
import {
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  file_google_protobuf_descriptor,
} from "@bufbuild/protobuf/wkt";
import { DecodeError, EventDecoder, type Field, type Value } from "../src/index.js";
import { file_tracery_v1_options } from "../src/gen/tracery/v1/options_pb.js";
import { RecordVectorsSchema, type FieldValue, type PlanCase, type RecordCase } from "./gen/conformance_pb.js";
import { Tally, vectors } from "./vectors.js";

const { plans } = vectors(RecordVectorsSchema, "records.json");

function decoderOf({ plan, file, messageName }: PlanCase): EventDecoder {
  return new EventDecoder({ decodePlan: plan, file: fromBinary(FileDescriptorProtoSchema, file), messageName });
}

void describe("plans that cannot be run are refused", () => {
  const tally = new Tally("plans");
  after(() => {
    tally.report();
  });
  for (const plan of plans.filter(({ refused }) => refused !== "")) {
    void it(plan.name, () =>
      tally.run(() => {
        assert.throws(() => decoderOf(plan), DecodeError);
      }),
    );
  }
});

void describe("records become the values and messages of the conformance suite", () => {
  const tally = new Tally("records");
  after(() => {
    tally.report();
  });
  for (const plan of plans.filter(({ refused }) => refused === "")) {
    for (const record of plan.records) {
      void it(`${plan.name}: ${record.name}`, () =>
        tally.run(() => {
          // Why in the middle of a buffer of ones: what is read outside of the record shows.
          const around = Buffer.alloc(record.record.length + 64, 0xff);
          around.set(record.record, 32);
          check(decoderOf(plan), record, around.subarray(32, 32 + record.record.length));
        }));
    }
  }
});

function check(decoder: EventDecoder, expected: RecordCase, record: Uint8Array): void {
  assert.equal(hex(decoder.message(record)), hex(expected.message), "message");
  const values = new Map(expected.fields.map((field) => [field.number, field]));
  for (const field of decoder.fields) {
    const wanted = values.get(field.number);
    if (wanted === undefined) {
      assert.equal(field.value(record), undefined, field.name);
      continue;
    }
    assert.equal(field.name, wanted.name);
    assert.equal(field.occurrence, wanted.occurrence);
    assert.equal(decoder.field(wanted.name, wanted.occurrence), field);
    assert.deepEqual(plain(field.value(record)), plain(native(wanted)), field.name);
    assert.deepEqual(typed(decoder, field, wanted)(record), native(wanted), field.name);
    assert.deepEqual(
      field.symbols(record).map(({ names, rest }) => ({ names, rest })),
      wanted.symbols.map(({ names, rest }) => ({ names, rest })),
      `symbols of ${field.name}`,
    );
    const names = wanted.symbols.flatMap((table) => table.names);
    assert.deepEqual(field.names(record), [...new Set(names)]);
    values.delete(field.number);
  }
  assert.equal(values.size, 0, "fields that the decoder has not");
  assert.deepEqual(
    Object.entries(decoder.values(record)).map(([name, value]) => [name, plain(value)]),
    expected.fields.map((field) => [
      field.occurrence === 0 ? field.name : `${field.name}[${field.occurrence}]`,
      plain(native(field)),
    ]),
  );
}

function native({ value }: FieldValue): Value {
  switch (value.case) {
    case "signedList":
    case "unsignedList":
      return value.value.values;
    case undefined:
      throw new Error("a field without a value");
    default:
      return value.value;
  }
}

/** The field read with integers as bigints, or as what it is. */
function typed(
  decoder: EventDecoder,
  { name, occurrence }: Field,
  { value }: FieldValue,
): (record: Uint8Array) => unknown {
  switch (value.case) {
    case "signedInteger":
    case "unsignedInteger":
      return decoder.bigint(name, occurrence).value;
    case "signedList":
    case "unsignedList":
      return decoder.bigints(name, occurrence).value;
    case "boolean":
      return decoder.boolean(name, occurrence).value;
    case "text":
      return decoder.string(name, occurrence).value;
    default:
      return (record) => {
        const bytes = decoder.bytes(name, occurrence).value(record);
        return bytes && Uint8Array.from(bytes);
      };
  }
}

/** Comparable across integers of both types and kinds of byte arrays. */
function plain(value: Value | undefined): unknown {
  if (typeof value === "number") {
    return BigInt(value);
  }
  if (value instanceof Uint8Array) {
    return hex(value);
  }
  return Array.isArray(value) ? (value as (number | bigint)[]).map(BigInt) : value;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

void describe("messages mean what the values say", () => {
  for (const plan of plans.filter(({ refused, records }) => refused === "" && records.length > 0)) {
    void it(plan.name, () => {
      const decoder = decoderOf(plan);
      const registry = createFileRegistry(
        create(FileDescriptorSetSchema, {
          file: [
            file_google_protobuf_descriptor.proto,
            file_tracery_v1_options.proto,
            fromBinary(FileDescriptorProtoSchema, plan.file),
          ],
        }),
      );
      const schema = registry.getMessage(plan.messageName);
      assert.ok(schema);
      for (const { record } of plan.records) {
        const message: Message = fromBinary(schema, decoder.message(record));
        assert.equal(message.$unknown, undefined);
        assert.equal(hex(toBinary(schema, message)), hex(decoder.message(record)));
      }
    });
  }
});
