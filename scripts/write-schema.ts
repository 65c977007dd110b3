import { writeFileSync } from "node:fs";
import { schemaText } from "./schema-text";

writeFileSync(new URL("../schema/retention.schema.json", import.meta.url), schemaText());
