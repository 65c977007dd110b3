import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { removeFolder } from "../../scripts/remove-folder";
import { readInUseFiles } from "../../src/inputs/workspace";

const base = mkdtempSync(join(tmpdir(), "in-use-"));
const workspace = join(base, "work[1]space");
const temp = join(base, "temp");

afterAll(() => removeFolder(base));

function write(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "image: acme/app:v1");
  }
}

write(
  ...["deploy/app.yaml", "deploy/prod/web.yaml", "deploy/prod/.hidden.yaml", "deploy/README.md"].map((path) =>
    join(workspace, path),
  ),
  join(temp, "images.txt"),
  join(base, "outside", "other.yaml"),
);

/** The files that the globs match, by their paths. */
function matched(...globs: string[]): string[] {
  return readInUseFiles(globs, workspace, [workspace, temp]).map(({ path }) => path);
}

describe("in-use-files", () => {
  it("are found by globs, in the workspace whatever its name is", () => {
    expect(matched("deploy/*.yaml")).toEqual(["deploy/app.yaml"]);
    expect(matched("deploy/**/*.yaml")).toEqual([
      "deploy/app.yaml",
      "deploy/prod/.hidden.yaml",
      "deploy/prod/web.yaml",
    ]);
    expect(matched("deploy/**/*.yaml", "deploy/app.yaml")).toHaveLength(3);
    expect(matched("**/web.[xy]aml")).toEqual(["deploy/prod/web.yaml"]);
    expect(matched("./deploy/app.yaml")).toEqual(["deploy/app.yaml"]);
  });

  it("are all that is in a directory where that is named", () => {
    const all = ["deploy/README.md", "deploy/app.yaml", "deploy/prod/.hidden.yaml", "deploy/prod/web.yaml"];
    expect(matched("deploy")).toEqual(all);
    expect(matched("deploy/")).toEqual(all);
    expect(matched("deploy/**")).toEqual(all);
  });

  it("are not those that are excluded, nor what is in a directory that is", () => {
    expect(matched("deploy", "!**/*.md", "!deploy/prod")).toEqual(["deploy/app.yaml"]);
  });

  it("may be in RUNNER_TEMP, by their whole path", () => {
    expect(matched(`${temp}/*.txt`)).toEqual([`${temp}/images.txt`]);
  });

  it("are an error where a glob matches nothing, as a typo would", () => {
    for (const glob of ["deploi/*.yaml", "deploy/*.yml", "deploy/app.yaml/x", "DEPLOY/app.yaml"])
      expect(() => matched("deploy/app.yaml", glob)).toThrow(`in-use-files: ${glob} matches no file in`);
  });

  it("follow links in the workspace, also those that lead in circles", () => {
    symlinkSync(join(workspace, "deploy", "prod"), join(workspace, "deploy", "current"));
    symlinkSync(join(workspace, "deploy"), join(workspace, "deploy", "prod", "circle"));
    symlinkSync(join(workspace, "nowhere"), join(workspace, "deploy", "broken.yaml"));
    expect(matched("deploy/current/*.yaml")).toEqual([
      "deploy/current/.hidden.yaml",
      "deploy/current/web.yaml",
    ]);
    expect(matched("deploy/**/app.yaml")).toEqual(["deploy/app.yaml"]);
  });

  it("are an error where a link leads out, unless it is excluded", () => {
    symlinkSync(join(base, "outside"), join(workspace, "vendor"));
    expect(() => matched("**/other.yaml")).toThrow(
      /\*\*\/other\.yaml cannot be read: it is not in the workspace/,
    );
    expect(() => matched("vendor/*")).toThrow("exclude it");
    expect(matched("**/app.yaml", "!vendor")).toEqual(["deploy/app.yaml"]);
    symlinkSync(join(base, "outside", "other.yaml"), join(workspace, "deploy", "other.yaml"));
    expect(() => matched("deploy/other.yaml")).toThrow(/deploy\/other\.yaml cannot be read: it is not in/);
  });

  it("are not looked for outside of the workspace and RUNNER_TEMP", () => {
    expect(() => matched("/**/*.yaml")).toThrow("cannot be read: it is not in the workspace");
    expect(() => matched("../outside/*")).toThrow("cannot be read: it is not in the workspace");
  });
});
