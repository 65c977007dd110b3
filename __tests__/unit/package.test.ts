import { existsSync, readFileSync } from "node:fs";

const ROOT = new URL("../../", import.meta.url);
const PACKAGE = JSON.parse(readFileSync(new URL("package.json", ROOT), "utf8"));

/** With one of these, npm installs all development dependencies before it takes a package from its repository. */
const PREPARING = ["postinstall", "build", "preinstall", "install", "prepack", "prepare"];

describe("npx github:package-retention/package-retention", () => {
  it("fetches the bundle and nothing else", () => {
    expect(PACKAGE.dependencies).toBeUndefined();
    expect(Object.keys(PACKAGE.scripts).filter((name) => PREPARING.includes(name))).toEqual([]);
    expect(PACKAGE.files).toEqual(["bin", "dist"]);
  });

  it("has a program to run", () => {
    expect(existsSync(new URL(PACKAGE.bin, ROOT))).toBe(true);
    expect(readFileSync(new URL(PACKAGE.bin, ROOT), "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
  });
});
