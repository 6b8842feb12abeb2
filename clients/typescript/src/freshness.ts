/** How fresh an answer of a server is, which answers from memory what it has read of the registry's log. */
export interface Freshness {
  /** What the server had read; after a write, the write's revision at least. */
  readonly revision: bigint;
  /** How long before the answer it was known that this is all there is. */
  readonly ageMillis: number;
  /** Whether the server reaches its store. One that does not refuses writes and goes on answering from memory. */
  readonly storeReachable: boolean;
}

const AT_LEAST = "tracery-at-least-revision";
const REVISION = "tracery-revision";
const AGE = "tracery-age-ms";
const STORE = "tracery-store";

/** The revision that a client wants at least, and how fresh the last answer was. */
export class Revisions {
  #atLeast = 0n;
  #last: Freshness | undefined;

  /** Of the answer that came last. */
  get freshness(): Freshness | undefined {
    return this.#last;
  }

  /**
   * Raises what is wanted at least.
   *
   * @throws {RangeError} if it is no revision
   */
  raise(revision: bigint): void {
    if (revision < 0n) {
      throw new RangeError("expected a revision of 0 or more");
    }
    if (revision > this.#atLeast) {
      this.#atLeast = revision;
    }
  }

  /** What a call says. */
  ask(header: Headers): Headers {
    const asking = new Headers(header);
    if (this.#atLeast > 0n) {
      asking.set(AT_LEAST, String(this.#atLeast));
    }
    return asking;
  }

  /** Keeps what an answer says, if it does. */
  note(metadata: Headers, isWrite: boolean): void {
    const revision = number(metadata.get(REVISION));
    if (revision === undefined) {
      return;
    }
    const ageMillis = Number(number(metadata.get(AGE)) ?? 0n);
    this.#last = { revision, ageMillis, storeReachable: metadata.get(STORE) !== "unreachable" };
    if (isWrite) {
      this.raise(revision);
    }
  }
}

function number(text: string | null): bigint | undefined {
  return text !== null && /^[0-9]{1,18}$/.test(text) ? BigInt(text) : undefined;
}
