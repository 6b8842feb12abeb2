import { SymbolMatch, type SymbolTable } from "../gen/tracery/v1/options_pb.js";

/** What a symbol table of a print format says of a value. */
export interface SymbolNames {
  /** The names: at most one of a `__print_symbolic`, any number of a `__print_flags`. */
  readonly names: readonly string[];
  /** What no name stands for: the bits that are left, or the whole value. 0 if there is nothing. */
  readonly rest: bigint;
}

const REMEMBERED = 256;

/**
 * Names values as the kernel's print format does.
 *
 * @param signed whether the value is shifted arithmetically
 * @param bits of the unsigned number in which the kernel compares
 */
export function symbolReader(table: SymbolTable, signed: boolean, bits: 32 | 64): (value: bigint) => SymbolNames {
  const cut = (value: bigint) => BigInt.asUintN(bits, value);
  const mask = cut(table.mask);
  const shift = BigInt(table.shift & 63);
  const symbols = table.symbols.map(({ value, name }) => ({ value: cut(value), name }));
  const find = (value: bigint): SymbolNames => {
    if (table.mask === 0n) {
      return { names: [], rest: 0n };
    }
    if (table.match !== SymbolMatch.FLAGS) {
      const symbol = symbols.find((candidate) => candidate.value === value);
      return symbol === undefined ? { names: [], rest: value } : { names: [symbol.name], rest: 0n };
    }
    const names: string[] = [];
    let rest = value;
    for (const symbol of symbols) {
      if (rest === 0n) {
        break;
      }
      if ((rest & symbol.value) === symbol.value) {
        names.push(symbol.name);
        rest &= ~symbol.value;
      }
    }
    return { names, rest };
  };
  const remembered = new Map<bigint, SymbolNames>();
  return (value) => {
    const whole = signed ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value);
    const masked = cut(whole >> shift) & mask;
    let found = remembered.get(masked);
    if (found === undefined) {
      found = find(masked);
      if (remembered.size < REMEMBERED) {
        remembered.set(masked, found);
      }
    }
    return found;
  };
}
