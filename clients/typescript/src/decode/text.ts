// Why ignoreBOM: with it a byte order mark stays, as every other character does.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Strings that are longer are not remembered. */
const LONGEST = 32;
const SLOTS = 512;

/**
 * Reads strings. Remembers short ones by their bytes: names of processes and devices come again and again, and a string
 * that is there already costs a comparison and no memory.
 */
export class TextReader {
  readonly #bytes = new Uint8Array(SLOTS * LONGEST);
  readonly #texts = new Array<string>(SLOTS).fill("");

  /** The string in `[from, to)`: cut at the first NUL, malformed UTF-8 replaced. */
  read(record: Uint8Array, from: number, to: number): string {
    let hash = 0;
    let high = 0;
    let end = from;
    for (; end < to; end++) {
      const byte = record[end]!;
      if (byte === 0) {
        break;
      }
      hash = (Math.imul(hash, 31) + byte) | 0;
      high |= byte;
    }
    const length = end - from;
    if (length === 0) {
      return "";
    }
    if (length > LONGEST || high > 0x7f) {
      return decoder.decode(record.subarray(from, end));
    }
    const slot = (hash ^ (hash >>> 9)) & (SLOTS - 1);
    const text = this.#texts[slot]!;
    if (text.length === length && this.#holds(slot * LONGEST, record, from, end)) {
      return text;
    }
    return this.#remember(slot, record, from, end);
  }

  #holds(at: number, record: Uint8Array, from: number, end: number): boolean {
    for (let i = from; i < end; i++) {
      if (this.#bytes[at + i - from] !== record[i]) {
        return false;
      }
    }
    return true;
  }

  #remember(slot: number, record: Uint8Array, from: number, end: number): string {
    const text = String.fromCharCode(...record.subarray(from, end));
    this.#bytes.set(record.subarray(from, end), slot * LONGEST);
    this.#texts[slot] = text;
    return text;
  }
}

/** Where a string ends: at the first NUL, or at `to`. */
export function textEnd(record: Uint8Array, from: number, to: number): number {
  const nul = record.indexOf(0, from);
  return nul < 0 || nul > to ? to : nul;
}
