import type { CompatibilityReport } from "./gen/tracery/v1/compatibility_pb.js";
import type { Diagnostic } from "./gen/tracery/v1/diagnostic_pb.js";
import type { Run } from "./negotiate/run.js";
import type { StatusCode } from "./status-code.js";

/** What every error of this package is. */
export class TraceryError extends Error {
  override name = "TraceryError";
}

/** The tool cannot run on this kernel. */
export class RefusedError extends TraceryError {
  override name = "RefusedError";
  /** One sentence for each requirement and field that is not there. */
  readonly reasons: readonly string[];

  constructor(
    /** The registry's answer: what of it would work, and where it came from. */
    readonly run: Run,
  ) {
    const { tool, reasons } = run;
    super(
      `${tool.name} ${tool.version} cannot run on this kernel: ${reasons.join("; ") || "the registry says no more"}`,
    );
    this.reasons = reasons;
  }
}

/** The registry cannot be reached, and no answer of an earlier start is kept. */
export class UnreachableError extends TraceryError {
  override name = "UnreachableError";
}

/** A decode plan that cannot be run, or a field that is read as what it is not. */
export class DecodeError extends TraceryError {
  override name = "DecodeError";
}

/** A field of a request that is wrong. */
export interface FieldViolation {
  /** Its path: `header.identity.page_size`. */
  readonly field: string;
  /** What is wrong with it. */
  readonly description: string;
}

/** What a registry says of a call that failed, beyond code and message. */
export interface StatusDetails {
  /** The reason within the code: `STORE_FULL`; empty if there is none. */
  readonly reason: string;
  /** Which fields of the request are wrong; for `INVALID_ARGUMENT`. */
  readonly violations: readonly FieldViolation[];
  /** What was found in the formats that were sent. */
  readonly diagnostics: readonly Diagnostic[];
  /** What is not there; for `NOT_FOUND`. */
  readonly resource: { readonly type: string; readonly name: string } | undefined;
  /** What the kernel breaks whose registration was refused for that. */
  readonly report: CompatibilityReport | undefined;
}

/** A call that failed: the registry refused it, or could not be reached. */
export class RegistryError extends TraceryError implements StatusDetails {
  override name = "RegistryError";
  readonly reason: string;
  readonly violations: readonly FieldViolation[];
  readonly diagnostics: readonly Diagnostic[];
  readonly resource: { readonly type: string; readonly name: string } | undefined;
  readonly report: CompatibilityReport | undefined;

  constructor(
    /** The canonical status code. */
    readonly code: StatusCode,
    message: string,
    details: Partial<StatusDetails> = {},
    cause?: unknown,
  ) {
    super(message, { cause });
    this.reason = details.reason ?? "";
    this.violations = details.violations ?? [];
    this.diagnostics = details.diagnostics ?? [];
    this.resource = details.resource;
    this.report = details.report;
  }
}
