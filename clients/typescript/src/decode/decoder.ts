import type { FileDescriptorProto } from "@bufbuild/protobuf/wkt";
import { DecodeError } from "../errors.js";
import type { DecodePlan } from "../gen/tracery/v1/decode_pb.js";
import { EventField, fieldsOf, type Field, type Kind } from "./field.js";
import { MessageWriter } from "./message.js";
import { operationsOf } from "./operations.js";
import type { Read, Value } from "./values.js";

/** What a decoder is made from; `EventReading` of a negotiation's answer has it all. */
export interface Reading {
  /** How bytes become fields. */
  readonly decodePlan?: DecodePlan | undefined;
  /** The file that has the event's message. */
  readonly file?: FileDescriptorProto | undefined;
  /** The message's full name: `linux.sched.SchedSwitch`. */
  readonly messageName: string;
}

/**
 * Reads the raw records of one event on one kernel. Records are bytes as perf or the ring buffer has them, from
 * `common_type` on; nothing outside of a record is read, whatever it says.
 *
 * ```ts
 * const pid = decoder.number("prev_pid");
 * const comm = decoder.string("prev_comm");
 * for (const record of records) {
 *   console.log(comm.value(record), pid.value(record));
 * }
 * ```
 */
export class EventDecoder {
  /** The event, `system/name`. */
  readonly event: string;
  /** The schema version of the messages. */
  readonly schemaVersion: number;
  /** The message's full name: `linux.sched.SchedSwitch`. */
  readonly messageName: string;
  /** The message's fields, by number; those included that this kernel does not fill. */
  readonly fields: readonly Field[];

  readonly #fields: readonly EventField[];
  readonly #absent: ReadonlySet<string>;
  readonly #filled: readonly (readonly [key: string, read: Read])[];
  readonly #message: MessageWriter;

  /**
   * @param absent fields that the kernel may not have: these have no value, where any other unknown name is an error
   * @throws {DecodeError} if the plan cannot be run
   */
  constructor(reading: Reading, absent: Iterable<string> = []) {
    const { decodePlan, file, messageName } = reading;
    if (decodePlan === undefined || file === undefined) {
      throw new DecodeError(`there is no decode plan or no file for ${messageName || "the event"}`);
    }
    const operations = operationsOf(decodePlan);
    this.event = decodePlan.event;
    this.schemaVersion = decodePlan.schemaVersion;
    this.messageName = messageName;
    this.#fields = fieldsOf(decodePlan, operations, file, messageName);
    this.fields = this.#fields;
    this.#absent = new Set(absent);
    this.#filled = this.#fields
      .filter(({ operation }) => operation !== undefined)
      .map(({ name, occurrence, value }) => [occurrence === 0 ? name : `${name}[${occurrence}]`, value]);
    this.#message = new MessageWriter(operations);
  }

  /**
   * A field by the kernel's name, whatever it holds. One that the tool asked for and the kernel has not has no value.
   *
   * @param occurrence which of the fields of that name, from 0
   * @throws {DecodeError} if there is no such field, and nobody asked for it
   */
  field(name: string, occurrence = 0): Field {
    return this.#field(name, occurrence);
  }

  /**
   * An integer as a number. Fields of 64 bits will do, too; reading a value that a number cannot hold is a RangeError.
   *
   * @throws {DecodeError} if it is no integer; so the methods below, each for its type
   */
  number(name: string, occurrence = 0): Field<number> {
    return this.#typed(name, occurrence, "integer", (field) => {
      const read = field.withIntegers(false);
      return (record) => exact(field, read(record) as number | bigint | undefined);
    });
  }

  /** An integer as a bigint, whatever its size. */
  bigint(name: string, occurrence = 0): Field<bigint> {
    return this.#typed(name, occurrence, "integer", (field) => field.withIntegers(true) as Read<bigint>);
  }

  /** A bool. */
  boolean(name: string, occurrence = 0): Field<boolean> {
    return this.#typed(name, occurrence, "boolean", (field) => field.value as Read<boolean>);
  }

  /** A string: cut at the first NUL, malformed UTF-8 replaced. */
  string(name: string, occurrence = 0): Field<string> {
    return this.#typed(name, occurrence, "string", (field) => field.value as Read<string>);
  }

  /** Bytes: a view of the record. */
  bytes(name: string, occurrence = 0): Field<Uint8Array> {
    return this.#typed(name, occurrence, "bytes", (field) => field.value as Read<Uint8Array>);
  }

  /** A list of integers as bigints, whatever their size; a bitmask has words of 64 bits, the lowest first. */
  bigints(name: string, occurrence = 0): Field<readonly bigint[]> {
    return this.#typed(name, occurrence, "list", (field) => field.withIntegers(true) as Read<readonly bigint[]>);
  }

  /** A list of integers as numbers. Reading a value that a number cannot hold is a RangeError. */
  numbers(name: string, occurrence = 0): Field<readonly number[]> {
    return this.#typed(name, occurrence, "list", (field) => {
      const read = field.withIntegers(false) as Read<readonly (number | bigint)[]>;
      return (record) => read(record)?.map((element) => exact(field, element)!);
    });
  }

  /**
   * All fields that have a value, by the kernel's names; a second field of a name is `name[1]`. For very many records it
   * is cheaper to read the fields that are needed.
   */
  values(record: Uint8Array): Record<string, Value> {
    const values: Record<string, Value> = {};
    for (const [key, read] of this.#filled) {
      const value = read(record);
      if (value !== undefined) {
        values[key] = value;
      }
    }
    return values;
  }

  /** The bytes of the event's message, serialized; they are the caller's. */
  message(record: Uint8Array): Uint8Array {
    return this.#message.write(record);
  }

  #field(name: string, occurrence: number): EventField {
    const field = this.#fields.find((candidate) => candidate.name === name && candidate.occurrence === occurrence);
    if (field !== undefined) {
      return field;
    }
    if (this.#absent.has(name)) {
      return new EventField(name, occurrence, 0, undefined, [], false, undefined, 64);
    }
    const which = occurrence === 0 ? name : `${name}[${occurrence}]`;
    const names = this.#fields.map((candidate) => candidate.name).join(", ");
    throw new DecodeError(`${this.event} has no field ${which}; it has ${names || "none"}`);
  }

  #typed<T extends Value>(
    name: string,
    occurrence: number,
    kind: Kind,
    reader: (field: EventField) => Read<T>,
  ): Field<T> {
    const field = this.#field(name, occurrence);
    if (field.kind !== undefined && field.kind !== kind) {
      throw new DecodeError(`expected ${this.event}.${name} to be of kind ${kind}, but it is of kind ${field.kind}`);
    }
    return {
      name: field.name,
      occurrence: field.occurrence,
      number: field.number,
      symbolTables: field.symbolTables,
      value: reader(field),
      names: field.names,
      symbols: field.symbols,
    };
  }
}

function exact(field: EventField, value: number | bigint | undefined): number | undefined {
  if (typeof value === "bigint") {
    const number = Number(value);
    if (Number.isSafeInteger(number)) {
      return number;
    }
    throw new RangeError(`${field.name} is ${value}, which a number cannot hold exactly; read it as a bigint`);
  }
  return value;
}
