import { getExtension, hasExtension } from "@bufbuild/protobuf";
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type as Type,
  type FieldDescriptorProto,
  type FileDescriptorProto,
} from "@bufbuild/protobuf/wkt";
import { DecodeError } from "../errors.js";
import { Conversion, type DecodePlan } from "../gen/tracery/v1/decode_pb.js";
import { WordSize } from "../gen/tracery/v1/kernel_pb.js";
import { event_field, type SymbolTable } from "../gen/tracery/v1/options_pb.js";
import type { Operation } from "./operations.js";
import { symbolReader, type SymbolNames } from "./symbols.js";
import { valueReader, type Read, type Value } from "./values.js";

/** What a field holds. */
export type Kind = "integer" | "boolean" | "string" | "bytes" | "list";

/** One field of an event: reads it out of raw records. */
export interface Field<T extends Value = Value> {
  /** The kernel's name. */
  readonly name: string;
  /** Which of the fields of that name, from 0. */
  readonly occurrence: number;
  /** The number in the event's message; 0 where the message has no such field. */
  readonly number: number;
  /** What the print format says of its values; a print format can say more than one thing. */
  readonly symbolTables: readonly SymbolTable[];
  /** The value; undefined where the record has none, which is not the same as 0. */
  readonly value: Read<T>;
  /** The value's names in the symbol tables, each once: flags by name, one or no name of an enumeration. */
  names(record: Uint8Array): readonly string[];
  /** What each of the symbol tables says of the value; nothing where there is no value. */
  symbols(record: Uint8Array): readonly SymbolNames[];
}

const NOTHING: readonly never[] = Object.freeze([]);
const nothing = (): undefined => undefined;

/** A field of a message with the operation that fills it on this kernel, if there is one. */
export class EventField implements Field {
  readonly value: Read;
  readonly #wholeValue: Read;
  readonly #tables: readonly ((value: bigint) => SymbolNames)[];

  constructor(
    readonly name: string,
    readonly occurrence: number,
    readonly number: number,
    /** Undefined where the message has no such field. */
    readonly kind: Kind | undefined,
    readonly symbolTables: readonly SymbolTable[],
    /** Whether the message's integers have 64 bits. */
    wide: boolean,
    readonly operation: Operation | undefined,
    wordBits: 32 | 64,
  ) {
    const integer = operation?.conversion === Conversion.INTEGER;
    this.value = operation === undefined ? nothing : valueReader(operation, wide);
    this.#wholeValue = integer ? valueReader(operation, true) : nothing;
    const bits = operation?.elementSize === 8 ? 64 : wordBits;
    this.#tables = symbolTables.map((table) => symbolReader(table, operation?.signed ?? false, bits));
  }

  /** This field with integers as bigints, or as numbers where they are exact. */
  withIntegers(wide: boolean): Read {
    return this.operation === undefined ? nothing : valueReader(this.operation, wide);
  }

  readonly names = (record: Uint8Array): readonly string[] => {
    const tables = this.symbols(record);
    return tables.length < 2 ? (tables[0]?.names ?? NOTHING) : [...new Set(tables.flatMap((table) => table.names))];
  };

  readonly symbols = (record: Uint8Array): readonly SymbolNames[] => {
    const value = this.#tables.length === 0 ? undefined : this.#wholeValue(record);
    return value === undefined ? NOTHING : this.#tables.map((table) => table(value as bigint));
  };
}

/** The fields of a message, by number. */
export function fieldsOf(
  plan: DecodePlan,
  operations: readonly Operation[],
  file: FileDescriptorProto,
  messageName: string,
): EventField[] {
  const prefix = file.package === "" ? "" : `${file.package}.`;
  const message = file.messageType.find((candidate) => prefix + candidate.name === messageName);
  if (message === undefined) {
    throw new DecodeError(`${file.name || "the file"} has no message ${messageName}`);
  }
  const byNumber = new Map(operations.map((operation) => [operation.fieldNumber, operation]));
  const wordBits = plan.wordSize === WordSize.WORD_SIZE_64 ? 64 : 32;
  return message.field
    .map((field) => {
      const options = field.options;
      const event =
        options !== undefined && hasExtension(options, event_field) ? getExtension(options, event_field) : undefined;
      return new EventField(
        event?.name ?? field.name,
        event?.occurrence ?? 0,
        field.number,
        kindOf(field),
        event?.symbols ?? [],
        isWide(field),
        byNumber.get(field.number),
        wordBits,
      );
    })
    .sort((a, b) => a.number - b.number);
}

function kindOf({ type, label }: FieldDescriptorProto): Kind {
  if (label === FieldDescriptorProto_Label.REPEATED) {
    return "list";
  }
  switch (type) {
    case Type.BOOL:
      return "boolean";
    case Type.STRING:
      return "string";
    case Type.BYTES:
      return "bytes";
    default:
      return "integer";
  }
}

function isWide({ type }: FieldDescriptorProto): boolean {
  return type === Type.INT64 || type === Type.UINT64;
}
