import { toJSONSchema } from "zod/v4/core";
import { reportSchema } from "../src/inputs/report-schema";
import { policyFileSchema } from "../src/policy/schema";

/** The published schemas, by the names of their files in `schema/`. */
export const SCHEMAS: Readonly<Record<string, () => string>> = {
  "retention.schema.json": schemaText,
  "report.schema.json": reportSchemaText,
};

/** The JSON Schema of policy files, generated from what validates them; the bundle has no part of the generator. */
export function schemaText(): string {
  return `${JSON.stringify(toJSONSchema(policyFileSchema, { io: "input" }), null, 2)}\n`;
}

/** The JSON Schema of reports; later versions of the action may add properties. */
export function reportSchemaText(): string {
  return `${JSON.stringify(toJSONSchema(reportSchema, { io: "input" }), null, 2)}\n`;
}

/** The same for this version of the action, which writes nothing else. */
export function strictReportSchema(): object {
  return toJSONSchema(reportSchema, { io: "output" });
}
