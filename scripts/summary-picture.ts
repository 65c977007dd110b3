import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { marked } from "marked";
import { startEmulator } from "../emulator/server";
import { demoData } from "./demo-data";
import { readOptions } from "./demo-options";
import { stepsFor } from "./demo-steps";
import { removeFolder } from "./remove-folder";
import { cleanUp, runAction } from "./runner";

/**
 * Makes docs/summary.png for the README: the step summary of the demo's first dry run, in GitHub's own style sheet and
 * with its chart, as headless Chromium shows it. `CHROMIUM` names another browser than `chromium`. Mermaid, which draws
 * the chart, is fetched for this alone: with all that it needs it is larger than the rest of node_modules.
 */
const MERMAID = "mermaid@11.17.2";
const OUTPUT = fileURLToPath(new URL("../docs/summary.png", import.meta.url));
const CSS = createRequire(import.meta.url).resolve("github-markdown-css/github-markdown-light.css");
const WIDTH = 980;
const HEIGHT = 1352;

const folder = mkdtempSync(join(tmpdir(), "package-retention-picture-"));
try {
  const page = join(folder, "summary.html");
  writeFileSync(page, pageOf(await demoSummary()));
  mkdirSync(fileURLToPath(new URL("../docs/", import.meta.url)), { recursive: true });
  photograph(page);
  console.log(OUTPUT);
} finally {
  removeFolder(folder);
  cleanUp();
}

async function demoSummary(): Promise<string> {
  const emulator = await startEmulator(demoData(Date.now()));
  try {
    const options = readOptions([]);
    const [first] = options === "help" ? [] : stepsFor(options, emulator.state);
    if (!first) throw new Error("the demo has no step");
    const { inputs, token } = first;
    // A relative path: the picture shows no directory of the machine that made it.
    const more = { "dry-run": "true", "report-file": "package-retention-report.json" };
    const result = await runAction({ emulator, inputs: { ...inputs, ...more }, token });
    if (result.exitCode !== 0) throw new Error(result.stdout);
    return result.summary;
  } finally {
    await emulator.close();
  }
}

function pageOf(summary: string): string {
  const chart = /```mermaid\n([\s\S]*?)```\n/;
  const markdown = summary.replace(chart, '<pre class="mermaid">$1</pre>\n');
  const css = readFileSync(CSS, "utf8");
  const body = marked.parse(markdown, { async: false, gfm: true });
  return (
    `<!doctype html><meta charset="utf-8"><style>${css} body{margin:24px} .markdown-body pre.mermaid{background:none}` +
    `</style><article class="markdown-body">${body}</article>` +
    `<script src="${pathToFileURL(fetchMermaid()).href}"></script><script>mermaid.run()</script>`
  );
}

function fetchMermaid(): string {
  const install = ["install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", MERMAID];
  execFileSync("npm", install, { stdio: "ignore", shell: process.platform === "win32" });
  return join(folder, "node_modules", "mermaid", "dist", "mermaid.min.js");
}

function photograph(page: string): void {
  const flags = [
    "--headless",
    "--disable-gpu",
    "--no-sandbox",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--virtual-time-budget=10000",
  ];
  const size = [`--window-size=${WIDTH},${HEIGHT}`, "--force-device-scale-factor=1.5"];
  const profile = `--user-data-dir=${join(folder, "profile")}`;
  const browser = process.env.CHROMIUM ?? "chromium";
  const shot = [`--screenshot=${OUTPUT}`, pathToFileURL(page).href];
  execFileSync(browser, [...flags, ...size, profile, ...shot], { stdio: "ignore", timeout: 60_000 });
}
