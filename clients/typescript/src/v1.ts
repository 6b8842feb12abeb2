/**
 * The messages and services of `tracery.v1`, as protobuf-es makes them: for calls that {@link Client} has no method for, and
 * for requirements that say more than `requires` and `likes`.
 *
 * @packageDocumentation
 */
export * from "./gen/tracery/v1/admin_service_pb.js";
export * from "./gen/tracery/v1/btf_pb.js";
export * from "./gen/tracery/v1/change_pb.js";
export * from "./gen/tracery/v1/compatibility_pb.js";
export * from "./gen/tracery/v1/compatibility_service_pb.js";
export * from "./gen/tracery/v1/consumer_pb.js";
export * from "./gen/tracery/v1/consumer_service_pb.js";
export * from "./gen/tracery/v1/decode_pb.js";
export * from "./gen/tracery/v1/diagnostic_pb.js";
export * from "./gen/tracery/v1/kernel_pb.js";
export * from "./gen/tracery/v1/negotiation_service_pb.js";
export * from "./gen/tracery/v1/options_pb.js";
export * from "./gen/tracery/v1/registry_service_pb.js";
export * from "./gen/tracery/v1/trace_pb.js";
export * from "./gen/tracery/v1/translation_service_pb.js";
export * from "./gen/tracery/v1/translator_service_pb.js";
