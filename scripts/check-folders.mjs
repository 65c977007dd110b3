// Each folder of src/ may import only from those below it (ARCHITECTURE.md), so that there is no circle. Within a folder
// files may import each other, without a circle either.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";

const SRC = join(dirname(fileURLToPath(import.meta.url)), "..", "src");

/** From the top down: a folder may import from the rows below its own. Folders of one row do not know each other. */
const ROWS = [
  ["main.ts"],
  ["run"],
  ["apply", "restore"],
  ["prepare"],
  ["output"],
  ["inputs"],
  ["github", "registry"],
  ["net"],
  ["report"],
  ["plan"],
  ["policy"],
  ["model"],
];

const rowOf = new Map(ROWS.flatMap((names, row) => names.map((name) => [name, row])));
const imports = new Map(sourceFiles().map((file) => [file, importsOf(file)]));
const problems = [...wrongDirections(), ...circles()];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

function sourceFiles() {
  return readdirSync(SRC, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.d)\.ts$/.test(entry.name))
    .map((entry) => relative(SRC, join(entry.parentPath ?? entry.path, entry.name)).replaceAll("\\", "/"));
}

function importsOf(file) {
  const text = readFileSync(join(SRC, file), "utf8");
  const paths = [...text.matchAll(/\b(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g)].map(([, path]) => path);
  return paths.map((path) => `${posix.join(posix.dirname(file), path)}.ts`);
}

function folderOf(file) {
  return file.includes("/") ? file.slice(0, file.indexOf("/")) : file;
}

function* wrongDirections() {
  for (const [file, targets] of imports) {
    const from = rowOf.get(folderOf(file));
    if (from === undefined) yield `src/${file}: scripts/check-folders.mjs does not know its folder.`;
    for (const target of targets) {
      const to = rowOf.get(folderOf(target));
      if (folderOf(file) === folderOf(target) || to > from) continue;
      yield `src/${file} imports src/${target}: ${folderOf(file)} is not above ${folderOf(target)}.`;
    }
  }
}

function* circles() {
  const done = new Set();
  for (const file of imports.keys()) yield* circlesFrom(file, []);

  function* circlesFrom(file, path) {
    if (path.includes(file)) {
      yield `A circle: ${[...path.slice(path.indexOf(file)), file].map((one) => `src/${one}`).join(" → ")}.`;
      return;
    }
    if (done.has(file)) return;
    for (const target of imports.get(file) ?? []) yield* circlesFrom(target, [...path, file]);
    done.add(file);
  }
}
