import { setTimeout as sleep } from "node:timers/promises";
import type {
  DescMethodStreaming,
  DescMethodUnary,
  MessageInitShape,
  MessageShape,
  DescMessage,
} from "@bufbuild/protobuf";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { addressText, type ServerAddress } from "./address.js";
import { RegistryError } from "./errors.js";
import { Revisions } from "./freshness.js";
import { AdminService } from "./gen/tracery/v1/admin_service_pb.js";
import { registryError } from "./status.js";
import { StatusCode } from "./status-code.js";
import { secureContext, type TlsOptions } from "./tls.js";
import { isConnectionLost, told, writeOf } from "./writes.js";

/** What holds for every call. */
export interface ChannelOptions {
  readonly tls: TlsOptions | undefined;
  readonly token: string | undefined;
  readonly userAgent: string;
  /** New ones unless given. */
  readonly revisions?: Revisions;
}

const PAUSES_MILLIS = [50, 100, 200];
const FIRST_LIMIT_MILLIS = 1000;
// Why not longer: a watch tells that nobody answers.
const FIND_MILLIS = 5000;
// Why: a stream has no limit; this finds out that its server is gone for good, or stopped. A server takes a ping every 10
// seconds.
const PING_MILLIS = 15_000;
const PING_TIMEOUT_MILLIS = 5000;
// Why: the diagnostics of a refused registration come as trailers.
const METADATA_BYTES = 1 << 20;
const WINDOW_BYTES = 1 << 20;
const MAX_ANSWER_BYTES = 256 << 20;
const CONNECT_MILLIS = 20_000;
// Why sooner: a machine that is silent must not use up the time of the others.
const CONNECT_MILLIS_OF_SEVERAL = 700;

/** Asks the server that is to get an upload. */
export type Ask = <I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  input: MessageInitShape<I>,
) => Promise<MessageShape<O>>;

/** How long the questions before an upload, and all of it, may take, and what ends it. */
export interface UploadLimits {
  readonly deadlineMillis: number;
  readonly transferMillis: number;
  readonly signal: AbortSignal | undefined;
}

/** A server has taken a call and has not said anything until its limit. */
class Silence extends Error {
  constructor(readonly failure: RegistryError) {
    super(failure.message, { cause: failure });
  }
}

interface Server {
  readonly address: string;
  readonly session: Http2SessionManager;
  readonly transport: Transport;
}

/** Connections to one or more servers of a registry, made when they are needed. */
export class Channel {
  readonly #servers: readonly Server[];
  readonly #header: Headers;
  readonly #revisions: Revisions;
  readonly #closing = new AbortController();
  /** The server that answered last, which is asked first. */
  #current = 0;

  constructor(
    addresses: readonly ServerAddress[],
    { tls, token, userAgent, revisions = new Revisions() }: ChannelOptions,
  ) {
    this.#revisions = revisions;
    const secure = tls && secureContext(tls);
    this.#header = new Headers({ "user-agent": userAgent, ...(token && { authorization: `Bearer ${token}` }) });
    this.#servers = addresses.map((server) => {
      const address = addressText(server);
      const baseUrl = `${tls === undefined ? "http" : "https"}://${address}`;
      const session = new Http2SessionManager(
        baseUrl,
        { pingIntervalMs: PING_MILLIS, pingTimeoutMs: PING_TIMEOUT_MILLIS },
        { ...secure, settings: { maxHeaderListSize: METADATA_BYTES, initialWindowSize: WINDOW_BYTES } },
      );
      return {
        address,
        session,
        transport: createGrpcTransport({
          baseUrl,
          sessionManager: session,
          readMaxBytes: MAX_ANSWER_BYTES,
          acceptCompression: [],
        }),
      };
    });
  }

  /**
   * A call with one answer. Where a server is unavailable or silent the next is asked, and all some more times after pauses,
   * as long as the deadline allows: `clients/conformance/README.md`.
   */
  async unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    input: MessageInitShape<I>,
    deadlineMillis: number,
    signal?: AbortSignal,
  ): Promise<MessageShape<O>> {
    const write = writeOf(method);
    if (write === undefined) {
      return this.#attempt(deadlineMillis, signal, true, (server, limit) =>
        this.#ask(server, method, input, limit, signal),
      );
    }
    const end = performance.now() + deadlineMillis;
    return this.#attempt(deadlineMillis, signal, write.harmless, async (server, limit) => {
      await this.#findOut(server, limit, signal);
      return this.#unary(server, method, input, end - performance.now(), signal).catch((failure: unknown) => {
        this.#check(signal);
        throw told(write, registryError(failure));
      });
    });
  }

  /**
   * Sends many and takes one; to the next server from the beginning.
   *
   * @param prepare makes what is sent of what it asks the server first, which is at least one question
   */
  async upload<I extends DescMessage, O extends DescMessage>(
    method: DescMethodStreaming<I, O>,
    prepare: (ask: Ask) => Promise<AsyncIterable<MessageInitShape<I>>>,
    { deadlineMillis, transferMillis, signal }: UploadLimits,
  ): Promise<MessageShape<O>> {
    const write = writeOf(method)!;
    const end = performance.now() + transferMillis;
    return this.#attempt(transferMillis, signal, write.harmless, async (server, limit) => {
      const questionMillis = Math.min(limit, deadlineMillis);
      const parts = await prepare((question, input) => this.#ask(server, question, input, questionMillis, signal));
      try {
        let answer: MessageShape<O> | undefined;
        // Why to the end: the status comes after the answer.
        for await (const message of this.#stream(
          server,
          method,
          parts,
          Math.max(1, Math.ceil(end - performance.now())),
          signal,
        )) {
          answer = message;
        }
        if (answer === undefined) {
          throw new RegistryError(StatusCode.INTERNAL, "the server ended the call without an answer");
        }
        return answer;
      } catch (failure) {
        this.#check(signal);
        throw told(write, registryError(failure));
      }
    });
  }

  /** Tries one server after the other; each may be silent until the limit that the attempt is told, in milliseconds. */
  async #attempt<T>(
    deadlineMillis: number,
    signal: AbortSignal | undefined,
    harmless: boolean,
    attempt: (server: Server, limit: number) => Promise<T>,
  ): Promise<T> {
    this.#check(signal);
    const end = performance.now() + deadlineMillis;
    const several = this.#servers.length > 1;
    let telling: RegistryError | undefined;
    for (let round = 0; ; round++) {
      for (let turn = 0; turn < this.#servers.length && (telling === undefined || performance.now() < end); turn++) {
        const share = Math.max(1, (end - performance.now()) / (this.#servers.length - turn));
        const limit = several && round === 0 ? Math.min(share, FIRST_LIMIT_MILLIS) : share;
        try {
          return await attempt(this.#server(), limit);
        } catch (error) {
          this.#check(signal);
          const silence = error instanceof Silence;
          const failure = silence ? error.failure : registryError(error);
          if (!silence && (failure.code !== StatusCode.UNAVAILABLE || (!harmless && isConnectionLost(failure)))) {
            throw failure;
          }
          telling = telling === undefined || rank(failure) >= rank(telling) ? failure : telling;
          if (silence && !several) {
            throw telling;
          }
          this.next();
        }
      }
      const pause = PAUSES_MILLIS[round];
      if (pause === undefined || performance.now() + pause >= end) {
        throw telling!;
      }
      await this.pause(pause, signal);
    }
  }

  /** A call that reads, whose deadline is the server's limit. */
  async #ask<I extends DescMessage, O extends DescMessage>(
    server: Server,
    method: DescMethodUnary<I, O>,
    input: MessageInitShape<I>,
    limit: number,
    signal: AbortSignal | undefined,
  ): Promise<MessageShape<O>> {
    try {
      return await this.#unary(server, method, input, limit, signal);
    } catch (error) {
      const failure = registryError(error);
      throw failure.code === StatusCode.DEADLINE_EXCEEDED && failure.reason === "" ? new Silence(failure) : failure;
    }
  }

  /** Whether a server is there, before it is sent what should not be sent in vain. */
  async #findOut(server: Server, limit: number, signal: AbortSignal | undefined): Promise<void> {
    try {
      await this.#ask(server, AdminService.method.getStatus, {}, limit, signal);
    } catch (error) {
      if (error instanceof Silence || (error instanceof RegistryError && error.code === StatusCode.UNAVAILABLE)) {
        throw error;
      }
      // Any other answer is one, too.
      this.#check(signal);
    }
  }

  async #unary<I extends DescMessage, O extends DescMessage>(
    { session, transport }: Server,
    method: DescMethodUnary<I, O>,
    input: MessageInitShape<I>,
    millis: number,
    signal: AbortSignal | undefined,
  ): Promise<MessageShape<O>> {
    const left = Math.max(1, Math.ceil(millis));
    const header = this.#revisions.ask(this.#header);
    try {
      const answer = await this.#patiently(session, transport.unary(method, signal, left, header, input));
      this.#revisions.note(answer.header, writeOf(method) !== undefined);
      return answer.message;
    } catch (error) {
      this.#noteFailure(error);
      throw error;
    }
  }

  /** A refusal says how fresh it is, too. */
  #noteFailure(error: unknown): void {
    if (error instanceof ConnectError) {
      this.#revisions.note(error.metadata, false);
    }
  }

  /** A call with many parts either way, of the first server that answers. Not tried again. */
  async *stream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodStreaming<I, O>,
    input: AsyncIterable<MessageInitShape<I>>,
    deadlineMillis: number | undefined,
    signal?: AbortSignal,
  ): AsyncGenerator<MessageShape<O>, void, undefined> {
    this.#check(signal);
    // Why only of several: one that is silent may be waited for.
    if (this.#servers.length > 1) {
      await this.#attempt(FIND_MILLIS, signal, true, (server, limit) => this.#findOut(server, limit, signal));
    }
    yield* this.#stream(this.#server(), method, input, deadlineMillis, signal);
  }

  async *#stream<I extends DescMessage, O extends DescMessage>(
    { session, transport }: Server,
    method: DescMethodStreaming<I, O>,
    input: AsyncIterable<MessageInitShape<I>>,
    deadlineMillis: number | undefined,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<MessageShape<O>, void, undefined> {
    // Why: the consumer may stop early, and then the call must end.
    const ended = new AbortController();
    const all = signal === undefined ? ended.signal : AbortSignal.any([ended.signal, signal]);
    try {
      if ((await this.#patiently(session, session.connect())) === "error") {
        throw session.error();
      }
      const header = this.#revisions.ask(this.#header);
      const answer = await transport.stream(method, all, deadlineMillis, header, input);
      const isWrite = writeOf(method) !== undefined;
      for await (const message of answer.message) {
        this.#revisions.note(answer.header, isWrite);
        yield message;
      }
    } catch (failure) {
      this.#check(signal);
      this.#noteFailure(failure);
      throw registryError(failure);
    } finally {
      ended.abort();
    }
  }

  /** Ends the connections and every call that is running. */
  close(): void {
    this.#closing.abort();
    for (const { session } of this.#servers) {
      session.abort();
    }
  }

  /** Whether {@link close} was called. */
  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Waits, unless the call or the channel is ended. */
  async pause(millis: number, signal?: AbortSignal): Promise<void> {
    const closing = this.#closing.signal;
    const ended = signal === undefined ? closing : AbortSignal.any([closing, signal]);
    await sleep(millis, undefined, { signal: ended }).catch(() => undefined);
    this.#check(signal);
  }

  /** Waits for what needs a connection, but not long for the connection: then its server is UNAVAILABLE. */
  async #patiently<T>(session: Http2SessionManager, waiting: Promise<T>): Promise<T> {
    const millis = this.#servers.length > 1 ? CONNECT_MILLIS_OF_SEVERAL : CONNECT_MILLIS;
    const timer = setTimeout(() => {
      if (session.state() === "connecting") {
        session.abort(new ConnectError(`no connection within ${millis} ms`, Code.Unavailable));
      }
    }, millis);
    try {
      return await waiting;
    } finally {
      clearTimeout(timer);
    }
  }

  #server(): Server {
    return this.#servers[this.#current]!;
  }

  /** Turns to the next server. */
  next(): void {
    this.#current = (this.#current + 1) % this.#servers.length;
  }

  /** Who ended the call gets the error of that, as everywhere in Node. */
  #check(signal: AbortSignal | undefined): void {
    signal?.throwIfAborted();
    if (this.closed) {
      throw new RegistryError(StatusCode.CANCELLED, "the client was closed");
    }
  }
}

/** What was lost on the way may have been done, which the caller must know. Silence says least. */
function rank(failure: RegistryError): number {
  return isConnectionLost(failure) ? 2 : failure.code === StatusCode.UNAVAILABLE ? 1 : 0;
}
