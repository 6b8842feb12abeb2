import { createHash } from "node:crypto";
import type { KernelIdentity } from "../kernel.js";

const LINE_FEED = 10;
const ID = Buffer.from("ID:");

/**
 * The layout's hash, which is its identity: SHA-256 of word size and byte order in a line, and the file without its first
 * `ID:` line and without line feeds and NULs at its end, and a line feed.
 */
export function layoutHash(text: Uint8Array, kernel: Pick<KernelIdentity, "bits" | "order">): Uint8Array {
  const body = withoutEnd(text);
  const [start, end] = idLine(body) ?? [0, 0];
  const hash = createHash("sha256").update(`tracery-layout 1 word=${kernel.bits / 8} order=${kernel.order}\n`);
  if (end < body.length) {
    hash.update(body.subarray(0, start)).update(body.subarray(end));
  } else {
    hash.update(withoutEnd(body.subarray(0, start)));
  }
  return hash.update("\n").digest();
}

/** The number after the first `ID:`, as the records' `common_type` has it; 0 if there is none. */
export function eventId(text: Uint8Array): number {
  const body = withoutEnd(text);
  const line = idLine(body);
  const digits =
    line && /^[ \t]*(\d{1,9})/.exec(Buffer.from(body.subarray(line[0] + ID.length, line[1])).toString("latin1"));
  return digits?.[1] === undefined ? 0 : Number(digits[1]);
}

/** Where the first line that begins with `ID:` lies, its line feed included. */
function idLine(text: Uint8Array): [start: number, end: number] | undefined {
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.length);
  for (let start = bytes.indexOf(ID); start >= 0; start = bytes.indexOf(ID, start + 1)) {
    if (start === 0 || bytes[start - 1] === LINE_FEED) {
      const feed = bytes.indexOf(LINE_FEED, start);
      return [start, feed < 0 ? bytes.length : feed + 1];
    }
  }
  return undefined;
}

function withoutEnd(text: Uint8Array): Uint8Array {
  let end = text.length;
  while (end > 0 && (text[end - 1] === LINE_FEED || text[end - 1] === 0)) {
    end--;
  }
  return text.subarray(0, end);
}
