/**
 * Client of Tracery, the registry of the Linux kernel's trace events: a tool asks at start whether it can run on this
 * kernel and how each event is read, and then decodes raw records itself.
 *
 * @packageDocumentation
 */
export { Client, connect, type CallOptions, type ConnectOptions } from "./client.js";
export { EventDecoder, type Reading } from "./decode/decoder.js";
export type { Field, Kind } from "./decode/field.js";
export type { SymbolNames } from "./decode/symbols.js";
export type { Read, Value } from "./decode/values.js";
export {
  DecodeError,
  RefusedError,
  RegistryError,
  TraceryError,
  UnreachableError,
  type FieldViolation,
  type StatusDetails,
} from "./errors.js";
export type { Freshness } from "./freshness.js";
export { RunOutcome } from "./gen/tracery/v1/compatibility_pb.js";
export type { KernelIdentity, KernelSource } from "./kernel.js";
export type { NegotiateOptions } from "./negotiate/negotiator.js";
export { likes, requires, type Requirement, type Tool } from "./negotiate/requirements.js";
export type { Run, Source } from "./negotiate/run.js";
export type { CpuPages, FileSource, PagesSource, TraceSource, TranslateOptions } from "./registry/translate.js";
export type { KernelUpload } from "./registry/upload.js";
export type { WatchOptions } from "./registry/watch.js";
export { StatusCode } from "./status-code.js";
export type { TlsOptions } from "./tls.js";
