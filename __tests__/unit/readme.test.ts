import { existsSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { documents, readText, withGeneratedParts } from "../../scripts/readme-tables";
import { anchorsOf, DOCUMENTS, excerpts, filesIn, linksOf, yamlBlocks } from "../support/documents";
import { INPUTS, ourSteps, problemsOfBlock, stepsOf, workflowAt } from "../support/examples";

const README = readText("README.md");

/** Where a link of a document leads, as a path in the repository. */
function resolved(document: string, link: string): string {
  return posix.join(posix.dirname(document), link);
}

const shown = documents().flatMap((document) =>
  excerpts(document).map(({ text, link }) => ({ document, text, path: resolved(document, link) })),
);

describe("the README", () => {
  it("has at most 400 lines", () => {
    expect(README.trimEnd().split("\n").length).toBeLessThanOrEqual(400);
  });

  it("shows every input and output", () => {
    const { outputs } = parse(readText("action.yml")) as { outputs: object };
    for (const name of [...INPUTS, ...Object.keys(outputs)]) expect(README).toContain(`| \`${name}\` |`);
  });

  it("shows or links every example", () => {
    const linked = linksOf("README.md").map((link) => resolved("README.md", link));
    const generated = documents().flatMap((path) =>
      [...readText(path).matchAll(/<!-- begin (\S+) -->/g)].map(([, name = ""]) => name),
    );
    expect(filesIn("examples").filter((path) => ![...linked, ...generated].includes(path))).toEqual([]);
  });
});

describe.each(DOCUMENTS)("%s", (document) => {
  const links = linksOf(document).filter((link) => !/^https?:/.test(link));

  it("has its generated parts up to date", () => {
    expect(withGeneratedParts(readText(document), document)).toBe(readText(document));
  });

  it("links to files and headings that are there", () => {
    for (const link of links) {
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? document : resolved(document, path);
      expect([link, existsSync(fileURLToPath(new URL(`../../${target}`, import.meta.url)))]).toEqual([
        link,
        true,
      ]);
      if (anchor !== undefined) expect([link, anchorsOf(target).includes(anchor)]).toEqual([link, true]);
    }
  });
});

describe("the documents for users", () => {
  it("are linked from the README", () => {
    const linked = linksOf("README.md").map((link) => link.split("#")[0]);
    expect(documents().filter((path) => path !== "README.md" && !linked.includes(path))).toEqual([]);
  });

  it("have blocks of YAML that the action takes without a word", async () => {
    const blocks = documents().flatMap((path) => yamlBlocks(path).map((text) => ({ path, text })));
    expect(blocks.length).toBeGreaterThan(40);
    for (const { path, text } of blocks)
      expect([path, text, await problemsOfBlock(text)]).toEqual([path, text, []]);
  });

  it("name all that a policy file may have, and every word and modifier", () => {
    const schema = JSON.parse(readText("schema/retention.schema.json"));
    const [, section = ""] = readText("docs/policy.md").split("\n## The policy file\n");
    const [own = ""] = section.split("\n## ");
    for (const name of Object.keys(schema.properties.policies.items.properties))
      expect(own).toContain(`\`${name}\``);
    const words = [
      "last",
      "highest",
      "within",
      "while",
      "hourly",
      "yearly",
      "per",
      "except",
      "max-age",
      "only-while",
    ];
    for (const word of [...words, "follow"])
      expect(readText("docs/policy.md")).toMatch(new RegExp(`^\\| .*\`${word}`, "m"));
  });

  it.each(shown)("show of $path what is in it", ({ text, path }) => {
    const { jobs } = workflowAt(path);
    expect(parse(text)).toEqual(ourSteps(stepsOf({ jobs })).at(-1)?.with);
  });

  it("have lines in the table of docker/metadata-action that are valid", async () => {
    const [, section = ""] =
      /^## docker\/metadata-action\n([\s\S]*?)^## /m.exec(readText("docs/cookbook.md")) ?? [];
    const cells = [...section.matchAll(/^\| .* \| (.*) \|$/gm)].map(([, cell = ""]) => cell);
    const lines = cells.flatMap((cell) =>
      [...cell.matchAll(/`([^`]+: [^`]+)`/g)].map(([, line = ""]) => line),
    );
    expect(lines.length).toBeGreaterThan(9);
    for (const line of lines) expect([line, await problemsOfBlock(line)]).toEqual([line, []]);
  });
});
