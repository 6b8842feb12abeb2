import { createHash } from "node:crypto";
import { clone, create, toBinary } from "@bufbuild/protobuf";
import { deadlineOf } from "../deadline.js";
import { RefusedError, RegistryError, UnreachableError } from "../errors.js";
import { RunOutcome } from "../gen/tracery/v1/compatibility_pb.js";
import { ConsumerSchema, type Consumer } from "../gen/tracery/v1/consumer_pb.js";
import {
  NegotiateRequestSchema,
  type NegotiateRequest,
  type NegotiateResponse,
} from "../gen/tracery/v1/negotiation_service_pb.js";
import { identityMessage, openKernel, type KernelSource, type SeenKernel } from "../kernel.js";
import { StatusCode } from "../status-code.js";
import { AnswerFolder, defaultAnswerFolder, type Kept } from "./answer-folder.js";
import { eventId, layoutHash } from "./format-text.js";
import type { Tool } from "./requirements.js";
import { Run, type Source } from "./run.js";

/** How a negotiation goes. */
export interface NegotiateOptions {
  /** How long it may take, with everything that is tried again; 2 seconds unless set. */
  readonly deadlineMillis?: number;
  /** The folder where answers are kept, or false to keep none; `~/.cache/tracery/negotiations` unless set. */
  readonly cache?: string | false;
  /** How much is kept there, in bytes; 16 MiB unless set. */
  readonly cacheBytes?: number;
  /** Whether it is a question only, and no start of the tool: then nothing is claimed. */
  readonly dryRun?: boolean;
}

/** Asks a registry. The deadline is for the whole call, with everything that is tried again. */
export type Ask = (request: NegotiateRequest, deadlineMillis: number) => Promise<NegotiateResponse>;

const API_VERSION = "tracery.v1";

/** Negotiates as `clients/conformance` describes it. */
export class Negotiator {
  readonly #deadlineMillis: number;
  readonly #cache: AnswerFolder | undefined;
  readonly #dryRun: boolean;

  /** @param clock milliseconds since 1970 */
  constructor(
    private readonly ask: Ask,
    options: NegotiateOptions = {},
    private readonly clock: () => number = Date.now,
  ) {
    this.#deadlineMillis = deadlineOf(options.deadlineMillis ?? 2000);
    const folder = options.cache ?? defaultAnswerFolder();
    this.#cache =
      folder === undefined || folder === false ? undefined : new AnswerFolder(folder, options.cacheBytes ?? 16 << 20);
    this.#dryRun = options.dryRun ?? false;
  }

  async negotiate(tool: Tool, source: KernelSource): Promise<Run> {
    const consumer = create(ConsumerSchema, tool);
    const run = await this.#run(consumer, await openKernel(source));
    if (run.outcome === RunOutcome.REJECTED) {
      throw new RefusedError(run);
    }
    return run;
  }

  async #run(tool: Consumer, kernel: SeenKernel): Promise<Run> {
    const formats = await formatsOf(tool, kernel);
    const request = this.#request(tool, kernel, formats);
    const question = questionOf(request);
    const kept = await this.#cache?.get(question);
    if (kept !== undefined && this.#isFresh(kept)) {
      return this.#keptRun(tool, kept, "cache", "");
    }
    try {
      const answer = await this.#answer(request, formats);
      if (answer.needFormats.length === 0) {
        await this.#cache?.put(question, { time: this.clock(), answer });
      }
      return new Run(tool, answer, "registry", 0, "");
    } catch (error) {
      if (!(error instanceof RegistryError) || !isUnreachable(error)) {
        throw error;
      }
      if (kept === undefined) {
        const where = this.#cache === undefined ? ", for none are kept" : ` in ${this.#cache.folder}`;
        throw new UnreachableError(
          `the registry cannot be reached (${error.message}), and there is no answer of an earlier start of ` +
            `${tool.name} ${tool.version} on this kernel${where}`,
          { cause: error },
        );
      }
      return this.#keptRun(tool, kept, "cache-offline", error.message);
    }
  }

  /** One round trip, or two where the registry needs texts. */
  async #answer(request: NegotiateRequest, formats: ReadonlyMap<string, Uint8Array>): Promise<NegotiateResponse> {
    const end = performance.now() + this.#deadlineMillis;
    const answer = await this.ask(request, this.#deadlineMillis);
    if (answer.needFormats.length === 0) {
      return answer;
    }
    const needed = new Set(answer.needFormats);
    for (const event of request.events) {
      event.text = (needed.has(event.event) ? formats.get(event.event) : undefined) ?? event.text;
    }
    return this.ask(request, end - performance.now());
  }

  #isFresh({ time, answer }: Kept): boolean {
    const age = this.clock() - time;
    const allowed = Number(answer.cacheFor?.seconds ?? 0n) * 1000 + (answer.cacheFor?.nanos ?? 0) / 1e6;
    // Why not of the future: the clock was set back, and nobody knows how old the answer is. Why not a refusal: who was
    // refused mends something and asks again.
    return age >= 0 && age < allowed && answer.outcome !== RunOutcome.REJECTED;
  }

  #keptRun(tool: Consumer, { time, answer }: Kept, source: Source, reason: string): Run {
    return new Run(tool, answer, source, Math.max(0, this.clock() - time), reason);
  }

  #request(tool: Consumer, { identity }: SeenKernel, formats: ReadonlyMap<string, Uint8Array>): NegotiateRequest {
    return create(NegotiateRequestSchema, {
      tool,
      kernel: identityMessage(identity),
      events: Array.from(formats, ([event, text]) => ({
        event,
        id: eventId(text),
        layoutHash: layoutHash(text, identity),
      })),
      dryRun: this.#dryRun,
      apiVersions: [API_VERSION],
    });
  }
}

/** The formats of the events that the tool names and the kernel has, in the order of naming. */
async function formatsOf(tool: Consumer, kernel: SeenKernel): Promise<Map<string, Uint8Array>> {
  const named = new Set(tool.requirements.flatMap(({ anyOf }) => anyOf.map(({ event }) => event)));
  named.delete("");
  const texts = await Promise.all(Array.from(named, async (event) => [event, await kernel.format(event)] as const));
  return new Map(texts.filter((entry): entry is [string, Uint8Array] => entry[1] !== undefined));
}

/** What the answer depends on, as a hash. Ids differ from boot to boot, and the answer does not. */
function questionOf(request: NegotiateRequest): string {
  const content = clone(NegotiateRequestSchema, request);
  content.dryRun = false;
  for (const event of content.events) {
    event.id = 0;
  }
  return createHash("sha256").update(toBinary(NegotiateRequestSchema, content)).digest("hex");
}

function isUnreachable({ code }: RegistryError): boolean {
  return code === StatusCode.UNAVAILABLE || code === StatusCode.DEADLINE_EXCEEDED;
}
