import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { ELSEWHERE } from "./elsewhere";
import { MESSAGES } from "./messages";

/** That the list of messages is complete: each text in the sources is on it, or is known to be something else. */

const SRC = fileURLToPath(new URL("../../src/", import.meta.url));
const SAID = MESSAGES.map(({ says }) => says).join("\n");

/** A text of two words or more, wherever it stands in the sources; `…` stands for what is filled in. */
interface Text {
  readonly file: string;
  readonly text: string;
}

function textsOf(file: string): Text[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(SRC, file), "utf8"),
    ts.ScriptTarget.Latest,
    true,
  );
  const texts: Text[] = [];
  const visit = (node: ts.Node): void => {
    const text = textOf(node);
    if (text !== undefined && /[a-z`"]{2,}[,:]? [a-z`"]{2,}/i.test(text))
      texts.push({ file: file.split(sep).join("/"), text });
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(source, visit);
  return texts;
}

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join("…");
}

function isSaid({ text }: Text): boolean {
  const pattern = text
    .split("…")
    .map((piece) => piece.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"))
    .join("[^\\n]*?");
  return new RegExp(pattern.replaceAll("\n", "\\n")).test(SAID);
}

// What report/ says is the report, which its own tests read; what reason.ts says is the vocabulary of the spec, which the
// plans of the tests spell out; what schema.ts says is for editors, and action-inputs.ts is action.yml;
// options.ts and help.ts are --help.
const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter(
  (file) =>
    file.endsWith(".ts") &&
    !file.startsWith(`report${sep}`) &&
    !/(schema|reason|action-inputs|options|help)\.ts$/.test(file),
);
const texts = files.flatMap(textsOf);

it("finds the texts", () => {
  expect(texts.length).toBeGreaterThan(200);
});

it("has each text of the sources on the list, but those that are said elsewhere", () => {
  const known = new Set(ELSEWHERE);
  expect(texts.filter((one) => !isSaid(one) && !known.has(one.text))).toEqual([]);
});

it("names nothing as said elsewhere that is on the list, or in no source", () => {
  const unsaid = new Set(texts.filter((one) => !isSaid(one)).map(({ text }) => text));
  expect(ELSEWHERE.filter((text) => !unsaid.has(text))).toEqual([]);
});
