import { Placement } from "../gen/tracery/v1/decode_pb.js";
import type { Operation } from "./operations.js";

/** Where a value lies in a record: `[from, to)`. One object serves every call, so that none is made per record. */
export interface Span {
  from: number;
  to: number;
}

/** Finds a value in a record; undefined if the record is too short or a location points outside of it. */
export type Locate = (record: Uint8Array) => Span | undefined;

/** How the value of an operation is found. */
export function locator(operation: Operation): Locate {
  const { placement, offset, size } = operation;
  const end = offset + size;
  const span: Span = { from: offset, to: end };
  switch (placement) {
    case Placement.REST:
      return (record) => {
        span.to = record.length;
        return end <= record.length ? span : undefined;
      };
    case Placement.DATA_LOC:
    case Placement.REL_LOC: {
      const base = placement === Placement.REL_LOC ? end : 0;
      const location = locationReader(operation);
      return (record) => {
        if (end > record.length) {
          return undefined;
        }
        const word = location(record);
        span.from = base + (word & 0xffff);
        span.to = size === 2 ? record.length : span.from + (word >>> 16);
        return span.from <= span.to && span.to <= record.length ? span : undefined;
      };
    }
    default:
      return (record) => (end <= record.length ? span : undefined);
  }
}

function locationReader({ offset, size, bigEndian }: Operation): (record: Uint8Array) => number {
  if (size === 2) {
    return bigEndian
      ? (record) => (record[offset]! << 8) | record[offset + 1]!
      : (record) => record[offset]! | (record[offset + 1]! << 8);
  }
  return bigEndian
    ? (record) =>
        (record[offset]! << 24) | (record[offset + 1]! << 16) | (record[offset + 2]! << 8) | record[offset + 3]!
    : (record) =>
        record[offset]! | (record[offset + 1]! << 8) | (record[offset + 2]! << 16) | (record[offset + 3]! << 24);
}
