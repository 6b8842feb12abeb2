import type { MessageInitShape } from "@bufbuild/protobuf";
import { AccessClass, type ConsumerSchema, type RequirementSchema } from "../gen/tracery/v1/consumer_pb.js";

/** A tool and what it needs: name, version, and requirements made by {@link requires} and {@link likes}. */
export type Tool = MessageInitShape<typeof ConsumerSchema> & { readonly name: string; readonly version: string };

/** One need of a tool. Most come from {@link requires} and {@link likes}; others say more (`tracery/v1`). */
export type Requirement = MessageInitShape<typeof RequirementSchema>;

/** An event, `system/name`, without which, or without one of these fields of which, the tool cannot run. */
export function requires(event: string, ...fields: readonly string[]): Requirement {
  return byName(event, fields, false);
}

/** An event, `system/name`, with which, and with these fields of which, the tool does more. */
export function likes(event: string, ...fields: readonly string[]): Requirement {
  return byName(event, fields, true);
}

function byName(event: string, fields: readonly string[], optional: boolean): Requirement {
  return {
    anyOf: [{ event, access: AccessClass.BY_NAME, fields: fields.map((field) => ({ names: [field] })) }],
    optional,
  };
}
