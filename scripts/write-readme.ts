import { writeFileSync } from "node:fs";
import { readText, withGeneratedParts } from "./readme-tables";

// `npm run readme` brings the README up to date; `npm run readme -- --check` fails where it is not.
const readme = readText("README.md");
const fresh = withGeneratedParts(readme);
if (fresh === readme) console.log("README.md is up to date.");
else if (process.argv.includes("--check")) {
  console.error("README.md is not up to date: run `npm run readme` and commit it.");
  process.exitCode = 1;
} else {
  writeFileSync(new URL("../README.md", import.meta.url), fresh);
  console.log("README.md has been brought up to date.");
}
