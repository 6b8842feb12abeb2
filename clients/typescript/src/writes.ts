import type { DescMethod } from "@bufbuild/protobuf";
import { RegistryError } from "./errors.js";
import { StatusCode } from "./status-code.js";

/** A call that changes the registry, or is sent as such. */
export interface Write {
  /** What is known where the server goes away in the middle of it. */
  readonly outcome: string;
  /** Whether it may be sent again then. */
  readonly harmless: boolean;
}

/** The reason of an error of this package. */
const CONNECTION_LOST = "CONNECTION_LOST";

const AGAIN = ", and doing it again is safe";
// Why by name: a start that only negotiates loads none of the services.
const WRITES = new Map<string, Write>([
  [
    "tracery.v1.RegistryService.RegisterKernel",
    { outcome: `the kernel may or may not be registered${AGAIN}`, harmless: true },
  ],
  ["tracery.v1.CompatibilityService.CheckKernel", { outcome: `a check stores nothing${AGAIN}`, harmless: true }],
  [
    "tracery.v1.ConsumerService.DeclareConsumer",
    { outcome: `the declaration may or may not be stored${AGAIN}`, harmless: true },
  ],
  [
    "tracery.v1.CompatibilityService.UpdatePolicy",
    { outcome: `the policy may or may not be changed${AGAIN}`, harmless: true },
  ],
  [
    "tracery.v1.ConsumerService.WithdrawConsumer",
    { outcome: "the claims may or may not have been withdrawn", harmless: false },
  ],
  [
    "tracery.v1.CompatibilityService.GiveWaiver",
    { outcome: "the waiver may or may not have been given", harmless: false },
  ],
  [
    "tracery.v1.TranslatorService.RemoveTranslator",
    { outcome: "the bundle may or may not have been removed", harmless: false },
  ],
]);

/** The write that a method is; undefined for one that reads. */
export function writeOf({ parent, name }: DescMethod): Write | undefined {
  return WRITES.get(`${parent.typeName}.${name}`);
}

/**
 * What a write failed with, and what is known of it. With a reason it is the server that says no, and then nothing was done.
 * A grpc-java server that is stopped cancels its streams.
 */
export function told({ outcome }: Write, failure: RegistryError): RegistryError {
  const { code, reason, message } = failure;
  if (reason !== "" || (code !== StatusCode.UNAVAILABLE && code !== StatusCode.CANCELLED)) {
    return failure;
  }
  return new RegistryError(
    StatusCode.UNAVAILABLE,
    `the connection to the registry was lost (${message}); ${outcome}`,
    { reason: CONNECTION_LOST },
    failure,
  );
}

/** Whether it may have been done. */
export function isConnectionLost({ reason }: RegistryError): boolean {
  return reason === CONNECTION_LOST;
}
