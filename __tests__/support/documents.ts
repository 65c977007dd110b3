import { readdirSync } from "node:fs";
import { documents, readText } from "../../scripts/readme-tables";

/** The Markdown files for users and contributors, by their paths in the repository. */
export const DOCUMENTS: readonly string[] = [
  ...documents(),
  "ARCHITECTURE.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "emulator/README.md",
];

/** The files of a folder that end so, with their paths in the repository. */
export function filesIn(folder: string, end = ".yml"): string[] {
  return readdirSync(new URL(`../../${folder}/`, import.meta.url))
    .filter((name) => name.endsWith(end))
    .map((name) => `${folder}/${name}`);
}

/** The blocks of YAML in a document. */
export function yamlBlocks(path: string): string[] {
  return [...readText(path).matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => text);
}

/** A block of YAML that shows a part of an example, and the link below it. */
export interface Excerpt {
  readonly text: string;
  /** The link as it is written. */
  readonly link: string;
}

/** Blocks of YAML that are followed by a link to the whole workflow. */
export function excerpts(path: string): Excerpt[] {
  const pattern = /^```yaml\n((?:(?!```).*\n)*)```\n\n\[The whole workflow\]\((\S+)\)$/gm;
  return [...readText(path).matchAll(pattern)].map(([, text = "", link = ""]) => ({ text, link }));
}

/** The targets of a document's links and pictures, without what is code. */
export function linksOf(path: string): string[] {
  const prose = readText(path)
    .replace(/^```[\s\S]*?^```$/gm, "")
    .replace(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
}

/** The anchors that GitHub gives to a document's headings. */
export function anchorsOf(path: string): string[] {
  const prose = readText(path).replace(/^```[\s\S]*?^```$/gm, "");
  return [...prose.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, "")
      .replaceAll(" ", "-"),
  );
}
