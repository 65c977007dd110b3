import { findInUse, textOf } from "../../src/plan/in-use";
import { digest, image } from "../support/builder";

const VERSIONS = [
  image({ id: 1, name: "one", tags: ["v1", "latest"] }),
  image({ id: 2, name: "two", tags: ["1.10"] }),
  image({ id: 3, name: "three", tags: ["main-3f2a", "a_b.c-d"] }),
  image({ id: 4, name: "four" }),
];

function usedIn(text: string, repository = "Octo-Org/app"): number[] {
  return [...findInUse([{ path: "deploy/a.yaml", text }], repository, VERSIONS).keys()].sort();
}

describe("what a file mentions", () => {
  it.each([
    ["a tag", "image: ghcr.io/octo-org/app:1.10", [2]],
    ["a tag under another host with a port", "image: mirror.example:5000/octo-org/app:1.10", [2]],
    ["a tag under a longer path, as proxies make it", "image: cache.example/ghcr.io/octo-org/app:1.10", [2]],
    ["a tag without any host", "FROM octo-org/app:main-3f2a AS base", [3]],
    ["an owner in other letters", "image: ghcr.io/OCTO-org/app:1.10", [2]],
    ["a tag in quotes, and one before a comma", '["octo-org/app:1.10", octo-org/app:v1]', [1, 2]],
    ["a tag at the end of a sentence", "We run octo-org/app:1.10.", [2]],
    ["all signs that a tag may have", "octo-org/app:a_b.c-d", [3]],
    ["neither tag nor digest: latest", "image: ghcr.io/octo-org/app\n", [1]],
    [
      "a repository and a tag on lines of their own",
      "repository: ghcr.io/octo-org/app\ntag: '1.10'\n",
      [1, 2],
    ],
    ["kustomize", "images:\n- name: octo-org/app\n  newTag: main-3f2a\n", [1, 3]],
    ["a digest behind a tag: both", `octo-org/app:v1@${digest("four")}`, [1, 4]],
    ["a digest alone, of any image", `other/thing@${digest("four")}`, [4]],
  ])("%s", (_, text, ids) => {
    expect(usedIn(text)).toEqual(ids);
  });

  it.each([
    ["another package with a longer name", "image: ghcr.io/octo-org/app-web:v1"],
    ["a package below it", "image: ghcr.io/octo-org/app/web:v1"],
    ["a package whose name goes on after a dot", "image: ghcr.io/octo-org/app.web:v1"],
    ["another owner", "image: ghcr.io/not-octo-org/app:v1"],
    ["a part of a word", "image: ghcr.io/octo-org/app:v1.2\ncommand: main-3f2ab"],
    ["a tag where the package is not named", "image: ghcr.io/octo-org/other:v1\nname: latest"],
    ["a digest that is cut short", digest("four").slice(0, 40)],
  ])("not: %s", (_, text) => {
    expect(usedIn(text)).toEqual([]);
  });

  it("names of packages with a slash and signs of regular expressions are plain text", () => {
    expect(usedIn("image: ghcr.io/octo-org/my.app/web+x:1.10", "octo-org/my.app/web+x")).toEqual([2]);
    expect(usedIn("image: ghcr.io/octo-org/myxapp/web+x:1.10", "octo-org/my.app/web+x")).toEqual([]);
  });

  it("comes with each file once, in their order", () => {
    const files = ["b.yaml", "a.yaml"].map((path) => ({ path, text: "octo-org/app:v1 octo-org/app:latest" }));
    expect(findInUse(files, "octo-org/app", VERSIONS)).toEqual(new Map([[1, ["b.yaml", "a.yaml"]]]));
  });
});

describe("the text of a file", () => {
  const used = (bytes: Uint8Array) => usedIn(textOf(bytes));

  it.each([
    ["UTF-8 with a mark", Buffer.from("\ufeffimage: octo-org/app:1.10")],
    ["UTF-16, as Windows' shells write it", Buffer.from("\ufeffimage: octo-org/app:1.10\r\n", "utf16le")],
    ["UTF-16 without a mark", Buffer.from("image: octo-org/app:1.10\n", "utf16le")],
    ["JSON with slashes that are escaped", Buffer.from(String.raw`{"image": "ghcr.io\/octo-org\/app:1.10"}`)],
    ["JSON with lines in a text", Buffer.from(String.raw`{"a": "images:\nocto-org/app:1.10\ttag"}`)],
    ["an address", Buffer.from("pull?image=ghcr.io%2Focto-org%2Fapp%3A1.10")],
  ])("is read from %s", (_, bytes) => {
    expect(used(bytes)).toEqual([2]);
  });
});
