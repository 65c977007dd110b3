import { findInUse, nothingInUse } from "../../src/plan/in-use";
import { mentionsIn, textOf } from "../../src/plan/mentions";
import { digest, image } from "../support/builder";

const VERSIONS = [
  image({ id: 1, name: "one", tags: ["v1", "latest"] }),
  image({ id: 2, name: "two", tags: ["1.10"] }),
  image({ id: 3, name: "three", tags: ["main-3f2a", "a_b.c-d"] }),
  image({ id: 4, name: "four" }),
];

function fileOf(text: string, path = "deploy/a.yaml") {
  return { path, mentions: mentionsIn(text) };
}

function usedIn(text: string, repository = "Octo-Org/app"): number[] {
  return [...findInUse([fileOf(text)], repository, VERSIONS).inUse.keys()].sort();
}

describe("a reference to the package", () => {
  it.each([
    ["a tag", "image: ghcr.io/octo-org/app:1.10", [2]],
    ["a tag under another host with a port", "image: mirror.example:5000/octo-org/app:1.10", [2]],
    ["a host without a dot, with a port", "image: registry:5000/app:1.10", [2]],
    ["a tag under a longer path, as proxies make it", "image: cache.example/ghcr.io/octo-org/app:1.10", [2]],
    ["a tag without any host", "FROM octo-org/app:main-3f2a AS base", [3]],
    ["the end of the name alone", "image: app:1.10", [2]],
    ["the end of the name under a host", "image: mirror.example/app:1.10", [2]],
    ["an owner in other letters", "image: ghcr.io/OCTO-org/app:1.10", [2]],
    ["a tag in quotes, and one before a comma", '["octo-org/app:1.10","octo-org/app:v1"]', [1, 2]],
    ["a tag at the end of a sentence", "We run octo-org/app:1.10.", [2]],
    ["all signs that a tag may have", "octo-org/app:a_b.c-d", [3]],
    ["an address of an image", "docker://ghcr.io/octo-org/app:1.10", [2]],
    ["a mount behind it", "octo-org/app:1.10:ro", [2]],
    ["neither tag nor digest: latest", "image: ghcr.io/octo-org/app\n", [1]],
    ["neither, at the end of a sentence", "We run ghcr.io/octo-org/app.", [1]],
    ["a tag that a variable has: latest", "image: ghcr.io/octo-org/app:$(TAG)\n", [1]],
    ["a registry that a variable has", "image: $(REGISTRY)/octo-org/app:1.10", [2]],
    ["a registry that a variable without braces has", "image: $REGISTRY/app:1.10", [2]],
    ["a registry of a template", 'image: "{{ .Values.registry }}/app:1.10"', [2]],
    ["a digest behind a tag: both", `octo-org/app:v1@${digest("four")}`, [1, 4]],
    ["a digest alone, of any image", `other/thing@${digest("four")}`, [4]],
    ["a digest alone, and not latest", `octo-org/app@${digest("four")}`, [4]],
  ])("%s", (_, text, ids) => {
    expect(usedIn(text)).toEqual(ids);
  });

  it.each([
    ["another package with a longer name", "image: ghcr.io/octo-org/app-web:v1"],
    ["a package below it", "image: ghcr.io/octo-org/app/web:v1"],
    ["a package whose name goes on after a dot", "image: ghcr.io/octo-org/app.web:v1"],
    ["another owner", "image: ghcr.io/not-octo-org/app:v1"],
    ["another package", "image: postgres:v1"],
    ["another package without a tag", "image: ghcr.io/octo-org/other"],
    ["the name alone, which may mean anything", "name: app"],
    ["a path of a file", "COPY ./app /srv/octo-org/app/"],
    ["a part of a word", "image: ghcr.io/octo-org/app:v1.2\ncommand: main-3f2ab"],
    ["a tag in other letters", "image: ghcr.io/octo-org/app:V1"],
    ["a digest that is cut short", digest("four").slice(0, 40)],
  ])("is not: %s", (_, text) => {
    expect(usedIn(text)).toEqual([]);
  });

  it("is found for names with slashes and dots, by any end of them", () => {
    expect(usedIn("ghcr.io/octo-org/my.app/web:1.10", "octo-org/my.app/web")).toEqual([2]);
    expect(usedIn("my.app/web:1.10", "octo-org/my.app/web")).toEqual([2]);
    expect(usedIn("web:1.10", "octo-org/my.app/web")).toEqual([2]);
    expect(usedIn("my.app:1.10", "octo-org/my.app")).toEqual([2]);
    expect(usedIn("ghcr.io/octo-org/myxapp/web:1.10", "octo-org/my.app/web")).toEqual([]);
  });
});

describe("a word by itself", () => {
  it.each([
    ["Helm values", "image:\n  tag: 1.10\n", [2]],
    ["an overlay without the name of the package", 'image:\n  tag: "1.10"\n', [2]],
    [
      "a repository and a tag on lines of their own",
      "repository: ghcr.io/octo-org/app\ntag: '1.10'\n",
      [1, 2],
    ],
    ["kustomize", "images:\n- name: octo-org/app\n  newTag: main-3f2a\n", [1, 3]],
    ["JSON", '{"tag":"1.10"}', [2]],
    ["an option", "helm upgrade --set image.tag=1.10", [2]],
    ["a property", "image.tag:1.10", [2]],
    ["a variable", "TAG:1.10 or APP_VERSION=v1", [1, 2]],
    ["behind a variable", "image: $(IMAGE):1.10 and $IMAGE:v1", [1, 2]],
    ["a list", "v1\n1.10\n", [1, 2]],
    ["in brackets", "(v1)[1.10]{main-3f2a}", [1, 2, 3]],
    ["an action's version", "uses: octo-org/deploy@v1", [1]],
  ])("counts for every package: %s", (_, text, ids) => {
    expect(usedIn(text)).toEqual(ids);
  });

  it.each([
    ["a part of a longer word", "tag: 1.10.3 v1.2 xv1 main-3f2a.x"],
    ["a part of a path", "path: charts/v1/latest"],
  ])("is not: %s", (_, text) => {
    expect(usedIn(text)).toEqual([]);
  });
});

describe("what files mention", () => {
  it("comes with each file once, in their order, and with the tags that are named", () => {
    const files = ["b.yaml", "a.yaml"].map((path) => fileOf("octo-org/app:v1 octo-org/app:latest", path));
    expect(findInUse(files, "octo-org/app", VERSIONS)).toEqual({
      inUse: new Map([[1, ["b.yaml", "a.yaml"]]]),
      tags: new Set(["v1", "latest"]),
    });
    expect(findInUse([fileOf(digest("one"))], "octo-org/app", VERSIONS).tags).toEqual(new Set());
  });

  it.each([
    ["dashes", "-".repeat(100_000)],
    ["dots", `a${".".repeat(100_000)}`],
    ["colons", ":".repeat(100_000)],
    ["slashes", "/".repeat(100_000)],
    ["ats", "a@".repeat(50_000)],
    ["names and colons", "a:".repeat(50_000)],
    ["paths", "a/".repeat(50_000)],
    [
      "references of one name",
      Array.from({ length: 50_000 }, (_, index) => `o${index}/app:v${index}`).join(" "),
    ],
    ["ports", "a:1/".repeat(30_000)],
    ["digests cut short", "sha256:".repeat(20_000)],
    ["backslashes", "\\n\\/".repeat(30_000)],
  ])("is found in time of the text's length: %s", (_, text) => {
    const started = performance.now();
    usedIn(textOf(Buffer.from(`${text} v1`)));
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it("that is nothing is a warning with the files", () => {
    const files = ["a", "b", "c", "d", "e"].map((path) => fileOf("", path));
    const pkg = { type: "container", name: "app" } as const;
    expect(nothingInUse(pkg, files).message).toContain("nothing of app is found in a, b, c and 2 more.");
    expect(nothingInUse(pkg, files.slice(0, 1)).message).toContain("nothing of app is found in a.");
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
