import { writeFileSync } from "node:fs";
import { SCHEMAS } from "./schema-text";

for (const [name, text] of Object.entries(SCHEMAS))
  writeFileSync(new URL(`../schema/${name}`, import.meta.url), text());
