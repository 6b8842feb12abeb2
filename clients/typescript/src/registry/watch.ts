import type { Channel } from "../channel.js";
import { RegistryError } from "../errors.js";
import { RegistryService, type WatchResponse } from "../gen/tracery/v1/registry_service_pb.js";
import { StatusCode } from "../status-code.js";

/** What is watched. */
export interface WatchOptions {
  /** Only changes after this revision; all since the first unless set. */
  readonly afterRevision?: bigint;
  /** Ends the watch; it then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told each time the server cannot be reached, before the pause that follows. */
  readonly onLost?: (error: RegistryError) => void;
}

const FIRST_PAUSE_MILLIS = 100;
const LONGEST_PAUSE_MILLIS = 10_000;

/** The changes of a registry, across connections that are cut. */
export async function* watch(
  channel: Channel,
  { afterRevision = 0n, signal, onLost }: WatchOptions,
): AsyncGenerator<WatchResponse, void, undefined> {
  let lastWhole = afterRevision;
  let pause = FIRST_PAUSE_MILLIS;
  for (;;) {
    try {
      for await (const revision of revisions(channel, lastWhole, signal)) {
        pause = FIRST_PAUSE_MILLIS;
        lastWhole = revision.revision;
        yield revision;
      }
      throw new RegistryError(StatusCode.UNAVAILABLE, "the server ended the watch");
    } catch (error) {
      if (!(error instanceof RegistryError) || !isLost(error) || channel.closed) {
        throw error;
      }
      onLost?.(error);
      channel.next();
      await channel.pause(pause, signal);
      pause = Math.min(LONGEST_PAUSE_MILLIS, 2 * pause);
    }
  }
}

/** What one call answers, the parts of a revision put together. */
async function* revisions(
  channel: Channel,
  afterRevision: bigint,
  signal: AbortSignal | undefined,
): AsyncGenerator<WatchResponse, void, undefined> {
  let revision: WatchResponse | undefined;
  for await (const part of channel.stream(RegistryService.method.watch, one({ afterRevision }), undefined, signal)) {
    if (revision === undefined) {
      revision = part;
    } else {
      revision.changes.push(...part.changes);
    }
    if (!part.more) {
      revision.more = false;
      yield revision;
      revision = undefined;
    }
  }
}

/** Whether the server went away, and did not refuse. A grpc-java server that is stopped cancels its streams. */
function isLost({ code, reason }: RegistryError): boolean {
  return reason === "" && (code === StatusCode.UNAVAILABLE || code === StatusCode.CANCELLED);
}

// eslint-disable-next-line @typescript-eslint/require-await -- what a call sends is iterated asynchronously
async function* one<T>(message: T): AsyncGenerator<T, void, undefined> {
  yield message;
}
