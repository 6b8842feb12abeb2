import { DecodeError } from "../errors.js";
import { Conversion, Placement, type Arithmetic, type DecodePlan } from "../gen/tracery/v1/decode_pb.js";
import { ByteOrder, WordSize } from "../gen/tracery/v1/kernel_pb.js";

const MAX_FIELD_NUMBER = (1 << 29) - 1;
// No sub-buffer of a ring buffer is larger (kernel/trace/ring_buffer.c).
const MAX_OFFSET = 1 << 20;

/** An operation of a decode plan that can be run. The words are those of `decode.proto`. */
export interface Operation {
  readonly fieldNumber: number;
  readonly placement: Placement;
  readonly conversion: Conversion;
  readonly offset: number;
  readonly size: number;
  readonly elementSize: number;
  readonly signed: boolean;
  readonly bigEndian: boolean;
  readonly arithmetic: Arithmetic | undefined;
}

/**
 * The operations of a plan, in the order of their fields' numbers.
 *
 * @throws {DecodeError} that says which operation is not as `decode.proto` has it, and why
 */
export function operationsOf(plan: DecodePlan): Operation[] {
  const refused = (why: string) =>
    new DecodeError(`the decode plan of ${plan.event || "an event"} cannot be run: ${why}`);
  if (plan.byteOrder !== ByteOrder.LITTLE_ENDIAN && plan.byteOrder !== ByteOrder.BIG_ENDIAN) {
    throw refused(`byte order ${plan.byteOrder} is not known`);
  }
  if (plan.wordSize !== WordSize.WORD_SIZE_32 && plan.wordSize !== WordSize.WORD_SIZE_64) {
    throw refused(`word size ${plan.wordSize} is not known`);
  }
  const bigEndian = plan.byteOrder === ByteOrder.BIG_ENDIAN;
  const numbers = new Set<number>();
  const operations = plan.operations.map((operation, index): Operation => {
    const { fieldNumber, placement, conversion, offset, size, elementSize, signed, arithmetic } = operation;
    const checked = { fieldNumber, placement, conversion, offset, size, elementSize, signed, bigEndian, arithmetic };
    const problem = numbers.has(fieldNumber) ? "another operation fills the same field" : problemOf(checked);
    if (problem !== undefined) {
      throw refused(`operation ${index + 1} of ${plan.operations.length} (field ${fieldNumber}): ${problem}`);
    }
    numbers.add(fieldNumber);
    return checked;
  });
  return operations.sort((a, b) => a.fieldNumber - b.fieldNumber);
}

function problemOf(operation: Operation): string | undefined {
  const { fieldNumber, placement, conversion, offset, size, elementSize, arithmetic } = operation;
  if (fieldNumber < 1 || fieldNumber > MAX_FIELD_NUMBER) {
    return `expected a field number from 1 to ${MAX_FIELD_NUMBER}`;
  }
  if (offset > MAX_OFFSET || size > MAX_OFFSET) {
    return `expected offset and size up to ${MAX_OFFSET}, but found ${offset} and ${size}`;
  }
  if (arithmetic !== undefined && arithmetic.shiftRight > 63) {
    return `expected a shift of 63 bits at most, but found ${arithmetic.shiftRight}`;
  }
  switch (placement) {
    case Placement.FIXED:
    case Placement.REST:
      break;
    case Placement.DATA_LOC:
    case Placement.REL_LOC:
      if (size !== 2 && size !== 4) {
        return `expected a location word of 2 or 4 bytes, but found ${size}`;
      }
      break;
    default:
      return `placement ${placement} is not known`;
  }
  switch (conversion) {
    case Conversion.STRING:
    case Conversion.BYTES:
      return undefined;
    case Conversion.INTEGER:
    case Conversion.BOOL:
    case Conversion.INTEGERS:
    case Conversion.BITMASK:
      return [1, 2, 4, 8].includes(elementSize)
        ? undefined
        : `expected integers of 1, 2, 4 or 8 bytes, but found ${elementSize}`;
    default:
      return `conversion ${conversion} is not known`;
  }
}
