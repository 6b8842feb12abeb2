import { EventDecoder } from "../decode/decoder.js";
import { TraceryError } from "../errors.js";
import { FitReason, RunOutcome, type RequirementFit } from "../gen/tracery/v1/compatibility_pb.js";
import type { Consumer } from "../gen/tracery/v1/consumer_pb.js";
import type { NegotiateResponse } from "../gen/tracery/v1/negotiation_service_pb.js";

/** Where an answer is from: the registry, now; an earlier start; or an earlier start, since the registry is away. */
export type Source = "registry" | "cache" | "cache-offline";

/** How a tool runs on a kernel: what is missing, and how each event is read. */
export class Run {
  /** `ACCEPTED`, `DEGRADED`, or `UNKNOWN` where the registry cannot tell; the warnings say why. */
  readonly outcome: RunOutcome;
  /** The events that can be decoded. */
  readonly events: readonly string[];
  /** Why it is not accepted without reserve: one sentence for each requirement and field. */
  readonly reasons: readonly string[];
  /** What the tool's user should know: the reasons, and first that the answer is an old one. */
  readonly warnings: readonly string[];
  /** What is not read as the kernel wrote it: one sentence for each field that a translator of the registry fills. */
  readonly notes: readonly string[];
  readonly #decoders = new Map<string, EventDecoder>();

  constructor(
    readonly tool: Consumer,
    /** The registry's answer. */
    readonly answer: NegotiateResponse,
    /** Where the answer is from. */
    readonly source: Source,
    /** How long ago the registry gave it, in milliseconds; 0 if now. */
    readonly ageMillis: number,
    /** Why the registry could not be reached; empty if it was not asked, or answered. */
    offlineReason: string,
  ) {
    this.outcome = answer.outcome;
    this.events = answer.events.map(({ event }) => event);
    this.reasons = answer.requirements.flatMap((fit, index) => reasonsOf(fit, this.#subject(index, fit.chosen)));
    this.notes = answer.requirements.flatMap((fit, index) =>
      fit.fields
        .filter(({ reason }) => reason === FitReason.BRIDGED)
        .map(({ name, explanation }) => `${this.#subject(index, fit.chosen)}.${name}: ${explanation}`),
    );
    this.warnings =
      source === "cache-offline"
        ? [
            `the registry cannot be reached (${offlineReason}); going by its answer of ${ago(ageMillis)}`,
            ...this.reasons,
          ]
        : this.reasons;
  }

  /**
   * Reads the records of an event. Fields that the tool named and the kernel has not have no value.
   *
   * @throws {TraceryError} if the event is not among {@link events}, or its plan cannot be run
   */
  decoder(event: string): EventDecoder {
    let decoder = this.#decoders.get(event);
    if (decoder === undefined) {
      const reading = this.answer.events.find((candidate) => candidate.event === event);
      if (reading === undefined) {
        throw new TraceryError(`${event} cannot be decoded here; what can be: ${this.events.join(", ") || "nothing"}`);
      }
      const uses = this.tool.requirements.flatMap(({ anyOf }) => anyOf).filter((use) => use.event === event);
      decoder = new EventDecoder(
        reading,
        uses.flatMap(({ fields }) => fields.flatMap(({ names }) => names)),
      );
      this.#decoders.set(event, decoder);
    }
    return decoder;
  }

  #subject(requirement: number, chosen: number): string {
    const uses = this.tool.requirements[requirement]?.anyOf;
    return uses === undefined ? `requirement ${requirement}` : uses[chosen]?.event || "the kernel";
  }
}

function reasonsOf(fit: RequirementFit, subject: string): string[] {
  if (fit.outcome === RunOutcome.ACCEPTED) {
    return [];
  }
  const unusable = fit.fields.filter(({ usable }) => !usable);
  const ofEvent = fit.explanation !== "" || unusable.length === 0 ? [`${subject}: ${textOf(fit)}`] : [];
  return [...ofEvent, ...unusable.map((field) => `${subject}.${field.name}: ${textOf(field)}`)];
}

function textOf({ reason, explanation }: { reason: FitReason; explanation: string }): string {
  // Why the check: a later registry can have reasons that this version does not know.
  const name = FitReason[reason] as string | undefined;
  return explanation || (name?.toLowerCase() ?? `reason ${reason}`);
}

function ago(millis: number): string {
  const minutes = Math.floor(millis / 60_000);
  if (minutes < 1) {
    return "less than a minute ago";
  }
  if (minutes < 120) {
    return minutes === 1 ? "1 minute ago" : `${minutes} minutes ago`;
  }
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} hours ago` : `${Math.floor(hours / 24)} days ago`;
}
