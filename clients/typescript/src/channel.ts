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
import { registryError } from "./status.js";
import { StatusCode } from "./status-code.js";
import { secureContext, type TlsOptions } from "./tls.js";

/** What holds for every call. */
export interface ChannelOptions {
  readonly tls: TlsOptions | undefined;
  readonly token: string | undefined;
  readonly userAgent: string;
}

const PAUSES_MILLIS = [50, 100, 200];
// Why: a watch has no deadline; this finds out that its server is gone for good. Servers by default take pings more
// frequent than every 5 minutes for an attack.
const PING_MILLIS = 6 * 60_000;
const PING_TIMEOUT_MILLIS = 20_000;
// Why: the diagnostics of a refused registration come as trailers.
const METADATA_BYTES = 1 << 20;
const WINDOW_BYTES = 1 << 20;
const MAX_ANSWER_BYTES = 256 << 20;
const CONNECT_MILLIS = 20_000;
// Why sooner: a machine that is silent must not use up the time of the others.
const CONNECT_MILLIS_OF_SEVERAL = 700;

interface Server {
  readonly address: string;
  readonly session: Http2SessionManager;
  readonly transport: Transport;
}

/** Connections to one or more servers of a registry, made when they are needed. */
export class Channel {
  readonly #servers: readonly Server[];
  readonly #header: Headers;
  readonly #closing = new AbortController();
  /** The server that answered last, which is asked first. */
  #current = 0;

  constructor(addresses: readonly ServerAddress[], { tls, token, userAgent }: ChannelOptions) {
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
   * A call with one answer. While servers are UNAVAILABLE, the next is asked, and all once more after a pause, as long as
   * the deadline allows; nothing else is tried again.
   */
  async unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    input: MessageInitShape<I>,
    deadlineMillis: number,
    signal?: AbortSignal,
  ): Promise<MessageShape<O>> {
    this.#check(signal);
    const end = performance.now() + deadlineMillis;
    for (let round = 0; ; round++) {
      let failure: RegistryError | undefined;
      for (let turn = 0; turn < this.#servers.length && (failure === undefined || performance.now() < end); turn++) {
        const answer = await this.#try(method, input, end, signal).catch(registryError);
        if (!(answer instanceof RegistryError)) {
          return answer;
        }
        this.#check(signal);
        if (answer.code !== StatusCode.UNAVAILABLE) {
          throw answer;
        }
        failure = answer;
        this.next();
      }
      const pause = PAUSES_MILLIS[round];
      if (pause === undefined || performance.now() + pause >= end) {
        throw failure!;
      }
      await this.pause(pause, signal);
    }
  }

  async #try<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    input: MessageInitShape<I>,
    end: number,
    signal: AbortSignal | undefined,
  ): Promise<MessageShape<O>> {
    const { session, transport } = this.#server();
    const left = Math.max(1, Math.ceil(end - performance.now()));
    const answer = await this.#patiently(session, transport.unary(method, signal, left, this.#header, input));
    return answer.message;
  }

  /** A call with many parts either way, of the first server that can be connected to. Not tried again. */
  async *stream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodStreaming<I, O>,
    input: AsyncIterable<MessageInitShape<I>>,
    deadlineMillis: number | undefined,
    signal?: AbortSignal,
  ): AsyncGenerator<MessageShape<O>, void, undefined> {
    // Why: the consumer may stop early, and then the call must end.
    const ended = new AbortController();
    const all = signal === undefined ? ended.signal : AbortSignal.any([ended.signal, signal]);
    try {
      this.#check(signal);
      await this.#connect();
      const { transport } = this.#server();
      const answer = await transport.stream(method, all, deadlineMillis, this.#header, input);
      yield* answer.message;
    } catch (failure) {
      this.#check(signal);
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

  async #connect(): Promise<void> {
    for (let turn = 1; ; turn++) {
      const { session } = this.#server();
      if ((await this.#patiently(session, session.connect())) !== "error") {
        return;
      }
      if (turn === this.#servers.length) {
        throw session.error();
      }
      this.next();
    }
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
