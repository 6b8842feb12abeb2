import { createReadStream } from "node:fs";
import { basename } from "node:path";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Channel } from "../channel.js";
import type { TraceItem } from "../gen/tracery/v1/trace_pb.js";
import {
  TranslationService,
  type TranslateRequestSchema,
  type TranslateStartSchema,
} from "../gen/tracery/v1/translation_service_pb.js";

/** Some whole pages of one CPU's ring buffer, as `trace_pipe_raw` gives them; the last may be cut short. */
export interface CpuPages {
  readonly cpu: number;
  readonly pages: Uint8Array;
}

/** A trace.dat or perf.data. */
export interface FileSource {
  /** Its path, or its bytes in any split. */
  readonly file: string | AsyncIterable<Uint8Array>;
  /** Its name for diagnostics; the path's last part unless set. */
  readonly name?: string;
}

/** Raw pages of a registered kernel. */
export interface PagesSource {
  /** The pages, of each CPU in their order. They are translated as they come. */
  readonly pages: AsyncIterable<CpuPages>;
  /** The kernel: its id, or an unambiguous prefix or release. */
  readonly kernel: string;
  /** The kernel's `events/header_page`; what its word size and page size imply unless set. */
  readonly headerPage?: Uint8Array;
  /** Bytes of a page; what `headerPage` or the kernel says unless set. */
  readonly pageSize?: number;
}

/** What is translated. */
export type TraceSource = FileSource | PagesSource;

/** What of a trace is wanted. */
export interface TranslateOptions {
  /** Globs over `system/name`; all events unless set. */
  readonly events?: readonly string[];
  /** All CPUs unless set. */
  readonly cpus?: readonly number[];
  /** Only events at this time or later, in the trace's clock. */
  readonly fromTime?: bigint;
  /** Only events before this time. */
  readonly toTime?: bigint;
  /** Ends the call; it then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

type Part = MessageInitShape<typeof TranslateRequestSchema>;

const CHUNK_BYTES = 256 << 10;
// What the server takes at most; whole pages, because each is a power of two and no larger.
const MOST_PAGES_BYTES = 1 << 20;

/** The items of a translated trace. */
export async function* translate(
  channel: Channel,
  source: TraceSource,
  options: TranslateOptions,
): AsyncGenerator<TraceItem, void, undefined> {
  const parts = "file" in source ? fileParts(source, options) : pagesParts(source, options);
  let broken: unknown;
  // Why: an error of the source ends the call, and is the caller's to see, not what became of the call. But what the call
  // throws into this iterator when it ends is no error of the source.
  const next = () =>
    parts.next().catch((error: unknown) => {
      broken = error;
      throw error;
    });
  const watched = async function* () {
    try {
      for (let part = await next(); part.done !== true; part = await next()) {
        yield part.value;
      }
    } finally {
      await parts.return();
    }
  };
  try {
    for await (const answer of channel.stream(
      TranslationService.method.translate,
      watched(),
      undefined,
      options.signal,
    )) {
      yield* answer.items;
    }
  } catch (error) {
    throw broken ?? error;
  }
}

async function* fileParts(
  { file, name }: FileSource,
  options: TranslateOptions,
): AsyncGenerator<Part, void, undefined> {
  const fileName = name ?? (typeof file === "string" ? basename(file) : "");
  yield start({ case: "file", value: { name: fileName } }, options);
  const chunks: AsyncIterable<Uint8Array> =
    typeof file === "string" ? createReadStream(file, { highWaterMark: CHUNK_BYTES }) : file;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += CHUNK_BYTES) {
      yield { part: { case: "fileChunk", value: chunk.subarray(at, at + CHUNK_BYTES) } };
    }
  }
}

async function* pagesParts(source: PagesSource, options: TranslateOptions): AsyncGenerator<Part, void, undefined> {
  const { kernel, headerPage, pageSize, pages: all } = source;
  const value = { kernel, ...(headerPage && { headerPage }), ...(pageSize !== undefined && { pageSize }) };
  yield start({ case: "rawPages", value }, options);
  for await (const { cpu, pages } of all) {
    for (let at = 0; at < pages.length; at += MOST_PAGES_BYTES) {
      yield { part: { case: "pages", value: { cpu, pages: pages.subarray(at, at + MOST_PAGES_BYTES) } } };
    }
  }
}

function start(
  source: NonNullable<MessageInitShape<typeof TranslateStartSchema>["source"]>,
  { events = [], cpus = [], fromTime, toTime }: TranslateOptions,
): Part {
  const times = { ...(fromTime !== undefined && { fromTime }), ...(toTime !== undefined && { toTime }) };
  return { part: { case: "start", value: { source, events: [...events], cpus: [...cpus], ...times } } };
}
