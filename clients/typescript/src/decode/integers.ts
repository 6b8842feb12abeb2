import type { Arithmetic } from "../gen/tracery/v1/decode_pb.js";

/** Reads an integer of up to 32 bits. The bytes must be there. */
export type LoadNumber = (bytes: Uint8Array, at: number) => number;

/** Reads an integer of 64 bits. The bytes must be there. */
export type LoadBigint = (bytes: Uint8Array, at: number) => bigint;

const u8: LoadNumber = (bytes, at) => bytes[at]!;
const u16Little: LoadNumber = (bytes, at) => bytes[at]! | (bytes[at + 1]! << 8);
const u16Big: LoadNumber = (bytes, at) => (bytes[at]! << 8) | bytes[at + 1]!;
const i32Little: LoadNumber = (bytes, at) =>
  bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
const i32Big: LoadNumber = (bytes, at) =>
  (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;

/** How integers of 1, 2 or 4 bytes are read. */
export function numberLoader(size: number, signed: boolean, bigEndian: boolean): LoadNumber {
  switch (size) {
    case 1:
      return signed ? (bytes, at) => (bytes[at]! << 24) >> 24 : u8;
    case 2: {
      const load = bigEndian ? u16Big : u16Little;
      return signed ? (bytes, at) => (load(bytes, at) << 16) >> 16 : load;
    }
    default: {
      const load = bigEndian ? i32Big : i32Little;
      return signed ? load : (bytes, at) => load(bytes, at) >>> 0;
    }
  }
}

// Why: writing two halves and reading them as one makes a single bigint; shifting and adding bigints makes five.
const halves = new Int32Array(2);
const signedWhole = new BigInt64Array(halves.buffer);
const unsignedWhole = new BigUint64Array(halves.buffer);
const LOW = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 0 : 1;
const HIGH = 1 - LOW;

/** The integer of two halves of 32 bits. */
export function joined(low: number, high: number, signed: boolean): bigint {
  halves[LOW] = low;
  halves[HIGH] = high;
  return signed ? signedWhole[0]! : unsignedWhole[0]!;
}

/** The lower 32 bits, as a signed number. */
export function lowHalf(value: bigint): number {
  signedWhole[0] = value;
  return halves[LOW]!;
}

/** The upper 32 of 64 bits, as a signed number. */
export function highHalf(value: bigint): number {
  signedWhole[0] = value;
  return halves[HIGH]!;
}

/** How integers of 1, 2, 4 or 8 bytes are read as 64 bits. */
export function bigintLoader(size: number, signed: boolean, bigEndian: boolean): LoadBigint {
  if (size < 8) {
    const load = numberLoader(size, signed, bigEndian);
    return (bytes, at) => BigInt(load(bytes, at));
  }
  if (bigEndian) {
    return (bytes, at) => joined(i32Big(bytes, at + 4), i32Big(bytes, at), signed);
  }
  return (bytes, at) => joined(i32Little(bytes, at), i32Little(bytes, at + 4), signed);
}

/** `((value >> shift_right) & mask) * multiply / divide + add` in 64 bits that wrap, as `decode.proto` has it. */
export function computed(arithmetic: Arithmetic, signed: boolean, raw: bigint): bigint {
  const wrap = signed ? (value: bigint) => BigInt.asIntN(64, value) : (value: bigint) => BigInt.asUintN(64, value);
  let value = wrap(raw) >> BigInt(arithmetic.shiftRight);
  if (arithmetic.mask !== 0n) {
    value = wrap(value & arithmetic.mask);
  }
  if (arithmetic.multiply !== 0n) {
    value = wrap(value * arithmetic.multiply);
  }
  if (arithmetic.divide !== 0n) {
    value = wrap(value / wrap(arithmetic.divide));
  }
  return wrap(value + arithmetic.add);
}
