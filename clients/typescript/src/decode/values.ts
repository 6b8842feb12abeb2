import { Conversion } from "../gen/tracery/v1/decode_pb.js";
import { bigintLoader, computed, lowHalf, highHalf, joined, numberLoader } from "./integers.js";
import type { Operation } from "./operations.js";
import { locator } from "./span.js";
import { TextReader } from "./text.js";

/**
 * A field's value. Integers are numbers where the message's field has up to 32 bits, and bigints where it has 64, whatever
 * the kernel at hand has; `bytes` are a view of the record.
 */
export type Value = number | bigint | boolean | string | Uint8Array | readonly number[] | readonly bigint[];

/** Reads one field of a record; undefined if it has no value there. */
export type Read<T = Value> = (record: Uint8Array) => T | undefined;

/**
 * How the value of an operation is read.
 *
 * @param wide whether the message's integers have 64 bits
 */
export function valueReader(operation: Operation, wide: boolean): Read {
  switch (operation.conversion) {
    case Conversion.INTEGER:
      return integerReader(operation, wide);
    case Conversion.BOOL:
      return boolReader(operation);
    case Conversion.STRING: {
      const locate = locator(operation);
      const texts = new TextReader();
      return (record) => {
        const span = locate(record);
        return span === undefined ? undefined : texts.read(record, span.from, span.to);
      };
    }
    case Conversion.BYTES: {
      const locate = locator(operation);
      return (record) => {
        const span = locate(record);
        return span === undefined ? undefined : record.subarray(span.from, span.to);
      };
    }
    case Conversion.INTEGERS:
      return listReader(operation, wide);
    default:
      return bitmaskReader(operation);
  }
}

function integerReader(operation: Operation, wide: boolean): Read<number | bigint> {
  const { elementSize, signed, bigEndian, arithmetic } = operation;
  const locate = locator(operation);
  if (arithmetic === undefined && elementSize < 8 && !wide) {
    const load = numberLoader(elementSize, signed, bigEndian);
    return (record) => {
      const span = locate(record);
      return span === undefined || span.to - span.from < elementSize ? undefined : load(record, span.from);
    };
  }
  const load = bigintLoader(elementSize, signed, bigEndian);
  return (record) => {
    const span = locate(record);
    if (span === undefined || span.to - span.from < elementSize) {
      return undefined;
    }
    const raw = load(record, span.from);
    const value = arithmetic === undefined ? raw : computed(arithmetic, signed, raw);
    return wide ? value : narrowed(value);
  };
}

/** A number where it is exact. A plan that puts more into a field of 32 bits is odd, but no bit is lost. */
function narrowed(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function boolReader(operation: Operation): Read<boolean> {
  const { elementSize } = operation;
  const locate = locator(operation);
  return (record) => {
    const span = locate(record);
    if (span === undefined || span.to - span.from < elementSize) {
      return undefined;
    }
    for (let i = 0; i < elementSize; i++) {
      if (record[span.from + i] !== 0) {
        return true;
      }
    }
    return false;
  };
}

function listReader(operation: Operation, wide: boolean): Read<readonly number[] | readonly bigint[]> {
  const { elementSize, signed, bigEndian } = operation;
  const locate = locator(operation);
  const elements = <T>(load: (bytes: Uint8Array, at: number) => T): Read<readonly T[]> => {
    return (record) => {
      const span = locate(record);
      if (span === undefined) {
        return undefined;
      }
      const list: T[] = [];
      for (let at = span.from; at + elementSize <= span.to; at += elementSize) {
        list.push(load(record, at));
      }
      return list;
    };
  };
  return wide || elementSize === 8
    ? elements(bigintLoader(elementSize, signed, bigEndian))
    : elements(numberLoader(elementSize, signed, bigEndian));
}

function bitmaskReader(operation: Operation): Read<readonly bigint[]> {
  const { elementSize, bigEndian } = operation;
  const locate = locator(operation);
  const load = bigintLoader(elementSize, false, bigEndian);
  return (record) => {
    const span = locate(record);
    if (span === undefined) {
      return undefined;
    }
    const { from, to } = span;
    const words: bigint[] = [];
    const end = to - ((to - from) % elementSize);
    for (let at = from; at < end; at += 8) {
      let low = 0;
      let high = 0;
      for (let i = 0; i < 8 && at + i < end; i += elementSize) {
        const word = load(record, at + i) << BigInt(8 * i);
        low |= lowHalf(word);
        high |= highHalf(word);
      }
      words.push(joined(low, high, false));
    }
    return words;
  };
}
