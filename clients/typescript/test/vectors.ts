import { appendFileSync, readFileSync } from "node:fs";
import { fromJson, type DescMessage, type JsonValue, type MessageShape } from "@bufbuild/protobuf";

const FOLDER = new URL("../../../../conformance/", import.meta.url);

/** A file of the conformance suite. */
export function vectors<T extends DescMessage>(schema: T, file: string): MessageShape<T> {
  return fromJson(schema, JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")) as JsonValue);
}

/** Counts cases for the report that compares all clients. */
export class Tally {
  #cases = 0;
  #passed = 0;

  constructor(private readonly name: string) {}

  /** Runs a case; it counts as passed if it throws nothing. */
  async run(check: () => void | Promise<void>): Promise<void> {
    this.#cases++;
    await check();
    this.#passed++;
  }

  report(): void {
    const file = process.env.TRACERY_CONFORMANCE_REPORT;
    if (file !== undefined && file !== "") {
      appendFileSync(file, `${this.name}\t${this.#cases}\t${this.#passed}\n`);
    }
  }
}
