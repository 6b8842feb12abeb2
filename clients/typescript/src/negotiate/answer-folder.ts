import { createHash, randomUUID } from "node:crypto";
import { lstat, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { NegotiateResponseSchema, type NegotiateResponse } from "../gen/tracery/v1/negotiation_service_pb.js";
import { isMissing } from "../kernel.js";

/** An answer with the time at which the registry gave it, in milliseconds since 1970. */
export interface Kept {
  readonly time: number;
  readonly answer: NegotiateResponse;
}

const MAGIC = Buffer.from("tracery-answer 1\n");
const TIME_BYTES = 8;
const HASH_BYTES = 32;
const HEAD_BYTES = MAGIC.length + TIME_BYTES + HASH_BYTES;
const SUFFIX = ".answer";
const UNFINISHED = ".part";
const ABANDONED_MILLIS = 3_600_000;

/** `$XDG_CACHE_HOME/tracery/negotiations`, or under `~/.cache`; undefined where there is no home. */
export function defaultAnswerFolder(): string | undefined {
  const set = process.env.XDG_CACHE_HOME;
  // The XDG base directory specification ignores relative paths.
  const caches = set !== undefined && isAbsolute(set) ? set : join(homedir(), ".cache");
  return isAbsolute(caches) ? join(caches, "tracery", "negotiations") : undefined;
}

/**
 * Answers as files, one for each question, under the question's hash. Any number of processes, of any language, may use the
 * folder: a file is whole or not there. What goes wrong with it costs the answer, and a warning of the process.
 */
export class AnswerFolder {
  constructor(
    readonly folder: string,
    readonly maxBytes: number,
  ) {}

  /** The answer to a question. A damaged file is removed. */
  async get(question: string): Promise<Kept | undefined> {
    const file = this.#file(question);
    try {
      await this.#checkOwner();
      const content = await readFile(file);
      const kept = unpack(content);
      if (kept === undefined) {
        await rm(file, { force: true });
        warn(`${file} was damaged and is removed`);
      } else {
        const now = new Date();
        // Why the catch: a folder that can only be read serves all the same.
        await utimes(file, now, now).catch(() => undefined);
      }
      return kept;
    } catch (error) {
      if (!isMissing(error)) {
        warn(`${file} cannot be read: ${String(error)}`);
      }
      return undefined;
    }
  }

  /** Keeps an answer, and drops what was not used for longest where there is too much. */
  async put(question: string, kept: Kept): Promise<void> {
    const content = pack(kept);
    if (content.length > this.maxBytes) {
      return;
    }
    try {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await this.#checkOwner();
      const part = join(this.folder, `${question}.${randomUUID()}${UNFINISHED}`);
      try {
        await writeFile(part, content, { mode: 0o600, flag: "wx" });
        await rename(part, this.#file(question));
      } finally {
        await rm(part, { force: true });
      }
      await this.#trim();
    } catch (error) {
      warn(
        `the registry's answer cannot be kept in ${this.folder} (${String(error)}); without it the tool does not start ` +
          "while the registry cannot be reached",
      );
    }
  }

  #file(question: string): string {
    return join(this.folder, question + SUFFIX);
  }

  /** Refuses a folder into which others write: they would tell the tool how to read the kernel. */
  async #checkOwner(): Promise<void> {
    const found = await lstat(this.folder);
    if (!found.isDirectory()) {
      throw new Error(`${this.folder} is no folder`);
    }
    if ((found.mode & 0o022) !== 0) {
      throw new Error(`${this.folder} can be written to by others; chmod 700 it`);
    }
    if (process.geteuid !== undefined && found.uid !== process.geteuid()) {
      throw new Error(`${this.folder} belongs to user ${found.uid}; use a folder of your own`);
    }
  }

  async #trim(): Promise<void> {
    const entries: { file: string; bytes: number; used: number }[] = [];
    // Why no others: they are not the cache's to remove.
    const names = (await readdir(this.folder)).filter((name) => name.endsWith(SUFFIX) || name.endsWith(UNFINISHED));
    for (const name of names) {
      const file = join(this.folder, name);
      // Why the catch: another process may have removed it just now.
      const found = await stat(file).catch(() => undefined);
      if (found?.isFile()) {
        entries.push({ file, bytes: found.size, used: found.mtimeMs });
      }
    }
    let bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    entries.sort((a, b) => a.used - b.used);
    for (const entry of entries) {
      const unfinished = entry.file.endsWith(UNFINISHED);
      if (unfinished ? entry.used < Date.now() - ABANDONED_MILLIS : bytes > this.maxBytes) {
        await rm(entry.file, { force: true });
        bytes -= entry.bytes;
      }
    }
  }
}

function pack({ time, answer }: Kept): Uint8Array {
  const moment = Buffer.alloc(TIME_BYTES);
  moment.writeBigInt64BE(BigInt(time));
  const bytes = toBinary(NegotiateResponseSchema, answer);
  return Buffer.concat([MAGIC, moment, digest(moment, bytes), bytes]);
}

/** Undefined if anything about it is not as it was written. */
function unpack(content: Buffer): Kept | undefined {
  if (content.length < HEAD_BYTES || !content.subarray(0, MAGIC.length).equals(MAGIC)) {
    return undefined;
  }
  const moment = content.subarray(MAGIC.length, MAGIC.length + TIME_BYTES);
  const answer = content.subarray(HEAD_BYTES);
  if (!content.subarray(MAGIC.length + TIME_BYTES, HEAD_BYTES).equals(digest(moment, answer))) {
    return undefined;
  }
  try {
    return { time: Number(moment.readBigInt64BE()), answer: fromBinary(NegotiateResponseSchema, answer) };
  } catch {
    return undefined;
  }
}

function digest(moment: Uint8Array, answer: Uint8Array): Buffer {
  return createHash("sha256").update(moment).update(answer).digest();
}

function warn(message: string): void {
  process.emitWarning(message, "TraceryWarning");
}
