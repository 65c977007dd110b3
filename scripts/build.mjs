// Builds the action into dist/, or into the folder that the command line names.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { transform } from "esbuild";

const folder = process.argv[2] ?? "dist";
const bundle = path.join(folder, "index.js");
const ncc = path.join("node_modules", "@vercel", "ncc", "dist", "ncc", "cli.js");

// ncc makes one file of all that is imported, also later by import(), where that says webpackMode: "eager".
execFileSync(
  process.execPath,
  [ncc, "build", "src/main.ts", "-o", folder, "--license", "licenses.txt", "--transpile-only", "-q"],
  { stdio: ["ignore", "ignore", "inherit"] },
);

// Comments and whitespace are two fifths of what ncc writes; runners download them and Node reads them at each start.
// Names stay as they are and lines stay short, so that a stack trace still tells the place. Node compiles a file faster
// when it is all ASCII.
const { code } = await transform(readFileSync(bundle, "utf8"), {
  minifyWhitespace: true,
  lineLimit: 300,
  legalComments: "none",
  charset: "ascii",
});
writeFileSync(bundle, code);
