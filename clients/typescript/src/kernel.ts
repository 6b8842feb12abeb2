import { readFile, stat } from "node:fs/promises";
import { endianness, machine } from "node:os";
import { join } from "node:path";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { TraceryError } from "./errors.js";
import { ByteOrder, WordSize, type KernelIdentitySchema } from "./gen/tracery/v1/kernel_pb.js";

/** What a kernel build says of itself. The release alone does not identify a kernel. */
export interface KernelIdentity {
  /** `uname -r`: `6.1.0-56-amd64`. */
  readonly release: string;
  /** `uname -v`: `#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)`. */
  readonly build: string;
  /** `uname -m`: `x86_64`. */
  readonly machine: string;
  /** The size of the kernel's `long`. */
  readonly bits: 32 | 64;
  /** The order of the bytes of its integers. */
  readonly order: "little" | "big";
  /** The page size in bytes. */
  readonly pageSize: number;
}

/**
 * Where the formats of a kernel's events are:
 *
 * - `{}`: the running kernel's tracefs, `/sys/kernel/tracing` or `/sys/kernel/debug/tracing`
 * - `{ tracefs }`: the running kernel's, mounted elsewhere; or its folder `events`
 * - `{ tracefs, identity }`: a copy of any kernel's
 * - `{ formats, identity }`: the texts of format files, by `system/name`
 */
export type KernelSource =
  | { readonly tracefs?: string; readonly identity?: undefined; readonly formats?: undefined }
  | { readonly tracefs: string; readonly identity: KernelIdentity; readonly formats?: undefined }
  | {
      readonly formats: Readonly<Record<string, Uint8Array | string>>;
      readonly identity: KernelIdentity;
      readonly tracefs?: undefined;
    };

/** A kernel with a way to its formats. */
export interface SeenKernel {
  readonly identity: KernelIdentity;
  /** The folder `events`; undefined where the formats are given. */
  readonly events: string | undefined;
  /** The format file of an event, byte for byte; undefined if the kernel has no such event. */
  format(event: string): Promise<Uint8Array | undefined>;
}

// Kernels of 2025 write 40 KiB at most.
const MAX_FORMAT_BYTES = 1 << 20;
const AT_PAGESZ = 6;
const USUAL_PAGE_SIZE = 4096;
// What `process.arch` says of 32-bit builds of Node.
const NARROW = ["arm", "ia32", "mips", "mipsel"];

/** Opens a kernel's formats; reads none of them. */
export async function openKernel(source: KernelSource, root = "/"): Promise<SeenKernel> {
  if (source.formats !== undefined) {
    const { formats, identity } = source;
    return {
      identity,
      events: undefined,
      format: (event) => {
        const text = Object.hasOwn(formats, event) ? formats[event] : undefined;
        return Promise.resolve(typeof text === "string" ? Buffer.from(text) : text);
      },
    };
  }
  const events = source.tracefs === undefined ? await runningEvents(root) : await eventsOf(source.tracefs);
  return {
    identity: source.identity ?? (await runningKernel(events, root)),
    events,
    format: (event) => readFormat(events, event),
  };
}

/** A kernel's identity as a message. */
export function identityMessage(identity: KernelIdentity): MessageInitShape<typeof KernelIdentitySchema> {
  return {
    release: identity.release,
    build: identity.build,
    machine: identity.machine,
    wordSize: identity.bits === 64 ? WordSize.WORD_SIZE_64 : WordSize.WORD_SIZE_32,
    byteOrder: identity.order === "little" ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN,
    pageSize: identity.pageSize,
  };
}

/** Whether the file system has nothing of that name. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

async function readFormat(events: string, event: string): Promise<Uint8Array | undefined> {
  const [system, name, ...more] = event.split("/");
  if (!system || !name || more.length > 0 || [system, name].some((part) => part === "." || part === "..")) {
    throw new TypeError(`expected an event as system/name, but found "${event}"`);
  }
  const file = join(events, system, name, "format");
  let text: Uint8Array;
  try {
    text = await readFile(file);
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw new TraceryError(`${file} cannot be read: ${String(error)}`, { cause: error });
  }
  if (text.length > MAX_FORMAT_BYTES) {
    throw new TraceryError(`${file} has more than ${MAX_FORMAT_BYTES} bytes`);
  }
  return text;
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function runningEvents(root: string): Promise<string> {
  for (const place of ["sys/kernel/tracing", "sys/kernel/debug/tracing"]) {
    const events = join(root, place, "events");
    if (await isFolder(events)) {
      return events;
    }
  }
  throw new TraceryError(
    `${join(root, "sys/kernel/tracing/events")} is not there or not readable; run as root, and if there is no events ` +
      "folder, mount it: mount -t tracefs nodev /sys/kernel/tracing",
  );
}

async function eventsOf(folder: string): Promise<string> {
  const events = join(folder, "events");
  if (await isFolder(events)) {
    return events;
  }
  if (await isFolder(folder)) {
    return folder;
  }
  throw new TraceryError(`${folder} is no folder; expected a tracefs, or a copy of one`);
}

async function runningKernel(events: string, root: string): Promise<KernelIdentity> {
  const line = async (file: string) => (await readFile(join(root, "proc/sys/kernel", file), "utf8")).trim();
  const [release, build, bits, pageSize] = await Promise.all([
    line("osrelease"),
    line("version"),
    wordBits(events),
    runningPageSize(root),
  ]);
  return { release, build, machine: machine(), bits, order: endianness() === "LE" ? "little" : "big", pageSize };
}

/** The kernel's word size, which is not that of Node where a 32-bit one runs on a 64-bit kernel. */
async function wordBits(events: string): Promise<32 | 64> {
  // `commit` is a `local_t`, a long of the kernel (kernel/trace/ring_buffer.c).
  const header = await readFile(join(events, "header_page"), "latin1").catch(() => "");
  const size = /\bcommit;\s*offset:\d+;\s*size:([48]);/.exec(header)?.[1];
  return (size === undefined ? !NARROW.includes(process.arch) : size === "8") ? 64 : 32;
}

/** From the auxiliary vector (getauxval(3)): pairs of longs. */
async function runningPageSize(root: string): Promise<number> {
  const bytes = await readFile(join(root, "proc/self/auxv")).catch(() => Buffer.alloc(0));
  const size = NARROW.includes(process.arch) ? 4 : 8;
  const little = endianness() === "LE";
  const long = (at: number) => {
    const low = little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at + size - 4);
    return low;
  };
  for (let at = 0; at + 2 * size <= bytes.length; at += 2 * size) {
    if (long(at) === AT_PAGESZ) {
      return long(at + size);
    }
  }
  return USUAL_PAGE_SIZE;
}
