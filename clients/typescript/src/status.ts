import { Code, ConnectError } from "@connectrpc/connect";
import { RegistryError, type StatusDetails } from "./errors.js";
import { CompatibilityReportSchema } from "./gen/tracery/v1/compatibility_pb.js";
import { DiagnosticSchema } from "./gen/tracery/v1/diagnostic_pb.js";
import { BadRequestSchema, ErrorInfoSchema, ResourceInfoSchema } from "./gen/google/rpc/error_details_pb.js";
import { StatusCode } from "./status-code.js";

// Connect's words where a connection ends without an error of the system, and the call with it.
const CUT = /^http\/2 stream closed with error code (CANCEL|REFUSED_STREAM) /;

/** What a call failed with, google.rpc details included. */
export function registryError(failure: unknown): RegistryError {
  if (failure instanceof RegistryError) {
    return failure;
  }
  const error = ConnectError.from(failure);
  const network = networkReason(error);
  if (network !== undefined) {
    return new RegistryError(StatusCode.UNAVAILABLE, network, {}, failure);
  }
  if (CUT.test(error.rawMessage)) {
    return new RegistryError(
      StatusCode.UNAVAILABLE,
      "the connection was closed; does only one side speak TLS?",
      {},
      failure,
    );
  }
  const said = error.rawMessage || "no reason given";
  return new RegistryError(codeOf(error), said, detailsOf(error), failure);
}

function codeOf({ code }: ConnectError): StatusCode {
  // Connect numbers its codes as gRPC does.
  return code === Code.Canceled ? StatusCode.CANCELLED : (code as number as StatusCode);
}

/**
 * Why the connection could not be made or was lost; undefined if it was not that. Such an error has come from Node, and has
 * its `code`; what the server said has not.
 */
function networkReason(error: ConnectError): string | undefined {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof AggregateError && cause.errors[0] instanceof Error) {
      return cause.errors.map((one) => (one as Error).message).join("; ");
    }
    if (!(cause instanceof ConnectError) && "code" in cause && typeof cause.code === "string") {
      // Why: OpenSSL's message has the places in its source, and a line feed; its reason is what it says.
      const ofTls = "reason" in cause && cause.code.startsWith("ERR_SSL_") ? `TLS: ${String(cause.reason)}` : "";
      return ofTls || cause.message || cause.code;
    }
  }
  return undefined;
}

function detailsOf(error: ConnectError): StatusDetails {
  const resource = error.findDetails(ResourceInfoSchema)[0];
  return {
    reason: error.findDetails(ErrorInfoSchema)[0]?.reason ?? "",
    violations: error.findDetails(BadRequestSchema).flatMap(({ fieldViolations }) => fieldViolations),
    diagnostics: error.findDetails(DiagnosticSchema),
    resource: resource && { type: resource.resourceType, name: resource.resourceName },
    report: error.findDetails(CompatibilityReportSchema)[0],
  };
}
