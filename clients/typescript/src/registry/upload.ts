import { readdir } from "node:fs/promises";
import { join } from "node:path";
import {
  create,
  toBinary,
  type DescMessage,
  type DescMethodStreaming,
  type MessageInitShape,
  type MessageShape,
} from "@bufbuild/protobuf";
import type { Ask, Channel, UploadLimits } from "../channel.js";
import { EventStructSchema, TracepointSchema, type EventStruct, type Tracepoint } from "../gen/tracery/v1/btf_pb.js";
import { CompatibilityService, type CheckKernelResponse } from "../gen/tracery/v1/compatibility_service_pb.js";
import {
  EventFormatSchema,
  RegistryService,
  type EventFormat,
  type RegisterKernelResponse,
} from "../gen/tracery/v1/registry_service_pb.js";
import { identityMessage, openKernel, type KernelSource, type SeenKernel } from "../kernel.js";
import { eventId, layoutHash } from "../negotiate/format-text.js";

/** A kernel with all its events. */
export interface KernelUpload {
  /** Where its formats are; every event that is there is sent. */
  readonly kernel: KernelSource;
  /** What its BTF says of trace events, if that is known. */
  readonly types?: { readonly tracepoints: readonly Tracepoint[]; readonly structs: readonly EventStruct[] };
}

/** A part after the header; both calls have them alike. */
type Part =
  | { readonly case: "events"; readonly value: { readonly events: EventFormat[] } }
  | { readonly case: "types"; readonly value: { readonly tracepoints: Tracepoint[]; readonly structs: EventStruct[] } };

// Well below the 4 MiB at which servers refuse a message by default.
const CHUNK_BYTES = 1 << 20;
// What FindMissingLayouts allows.
const MOST_HASHES = 65_536;
const READ_TOGETHER = 32;

export async function checkKernel(
  channel: Channel,
  upload: KernelUpload & { readonly series: string },
  limits: UploadLimits,
): Promise<CheckKernelResponse> {
  const kernel = await openKernel(upload.kernel);
  const value = { identity: identityMessage(kernel.identity), series: upload.series };
  return transfer(channel, CompatibilityService.method.checkKernel, upload, kernel, limits, (part) => ({
    part: part ?? { case: "header" as const, value },
  }));
}

export async function registerKernel(
  channel: Channel,
  upload: KernelUpload & { readonly series?: string; readonly validateOnly?: boolean },
  limits: UploadLimits,
): Promise<RegisterKernelResponse> {
  const kernel = await openKernel(upload.kernel);
  const { series = "", validateOnly = false } = upload;
  const value = { identity: identityMessage(kernel.identity), series, validateOnly };
  return transfer(channel, RegistryService.method.registerKernel, upload, kernel, limits, (part) => ({
    part: part ?? { case: "header" as const, value },
  }));
}

/** @param request of a part; of the header if there is none */
async function transfer<I extends DescMessage, O extends DescMessage>(
  channel: Channel,
  method: DescMethodStreaming<I, O>,
  { kernel: source, types }: KernelUpload,
  kernel: SeenKernel,
  limits: UploadLimits,
  request: (part?: Part) => MessageInitShape<I>,
): Promise<MessageShape<O>> {
  const events = await eventsOf(source, kernel);
  return channel.upload(
    method,
    async (ask) => {
      const sent = await withoutKnown(ask, events);
      // eslint-disable-next-line @typescript-eslint/require-await -- what a call sends is iterated asynchronously
      return (async function* () {
        yield request();
        for (const chunk of chunks(sent, (event) => toBinary(EventFormatSchema, event).length)) {
          yield request({ case: "events", value: { events: chunk } });
        }
        for (const tracepoints of chunks(types?.tracepoints ?? [], (one) => toBinary(TracepointSchema, one).length)) {
          yield request({ case: "types", value: { tracepoints, structs: [] } });
        }
        for (const structs of chunks(types?.structs ?? [], (one) => toBinary(EventStructSchema, one).length)) {
          yield request({ case: "types", value: { tracepoints: [], structs } });
        }
      })();
    },
    limits,
  );
}

/** All events of a kernel, with their texts, by name. */
async function eventsOf(source: KernelSource, kernel: SeenKernel): Promise<EventFormat[]> {
  const names = source.formats === undefined ? await namesIn(kernel.events!) : Object.keys(source.formats);
  names.sort();
  const events: EventFormat[] = [];
  for (let at = 0; at < names.length; at += READ_TOGETHER) {
    const read = names.slice(at, at + READ_TOGETHER).map(async (event) => {
      const text = await kernel.format(event);
      return (
        text &&
        create(EventFormatSchema, { event, id: eventId(text), layoutHash: layoutHash(text, kernel.identity), text })
      );
    });
    events.push(...(await Promise.all(read)).filter((event) => event !== undefined));
  }
  return events;
}

async function namesIn(events: string): Promise<string[]> {
  const folders = async (path: string) =>
    (await readdir(path, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const names: string[] = [];
  for (const system of await folders(events)) {
    names.push(...(await folders(join(events, system))).map((name) => `${system}/${name}`));
  }
  return names;
}

/** The events without the texts that the registry knows, or that another event sends already. */
async function withoutKnown(ask: Ask, events: readonly EventFormat[]): Promise<EventFormat[]> {
  const unsent = new Set<string>();
  const hashes = [...new Map(events.map(({ layoutHash: hash }) => [key(hash), hash])).values()];
  let at = 0;
  // Why even without a hash: it finds out, too, whether the server is there.
  do {
    const layoutHashes = hashes.slice(at, at + MOST_HASHES);
    const { missing } = await ask(RegistryService.method.findMissingLayouts, { layoutHashes });
    missing.forEach((hash) => unsent.add(key(hash)));
    at += MOST_HASHES;
  } while (at < hashes.length);
  return events.map((event) => (unsent.delete(key(event.layoutHash)) ? event : { ...event, text: new Uint8Array() }));
}

function key(hash: Uint8Array): string {
  return Buffer.from(hash).toString("hex");
}

/** The items in runs of bounded size. */
function* chunks<T>(items: readonly T[], bytesOf: (item: T) => number): Generator<T[], void, undefined> {
  let chunk: T[] = [];
  let size = 0;
  for (const item of items) {
    const bytes = bytesOf(item) + 8;
    if (chunk.length > 0 && size + bytes > CHUNK_BYTES) {
      yield chunk;
      chunk = [];
      size = 0;
    }
    chunk.push(item);
    size += bytes;
  }
  if (chunk.length > 0) {
    yield chunk;
  }
}
