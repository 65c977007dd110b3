import { toJSONSchema } from "zod/v4/core";
import { policyFileSchema } from "../src/policy/schema";

/** The JSON Schema of policy files, generated from what validates them; the bundle has no part of the generator. */
export function schemaText(): string {
  return `${JSON.stringify(toJSONSchema(policyFileSchema, { io: "input" }), null, 2)}\n`;
}
