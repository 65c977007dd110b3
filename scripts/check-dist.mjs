// Builds the bundle again next to the committed one, and fails where they differ.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const fresh = mkdtempSync(path.join(tmpdir(), "package-retention-dist-"));

try {
  execFileSync(process.execPath, ["scripts/build.mjs", fresh], { stdio: "inherit" });
  const names = new Set([...readdirSync("dist"), ...readdirSync(fresh)]);
  const differing = [...names].filter((name) => read("dist", name) !== read(fresh, name));
  if (differing.length > 0) {
    console.error(
      `dist/ is not what src/ builds (${differing.join(", ")}): run \`npm run bundle\` and commit dist/.`,
    );
    process.exitCode = 1;
  } else {
    console.log("dist/ is up to date.");
  }
} finally {
  rmSync(fresh, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

function read(directory, name) {
  try {
    return readFileSync(path.join(directory, name), "utf8").replaceAll("\r\n", "\n");
  } catch {
    return undefined;
  }
}
