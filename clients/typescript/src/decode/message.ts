import { Conversion } from "../gen/tracery/v1/decode_pb.js";
import { bigintLoader, computed, highHalf, lowHalf, numberLoader } from "./integers.js";
import type { Operation } from "./operations.js";
import { locator } from "./span.js";
import { textEnd } from "./text.js";
import { valueReader } from "./values.js";

const FIRST_BYTES = 512;
const MAX_BYTES = 256 << 20;
const LONGEST_VARINT = 10;
const textDecoder = new TextDecoder("utf-8", { ignoreBOM: true });
const textEncoder = new TextEncoder();

/** Writes protobuf into a buffer that grows and is used again. */
class Output {
  #bytes = new Uint8Array(FIRST_BYTES);
  #length = 0;

  clear(): void {
    this.#length = 0;
  }

  copy(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** A varint of up to 32 bits, unsigned. */
  number(value: number): void {
    this.#room(LONGEST_VARINT);
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** A varint of 64 bits, in halves. */
  halves(low: number, high: number): void {
    let lowRest = low >>> 0;
    let highRest = high >>> 0;
    if (highRest === 0) {
      this.number(lowRest);
      return;
    }
    this.#room(LONGEST_VARINT);
    while (highRest !== 0) {
      this.#bytes[this.#length++] = (lowRest & 0x7f) | 0x80;
      lowRest = ((lowRest >>> 7) | (highRest << 25)) >>> 0;
      highRest >>>= 7;
    }
    this.number(lowRest);
  }

  /** Some bytes after their length. */
  bytes(from: Uint8Array, start: number, end: number): void {
    this.number(end - start);
    this.#room(end - start);
    if (end - start <= 32) {
      // Why: a view for `set` costs more than a few bytes.
      for (let i = start; i < end; i++) {
        this.#bytes[this.#length++] = from[i]!;
      }
    } else {
      this.#bytes.set(from.subarray(start, end), this.#length);
      this.#length += end - start;
    }
  }

  #room(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) {
      return;
    }
    if (needed > MAX_BYTES) {
      throw new RangeError(`the message has more than ${MAX_BYTES} bytes`);
    }
    const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

type Write = (record: Uint8Array) => void;

/** Turns records into the bytes of the event's message. */
export class MessageWriter {
  readonly #output = new Output();
  readonly #packed = new Output();
  readonly #writes: readonly Write[];

  constructor(operations: readonly Operation[]) {
    this.#writes = operations.map((operation) => this.#writer(operation));
  }

  /** The message's bytes; they are the caller's. */
  write(record: Uint8Array): Uint8Array {
    this.#output.clear();
    for (const write of this.#writes) {
      write(record);
    }
    return this.#output.copy();
  }

  #writer(operation: Operation): Write {
    switch (operation.conversion) {
      case Conversion.INTEGER:
        return this.#integer(operation);
      case Conversion.BOOL: {
        const read = valueReader(operation, false);
        const tag = operation.fieldNumber * 8;
        return (record) => {
          if (read(record) === true) {
            this.#output.number(tag);
            this.#output.number(1);
          }
        };
      }
      case Conversion.STRING:
        return this.#text(operation);
      case Conversion.BYTES:
        return this.#bytes(operation);
      default:
        return this.#list(operation);
    }
  }

  #integer(operation: Operation): Write {
    const { elementSize, signed, bigEndian, arithmetic } = operation;
    const output = this.#output;
    const tag = operation.fieldNumber * 8;
    const locate = locator(operation);
    if (elementSize < 8 && arithmetic === undefined) {
      const load = numberLoader(elementSize, signed, bigEndian);
      return (record) => {
        const span = locate(record);
        if (span === undefined || span.to - span.from < elementSize) {
          return;
        }
        const value = load(record, span.from);
        if (value !== 0) {
          output.number(tag);
          output.halves(value, value < 0 ? -1 : 0);
        }
      };
    }
    const load = bigintLoader(elementSize, signed, bigEndian);
    return (record) => {
      const span = locate(record);
      if (span === undefined || span.to - span.from < elementSize) {
        return;
      }
      const raw = load(record, span.from);
      const value = arithmetic === undefined ? raw : computed(arithmetic, signed, raw);
      if (value !== 0n) {
        output.number(tag);
        output.halves(lowHalf(value), highHalf(value));
      }
    };
  }

  #text(operation: Operation): Write {
    const output = this.#output;
    const tag = operation.fieldNumber * 8 + 2;
    const locate = locator(operation);
    return (record) => {
      const span = locate(record);
      if (span === undefined) {
        return;
      }
      const { from } = span;
      const end = textEnd(record, from, span.to);
      if (from === end) {
        return;
      }
      output.number(tag);
      if (isAscii(record, from, end)) {
        output.bytes(record, from, end);
      } else {
        const text = textEncoder.encode(textDecoder.decode(record.subarray(from, end)));
        output.bytes(text, 0, text.length);
      }
    };
  }

  #bytes(operation: Operation): Write {
    const output = this.#output;
    const tag = operation.fieldNumber * 8 + 2;
    const locate = locator(operation);
    return (record) => {
      const span = locate(record);
      if (span !== undefined && span.from < span.to) {
        output.number(tag);
        output.bytes(record, span.from, span.to);
      }
    };
  }

  #list(operation: Operation): Write {
    const output = this.#output;
    const packed = this.#packed;
    const tag = operation.fieldNumber * 8 + 2;
    const read = valueReader(operation, true) as (record: Uint8Array) => readonly bigint[] | undefined;
    return (record) => {
      const values = read(record);
      if (values === undefined || values.length === 0) {
        return;
      }
      packed.clear();
      for (const value of values) {
        packed.halves(lowHalf(value), highHalf(value));
      }
      const bytes = packed.copy();
      output.number(tag);
      output.bytes(bytes, 0, bytes.length);
    };
  }
}

function isAscii(record: Uint8Array, from: number, end: number): boolean {
  for (let i = from; i < end; i++) {
    if (record[i]! > 0x7f) {
      return false;
    }
  }
  return true;
}
