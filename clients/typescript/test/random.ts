/** The same numbers in every run (xorshift32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 0x9e3779b1) | 1;
  }

  /** From 0, below `end`. */
  below(end: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % end;
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  /** Half of them small numbers, zeros or letters, as records have them. */
  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () =>
      this.of([this.below(256), this.below(256), 0, this.below(4), 0x41 + this.below(26), 0xe2]),
    );
  }

  /** 64 bits. */
  bits(): bigint {
    return (BigInt(this.below(0xffffffff)) << 32n) | BigInt(this.below(0xffffffff));
  }
}
