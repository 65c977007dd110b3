import type { VersionData } from "../../emulator/data";
import { type Image, imageManifest, indexOf, versionOf } from "../../emulator/images";
import type { WrittenReport } from "../../src/report/report";
import { start } from "../emulator/fixture";
import { run } from "../support/world";

const [amd, arm] = [imageManifest("multi", "linux/amd64"), imageManifest("multi", "linux/arm64")] as [
  Image,
  Image,
];
const multi = indexOf([amd, arm]);

function version(id: number, image: Image, ...tags: string[]): VersionData {
  return versionOf(image, { id, tags, createdAt: "90d ago" });
}

const pinned = imageManifest("pinned");

/** Ten versions that the policy lets go, if nothing uses them. */
const VERSIONS = [
  version(1, amd),
  version(2, arm),
  version(3, multi, "multi"),
  version(4, imageManifest("one"), "v1"),
  version(5, imageManifest("two"), "1.10", "old-name"),
  version(6, imageManifest("latest"), "latest"),
  version(7, pinned, "pinned"),
  version(8, imageManifest("main"), "main-3f2a"),
  version(9, imageManifest("other"), "other"),
  version(10, imageManifest("newest"), "newest"),
];

/** What is kept, and why, by id, with these files in the workspace. */
async function keptWith(
  files: Record<string, string>,
  globs = "deploy/**\n!deploy/README.md",
): Promise<Record<number, readonly string[]>> {
  const emulator = await start({
    packages: [{ owner: "acme", type: "container", name: "app", repository: "acme/app", versions: VERSIONS }],
  });
  const inputs = { keep: "rest: never\nuntagged: never", "in-use-files": globs, "min-keep": "0" };
  const result = await run(emulator, inputs, { files });
  expect(result.exitCode).toBe(0);
  const rows = (result.report as WrittenReport).packages[0]?.versions ?? [];
  return Object.fromEntries(
    rows.filter(({ verdict }) => verdict === "keep").map(({ id, reasons }) => [id, reasons]),
  );
}

describe("in-use-files", () => {
  it("keeps the tags, digests and the bare `latest` of image references, and says which files they are in", async () => {
    const kept = await keptWith({
      "deploy/app.yaml": "spec:\n  containers:\n    - image: ghcr.io/acme/app:v1\n",
      "deploy/job.yaml": `image: "ghcr.io/ACME/app@${pinned.digest}"\n`,
      "deploy/others.yaml": "image: ghcr.io/acme/app-web:newest\n---\nimage: ghcr.io/acme/app/web:v1\n",
      "deploy/compose/docker-compose.yml": "services:\n  app:\n    image: ghcr.io/acme/app\n",
      "deploy/README.md": "Run ghcr.io/acme/app:other",
      "src/app.yaml": "image: ghcr.io/acme/app:newest",
    });
    expect(kept).toEqual({
      4: ["in use: deploy/app.yaml"],
      6: ["in use: deploy/compose/docker-compose.yml"],
      7: ["in use: deploy/job.yaml"],
    });
  });

  it("keeps words by themselves that equal a tag, in each file: Helm values and overlays, kustomize", async () => {
    const kept = await keptWith({
      "deploy/values.yaml": 'image:\n  repository: ghcr.io/acme/app\n  tag: "1.10"\n',
      "deploy/kustomization.yaml": "images:\n  - name: mirror.example:5000/acme/app\n    newTag: main-3f2a\n",
      "deploy/mirrored.env": "IMAGE=mirror.example/acme/app:v1\n",
      "deploy/values-prod.yaml": "image:\n  tag: newest\n",
      "deploy/elsewhere.yaml": "image: ghcr.io/acme/web:other\n",
    });
    expect(kept).toEqual({
      4: ["in use: deploy/mirrored.env"],
      5: ["in use: deploy/values.yaml"],
      6: ["in use: deploy/values.yaml", "in use: deploy/kustomization.yaml"].sort(),
      8: ["in use: deploy/kustomization.yaml"],
      10: ["in use: deploy/values-prod.yaml"],
    });
  });

  it("warns of files that keep nothing of a package", async () => {
    const emulator = await start({
      packages: [
        { owner: "acme", type: "container", name: "app", repository: "acme/app", versions: VERSIONS },
      ],
    });
    const inputs = { keep: "rest: never\nuntagged: never", "in-use-files": "deploy/*" };
    const files = { "deploy/a.yaml": "image: ghcr.io/acme/web:v1\n" };
    const result = await run(emulator, inputs, { files });
    expect(result.exitCode).toBe(0);
    expect(result.annotations.warnings.join()).toContain(
      "in-use-files: nothing of app is found in deploy/a.yaml.",
    );
  });

  it("keeps an image with all its parts, and a platform manifest by its digest alone", async () => {
    expect(await keptWith({ "deploy/a.yaml": "image: acme/app:multi" })).toEqual({
      1: ["part of app:multi"],
      2: ["part of app:multi"],
      3: ["in use: deploy/a.yaml"],
    });
    // The digest alone is enough: no file has to name the package.
    expect(await keptWith({ "deploy/a.yaml": `digest: ${arm.digest}` })).toEqual({
      2: ["in use: deploy/a.yaml"],
    });
  });

  it("is an error where its globs match no file, and nothing is requested", async () => {
    const emulator = await start({
      packages: [
        { owner: "acme", type: "container", name: "app", repository: "acme/app", versions: VERSIONS },
      ],
    });
    const inputs = { keep: "rest: never", "in-use-files": "deploy/*.yaml", "dry-run": "false" };
    const result = await run(emulator, inputs, { files: { "other/app.yaml": "" } });
    expect(result.exitCode).toBe(1);
    expect(result.annotations.errors.join()).toContain("in-use-files: deploy/*.yaml matches no file in");
    expect(emulator.requests).toEqual([]);
  });

  it("counts when the package is listed again, and what is in use is not deleted", async () => {
    const emulator = await start({
      packages: [
        { owner: "acme", type: "container", name: "app", repository: "acme/app", versions: VERSIONS },
      ],
    });
    const inputs = {
      keep: "rest: never\nuntagged: never",
      "in-use-files": "deploy/*",
      "dry-run": "false",
      "deletes-per-minute": "60000",
    };
    const files = { "deploy/app.yaml": "image: ghcr.io/acme/app:multi" };
    const result = await run(emulator, inputs, { files });
    expect(result.exitCode).toBe(0);
    expect(emulator.activeIds("app")).toEqual([1, 2, 3]);
  });
});
