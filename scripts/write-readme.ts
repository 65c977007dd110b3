import { writeFileSync } from "node:fs";
import { documents, readText, withGeneratedParts } from "./readme-tables";

// `npm run readme` brings the README and docs/ up to date; `npm run readme -- --check` fails where they are not.
const isCheck = process.argv.includes("--check");
const stale = documents().filter((path) => withGeneratedParts(readText(path), path) !== readText(path));
for (const path of isCheck ? [] : stale) {
  writeFileSync(new URL(`../${path}`, import.meta.url), withGeneratedParts(readText(path), path));
}
if (stale.length === 0) console.log("The README and docs/ are up to date.");
else if (!isCheck) console.log(`Brought up to date: ${stale.join(", ")}.`);
else {
  console.error(`Not up to date: ${stale.join(", ")}. Run \`npm run readme\` and commit the result.`);
  process.exitCode = 1;
}
