import { Ajv2020 } from "ajv/dist/2020";
import { strictReportSchema } from "../../scripts/schema-text";

const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(strictReportSchema());

/** What is wrong with a report, by its published JSON Schema without room for more; empty where nothing is. */
export function reportFaults(report: unknown): string[] {
  if (validate(report)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
