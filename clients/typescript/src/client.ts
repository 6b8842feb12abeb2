import {
  create,
  type DescMessage,
  type DescMethodUnary,
  type MessageInitShape,
  type MessageShape,
} from "@bufbuild/protobuf";
import { isLoopback, parseAddresses } from "./address.js";
import type { Channel } from "./channel.js";
import { deadlineOf } from "./deadline.js";
import { Revisions, type Freshness } from "./freshness.js";
import type { CheckKernelResponse } from "./gen/tracery/v1/compatibility_service_pb.js";
import type { FindUsesRequestSchema, FindUsesResponse } from "./gen/tracery/v1/consumer_service_pb.js";
import type { Kernel, KernelEvent } from "./gen/tracery/v1/kernel_pb.js";
import { NegotiationService } from "./gen/tracery/v1/negotiation_service_pb.js";
import type {
  DiffKernelsRequestSchema,
  DiffKernelsResponse,
  DiffSchemasRequestSchema,
  DiffSchemasResponse,
  GetSchemaRequestSchema,
  GetSchemaResponse,
  ListEventsRequestSchema,
  ListKernelsRequestSchema,
  RegisterKernelResponse,
  WatchResponse,
} from "./gen/tracery/v1/registry_service_pb.js";
import type { GetStatusResponse } from "./gen/tracery/v1/admin_service_pb.js";
import type { TraceItem } from "./gen/tracery/v1/trace_pb.js";
import type { KernelSource } from "./kernel.js";
import { Negotiator, type NegotiateOptions } from "./negotiate/negotiator.js";
import type { Tool } from "./negotiate/requirements.js";
import type { Run } from "./negotiate/run.js";
import type { TlsOptions } from "./tls.js";
import type { KernelUpload } from "./registry/upload.js";
import type { TraceSource, TranslateOptions } from "./registry/translate.js";
import type { WatchOptions } from "./registry/watch.js";

/** How a client connects. */
export interface ConnectOptions {
  /** Whether the connection is secured: true for the system's roots, or with which files. */
  readonly tls?: boolean | TlsOptions;
  /** Sent as `authorization: Bearer TOKEN`; over TLS or to this machine only. */
  readonly token?: string;
  /** How long a call with one answer may take; 30 seconds unless set. A negotiation has its own. */
  readonly deadlineMillis?: number;
  /** How long a check or a registration may take; 30 minutes unless set. */
  readonly transferMillis?: number;
  /** Who is calling, as the server's log names it; `tracery-typescript/0.1` unless set. */
  readonly userAgent?: string;
  /** As {@link Client.atLeast}. */
  readonly atLeastRevision?: bigint;
}

/** What can be said of each call. */
export interface CallOptions {
  /** Ends the call; it then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

const USER_AGENT = "tracery-typescript/0.1";
const DEFAULT_ADDRESS = "localhost:7411";

/**
 * A client of the registry at an address. Connects when it is first used, and again when it must.
 *
 * ```ts
 * await using client = connect("registry.example:7411", { tls: true, token });
 * for await (const kernel of client.kernels()) {
 *   console.log(kernel.identity?.release);
 * }
 * ```
 *
 * @param addresses `HOST`, `HOST:PORT` or `[IPV6]:PORT`; several, with commas or as a list, are servers of one registry, of
 *   which the next is asked while one is unavailable. `$TRACERY_SERVER` or `localhost:7411` unless given
 * @throws {TypeError} if an address or the token is malformed, or the token would be sent for all to read
 * @throws {RangeError} if a deadline is no time, or the revision is negative
 */
export function connect(
  addresses: string | readonly string[] = process.env.TRACERY_SERVER || DEFAULT_ADDRESS,
  options: ConnectOptions = {},
): Client {
  return new Client(addresses, options);
}

/** A connection to a registry; see {@link connect}. */
export class Client implements AsyncDisposable {
  readonly #channel: () => Promise<Channel>;
  readonly #deadlineMillis: number;
  readonly #transferMillis: number;
  readonly #revisions = new Revisions();
  #opened: Promise<Channel> | undefined;
  #closed = false;

  /** @internal */
  constructor(text: string | readonly string[], options: ConnectOptions) {
    const addresses = parseAddresses(text);
    const { tls = false, token, userAgent = USER_AGENT } = options;
    // Why not what it is: the token is a secret, and an error goes to a log.
    if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
      throw new TypeError("expected a token of printable ASCII characters without blanks");
    }
    if (token !== undefined && tls === false && !addresses.every(isLoopback)) {
      throw new TypeError("a token is sent over TLS or to this machine only; set `tls`");
    }
    this.#deadlineMillis = deadlineOf(options.deadlineMillis ?? 30_000);
    this.#transferMillis = deadlineOf(options.transferMillis ?? 30 * 60_000);
    this.#revisions.raise(options.atLeastRevision ?? 0n);
    // Why an import at the first call: a start that goes by its cache needs no gRPC.
    this.#channel = async () => {
      const { Channel } = await import("./channel.js");
      const secure = tls === true ? {} : tls === false ? undefined : tls;
      const channel = new Channel(addresses, { tls: secure, token, userAgent, revisions: this.#revisions });
      if (this.#closed) {
        channel.close();
      }
      return channel;
    };
  }

  /**
   * Asks whether a tool can run on a kernel, and how it reads each event. Reads only the formats of events that the tool
   * names. Within the time that the registry allows, the answer of an earlier start is used without asking; while the
   * registry cannot be reached, however old it is, and the warnings say so.
   *
   * @param kernel the running one unless given
   * @throws {RefusedError} if the tool cannot run here, with the registry's reasons
   * @throws {UnreachableError} if the registry cannot be reached and nothing is kept
   * @throws {RegistryError} if the registry refuses the question
   */
  async negotiate(tool: Tool, kernel: KernelSource = {}, options: NegotiateOptions & CallOptions = {}): Promise<Run> {
    const ask = async (request: MessageShape<typeof NegotiationService.method.negotiate.input>, millis: number) =>
      (await this.#open()).unary(NegotiationService.method.negotiate, request, millis, options.signal);
    return new Negotiator(ask, options).negotiate(tool, kernel);
  }

  /**
   * Any call with one answer, of those that have no method here; `tracery/v1` has the services.
   *
   * ```ts
   * await client.call(CompatibilityService.method.getPolicy, {});
   * ```
   */
  async call<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    { signal }: CallOptions = {},
  ): Promise<MessageShape<O>> {
    return (await this.#open()).unary(method, request, this.#deadlineMillis, signal);
  }

  /** Kernels in the order of their registration, or of joining `series`. Pages are fetched while iterating. */
  async *kernels(
    request: MessageInitShape<typeof ListKernelsRequestSchema> = {},
    options: CallOptions = {},
  ): AsyncGenerator<Kernel, void, undefined> {
    const { RegistryService, ListKernelsRequestSchema: Schema } =
      await import("./gen/tracery/v1/registry_service_pb.js");
    const next = create(Schema, { pageSize: 1000, ...request });
    do {
      const page = await this.call(RegistryService.method.listKernels, next, options);
      yield* page.kernels;
      next.pageToken = page.nextPageToken;
    } while (next.pageToken !== "");
  }

  /**
   * The events of a kernel that match a glob, in the order of their names; or the latest version of every lineage if no
   * kernel is named. Pages are fetched while iterating.
   */
  async *events(
    request: MessageInitShape<typeof ListEventsRequestSchema> = {},
    options: CallOptions = {},
  ): AsyncGenerator<KernelEvent, void, undefined> {
    const { RegistryService, ListEventsRequestSchema: Schema } =
      await import("./gen/tracery/v1/registry_service_pb.js");
    const next = create(Schema, { pageSize: 5000, ...request });
    do {
      const page = await this.call(RegistryService.method.listEvents, next, options);
      yield* page.events;
      next.pageToken = page.nextPageToken;
    } while (next.pageToken !== "");
  }

  /** One schema version of an event: by version, by kernel or by layout; the latest unless said. */
  async schema(
    request: MessageInitShape<typeof GetSchemaRequestSchema>,
    options: CallOptions = {},
  ): Promise<GetSchemaResponse> {
    const { RegistryService } = await import("./gen/tracery/v1/registry_service_pb.js");
    return this.call(RegistryService.method.getSchema, request, options);
  }

  /** What differs between two kernels, event by event. */
  async diffKernels(
    request: MessageInitShape<typeof DiffKernelsRequestSchema>,
    options: CallOptions = {},
  ): Promise<DiffKernelsResponse> {
    const { RegistryService } = await import("./gen/tracery/v1/registry_service_pb.js");
    return this.call(RegistryService.method.diffKernels, request, options);
  }

  /** What differs between two schema versions of an event. */
  async diffSchemas(
    request: MessageInitShape<typeof DiffSchemasRequestSchema>,
    options: CallOptions = {},
  ): Promise<DiffSchemasResponse> {
    const { RegistryService } = await import("./gen/tracery/v1/registry_service_pb.js");
    return this.call(RegistryService.method.diffSchemas, request, options);
  }

  /** Who uses an event, or a field of it. */
  async uses(
    request: MessageInitShape<typeof FindUsesRequestSchema>,
    options: CallOptions = {},
  ): Promise<FindUsesResponse> {
    const { ConsumerService } = await import("./gen/tracery/v1/consumer_service_pb.js");
    return this.call(ConsumerService.method.findUses, request, options);
  }

  /** What the server is and holds. */
  async status(options: CallOptions = {}): Promise<GetStatusResponse> {
    const { AdminService } = await import("./gen/tracery/v1/admin_service_pb.js");
    return this.call(AdminService.method.getStatus, {}, options);
  }

  /**
   * Has a kernel judged against the latest of a series, without registering it. Sends only the formats that the registry
   * does not know.
   */
  async check(
    kernel: KernelUpload & { readonly series: string },
    options: CallOptions = {},
  ): Promise<CheckKernelResponse> {
    const { checkKernel } = await import("./registry/upload.js");
    return checkKernel(await this.#open(), kernel, this.#limits(options));
  }

  /** Registers a kernel, all or nothing. Sends only the formats that the registry does not know. Again is safe. */
  async register(
    kernel: KernelUpload & { readonly series?: string; readonly validateOnly?: boolean },
    options: CallOptions = {},
  ): Promise<RegisterKernelResponse> {
    const { registerKernel } = await import("./registry/upload.js");
    return registerKernel(await this.#open(), kernel, this.#limits(options));
  }

  /**
   * Every change after a revision, then every change as it happens: whole revision by whole revision, without gaps and
   * without repeats. When the server goes away, it is asked again, with growing pauses, for what follows the last revision
   * that came whole. Ends when the loop is left, or with the signal's reason.
   *
   * @throws {RegistryError} if the registry cannot be reached at the beginning, or refuses to go on
   */
  async *watch(options: WatchOptions = {}): AsyncGenerator<WatchResponse, void, undefined> {
    const { watch } = await import("./registry/watch.js");
    await this.status(options);
    yield* watch(await this.#open(), options);
  }

  /**
   * Translates a trace, item by item. Flow control works both ways: a source is asked for more only when the server has
   * taken what came before, and the server waits while nobody takes its items.
   *
   * ```ts
   * for await (const { item } of client.translate({ file: "trace.dat" })) {
   *   if (item.case === "events") count += item.value.events.length;
   * }
   * ```
   */
  async *translate(source: TraceSource, options: TranslateOptions = {}): AsyncGenerator<TraceItem, void, undefined> {
    const { translate } = await import("./registry/translate.js");
    yield* translate(await this.#open(), source, options);
  }

  /**
   * Has later calls answered from this revision or a later one, whichever server answers: for what another client wrote.
   * What this one wrote it reads without that. Never takes back a higher one.
   *
   * @throws {RangeError} if it is negative
   */
  atLeast(revision: bigint): void {
    this.#revisions.raise(revision);
  }

  /** How fresh the answer is that came last, refusals too; undefined before there is one. */
  get freshness(): Freshness | undefined {
    return this.#revisions.freshness;
  }

  /** Ends the connection and every call that is running. */
  async close(): Promise<void> {
    this.#closed = true;
    // Why the catch: who waits for the connection hears why it failed.
    (await this.#opened?.catch(() => undefined))?.close();
  }

  /** {@link close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #limits({ signal }: CallOptions) {
    return { deadlineMillis: this.#deadlineMillis, transferMillis: this.#transferMillis, signal };
  }

  #open(): Promise<Channel> {
    this.#opened ??= this.#channel();
    return this.#opened;
  }
}
