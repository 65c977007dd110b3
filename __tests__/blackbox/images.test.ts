import { deleteVersion } from "../../emulator/changes";
import type { EmulatorData, VersionData } from "../../emulator/data";
import {
  attestationOf,
  cosignManifest,
  cosignTag,
  fallbackTag,
  type Image,
  imageManifest,
  indexOf,
  multiArch,
  referrerOf,
  referrersIndex,
  versionOf,
} from "../../emulator/images";
import type { Emulator } from "../../emulator/server";
import type { WrittenReport } from "../../src/report/report";
import { start } from "../emulator/fixture";
import type { ActionResult } from "../support/run-action";
import { flaws } from "../support/wholeness";
import { run } from "../support/world";

const APPLY = { "dry-run": "false", "deletes-per-minute": "60000" };

interface Applied {
  readonly emulator: Emulator;
  readonly result: ActionResult;
  /** By id: the reasons of what was kept, and of what was not. */
  readonly kept: Record<number, readonly string[]>;
  readonly gone: Record<number, readonly string[]>;
}

/** Applies a policy to `acme/app`. Every image that stays must be as whole as it was. */
async function apply(
  keep: string,
  versions: readonly VersionData[],
  more: {
    inputs?: Record<string, string>;
    data?: Partial<EmulatorData>;
    before?: (emulator: Emulator) => void;
  } = {},
): Promise<Applied> {
  const emulator = await start({
    packages: [
      { owner: "acme", type: "container", name: "app", repository: "acme/app", versions: [...versions] },
    ],
    ...more.data,
  });
  const before = flaws(emulator.package("app"));
  more.before?.(emulator);
  const result = await run(emulator, { keep, ...APPLY, ...more.inputs });
  expect(flaws(emulator.package("app")).filter((flaw) => !before.includes(flaw))).toEqual([]);
  const rows = (result.report as WrittenReport).packages[0]?.versions ?? [];
  const reasons = (verdict: string) =>
    Object.fromEntries(rows.filter((row) => row.verdict === verdict).map((row) => [row.id, row.reasons]));
  return { emulator, result, kept: reasons("keep"), gone: reasons("delete") };
}

function version(id: number, image: Image, age: string, ...tags: string[]): VersionData {
  return versionOf(image, { id, tags, createdAt: `${age} ago` });
}

function reads({ emulator }: Applied): string[] {
  return emulator.requests
    .filter(({ method, path, status }) => method === "GET" && path.includes("/manifests/") && status === 200)
    .map(({ path }) => path.split("/").at(-1) ?? "");
}

const keptImage = imageManifest("v1");
const KEPT = version(90, keptImage, "90d", "v1");

describe("images that other cleaners break", () => {
  it("a nested index keeps all that it leads to", async () => {
    const [amd, arm] = [imageManifest("deep", "linux/amd64"), imageManifest("deep", "linux/arm64")];
    const nested = indexOf([amd, arm]);
    const outer = indexOf([nested, attestationOf(amd)]);
    const applied = await apply("v*: always\nuntagged: never", [
      version(1, amd, "50d"),
      version(2, arm, "50d"),
      version(3, nested, "50d"),
      version(4, attestationOf(amd), "50d"),
      version(5, outer, "50d", "v2"),
      version(6, imageManifest("orphan"), "50d"),
    ]);
    expect(applied.kept).toEqual({
      1: ["part of app:v2"],
      2: ["part of app:v2"],
      3: ["part of app:v2"],
      4: ["part of app:v2"],
      5: ["v*: always"],
    });
    expect(applied.emulator.activeIds("app")).toEqual([1, 2, 3, 4, 5]);
    expect(reads(applied)).toEqual([outer.digest, nested.digest, imageManifest("orphan").digest]);
  });

  it("a child that carries its own kept tag stays when its index goes, and so does a protected one", async () => {
    const [amd, arm, s390] = ["amd64", "arm64", "s390x"].map((name) =>
      imageManifest("pr", `linux/${name}`),
    ) as [Image, Image, Image];
    const index = indexOf([amd, arm, s390]);
    const applied = await apply(
      "v*: always\npr-*: never\nuntagged: never",
      [
        version(1, amd, "50d", "v2-amd64"),
        version(2, arm, "50d"),
        version(3, s390, "50d", "pr-1-s390x"),
        version(4, index, "50d", "pr-1"),
        KEPT,
      ],
      { inputs: { protect: arm.digest } },
    );
    expect(applied.kept).toMatchObject({ 1: ["v*: always"], 2: ["protect"] });
    expect(applied.emulator.activeIds("app")).toEqual([1, 2, 90]);
  });

  it("a signature on a platform manifest stays with its image, and is never counted by `last`", async () => {
    const { versions, index, images } = multiArch("v1", { tags: ["build-1"], createdAt: "50d ago" });
    const [amd = keptImage] = images;
    const applied = await apply("build-*: 2\nuntagged: 1", [
      ...versions.map((one, at) => ({ ...one, id: at + 1 })),
      version(6, cosignManifest(amd), "10d", cosignTag(amd)),
      version(7, cosignManifest(index, "att"), "10d", cosignTag(index, "att")),
      version(8, imageManifest("build 2"), "40d", "build-2"),
      version(9, imageManifest("build 0"), "60d", "build-0"),
      version(10, imageManifest("untagged root"), "55d"),
      version(11, imageManifest("older untagged root"), "56d"),
    ]);
    expect(applied.kept).toMatchObject({
      5: ["build-*: last 2"],
      6: ["part of app:build-1"],
      7: ["part of app:build-1"],
      8: ["build-*: last 2"],
      10: ["untagged: last 1"],
    });
    expect(applied.gone).toEqual({ 9: ["build-*: beyond the last 2"], 11: ["untagged: beyond the last 1"] });
  });

  it("what two images share stays as long as one of them does", async () => {
    const [shared, own] = [imageManifest("shared", "linux/amd64"), imageManifest("own", "linux/arm64")];
    const [kept, going] = [indexOf([shared]), indexOf([shared, own])];
    const applied = await apply("v*: always\npr-*: never", [
      version(1, shared, "50d"),
      version(2, kept, "50d", "v2"),
      version(3, own, "40d"),
      version(4, going, "40d", "pr-1"),
    ]);
    expect(applied.kept).toEqual({ 1: ["part of app:v2"], 2: ["v*: always"] });
    expect(applied.gone).toEqual({ 3: ["part of app:pr-1, which goes"], 4: ["pr-*: never"] });
    expect(applied.emulator.activeIds("app")).toEqual([1, 2]);
  });

  it("a young untagged push waits for its index or its tag, with all its parts", async () => {
    const [old, young] = [imageManifest("old", "linux/amd64"), imageManifest("young", "linux/arm64")];
    const index = indexOf([old, young]);
    const applied = await apply("v*: always\nuntagged: never", [
      version(1, old, "50d"),
      version(2, imageManifest("orphan"), "50d"),
      KEPT,
      version(91, imageManifest("lone", "linux/amd64"), "2h"),
      version(92, young, "2h"),
      version(93, index, "1h"),
    ]);
    expect(applied.kept).toMatchObject({ 1: [`part of app@${index.digest}`], 91: ["grace"], 93: ["grace"] });
    expect(applied.emulator.activeIds("app")).toEqual([1, 90, 91, 92, 93]);
  });

  it("an old untagged platform manifest that a new index uses again stays", async () => {
    const old = imageManifest("base", "linux/amd64");
    const predecessor = indexOf([old]);
    const index = indexOf([old, imageManifest("new", "linux/arm64")]);
    const applied = await apply("latest: always\nuntagged: never", [
      version(1, old, "300d"),
      version(2, predecessor, "300d"),
      version(3, imageManifest("new", "linux/arm64"), "3h"),
      version(4, index, "3h", "latest"),
    ]);
    expect(applied.gone).toEqual({ 2: ["untagged: never"] });
    expect(applied.emulator.activeIds("app")).toEqual([1, 3, 4]);
  });

  it("the referrers of a deleted subject go with it, whether or not the policy speaks of untagged versions", async () => {
    const subject = imageManifest("pr");
    const [sbom, scan] = [
      referrerOf(subject, "application/spdx+json"),
      referrerOf(subject, "application/sarif+json"),
    ];
    const versions = [
      KEPT,
      version(91, subject, "30d", "pr-1"),
      version(92, sbom, "30d"),
      version(93, scan, "30d"),
      version(94, referrersIndex([sbom, scan]), "30d", fallbackTag(subject)),
      version(95, cosignManifest(subject), "30d", cosignTag(subject)),
      version(96, imageManifest("root"), "30d"),
    ];
    const without = await apply("v*: always\npr-*: never", versions);
    expect(Object.keys(without.gone).map(Number)).toEqual([91, 92, 93, 94, 95]);
    expect(without.kept).toMatchObject({ 96: ["untagged versions are not covered by any line"] });
    const always = await apply("v*: always\npr-*: never\nuntagged: always", versions);
    expect(always.emulator.activeIds("app")).toEqual([90, 96]);
  });

  it("a list that is stale: what is gone already counts as deleted, and its parts go too", async () => {
    const { versions } = multiArch("pr", { tags: ["pr-1"], createdAt: "50d ago" });
    const applied = await apply(
      "v*: always\npr-*: never\nuntagged: never",
      [...versions.map((one, at) => ({ ...one, id: at + 1 })), KEPT],
      {
        before: (emulator) => {
          const end = emulator.onRequest((_, { method }) => {
            if (method !== "DELETE") return;
            end();
            const one = emulator.package("app");
            for (const gone of one.versions.filter(({ id }) => id === 5 || id === 2))
              deleteVersion(emulator.state, one, gone, Date.now());
          });
        },
      },
    );
    const rows = (applied.result.report as WrittenReport).packages[0]?.versions ?? [];
    expect(Object.fromEntries(rows.map(({ id, outcome }) => [id, outcome]))).toEqual({
      1: "deleted",
      2: "gone",
      3: "deleted",
      4: "deleted",
      5: "gone",
      90: undefined,
    });
    expect(applied.result.outputs).toMatchObject({
      status: "complete",
      "deleted-count": "5",
      "failed-count": "0",
    });
    expect(applied.result.exitCode).toBe(0);
  });
});

describe("the untagged predecessor of `latest`", () => {
  it("goes with all that only it needs", async () => {
    const shared = imageManifest("same", "linux/arm64");
    const before = indexOf([imageManifest("old", "linux/amd64"), shared]);
    const now = indexOf([imageManifest("new", "linux/amd64"), shared]);
    const applied = await apply("latest: always\nuntagged: 30d", [
      version(1, imageManifest("old", "linux/amd64"), "60d"),
      version(2, shared, "60d"),
      version(3, before, "60d"),
      version(4, imageManifest("new", "linux/amd64"), "20d"),
      version(5, now, "20d", "latest"),
    ]);
    expect(applied.gone).toEqual({
      1: [`part of app@${before.digest}, which goes`],
      3: ["untagged: older than 30d"],
    });
    expect(applied.emulator.activeIds("app")).toEqual([2, 4, 5]);
  });
});

describe("an image that is broken from the start", () => {
  const [lost, there] = [imageManifest("lost", "linux/amd64"), imageManifest("there", "linux/arm64")];
  const half = indexOf([lost, there]);
  const ghost = indexOf([lost, attestationOf(lost)]);
  const nested = indexOf([ghost]);
  const versions = [
    version(1, there, "50d"),
    version(2, half, "50d", "v2"),
    version(3, attestationOf(lost), "50d"),
    version(4, ghost, "50d", "v3"),
    version(5, nested, "50d", "v4"),
    KEPT,
    version(91, indexOf([imageManifest("lost too", "linux/amd64")]), "2h", "v5"),
  ];

  it("is left alone unless `delete-broken` is given", async () => {
    const applied = await apply("v*: always\nuntagged: never", versions);
    expect(applied.gone).toEqual({});
  });

  it("goes with `ghost` where all its platforms are missing, a nested index that is one included", async () => {
    const applied = await apply("v*: always", versions, { inputs: { "delete-broken": "ghost" } });
    expect(applied.gone).toEqual({
      3: ["part of app:v4, which goes", "part of app:v3, which goes"],
      4: ["broken: 1 of 1 platform manifests are missing"],
      5: ["broken: 1 of 1 platform manifests are missing"],
    });
    expect(applied.emulator.activeIds("app")).toEqual([1, 2, 90, 91]);
  });

  it("goes with `partial` where any is missing, in a package of which the registry lacks it too", async () => {
    const applied = await apply("v*: always", versions, { inputs: { "delete-broken": "partial" } });
    expect(applied.gone).toMatchObject({
      1: ["part of app:v2, which goes"],
      2: ["broken: 1 of 2 platform manifests are missing"],
    });
    const asked = applied.emulator.requests.filter(({ method }) => method === "HEAD").map(({ path }) => path);
    expect(asked).toEqual([`/v2/acme/app/manifests/${lost.digest}`]);
  });

  it("stays where the registry has after all what the list lacks, with a warning", async () => {
    const answer = { status: 200, headers: { "content-type": lost.mediaType } };
    const applied = await apply("v*: always", versions, {
      inputs: { "delete-broken": "partial" },
      data: { faults: [{ match: { method: "HEAD", path: lost.digest, count: "always" }, answer }] },
    });
    expect(applied.gone).toEqual({});
    expect(applied.result.annotations.warnings.join()).toContain(
      "app:v2 looks broken in the list, but the registry has",
    );
  });
});

describe("reads of manifests", () => {
  function builds(count: number): VersionData[] {
    return Array.from({ length: count }, (_, at) => {
      const details = { tags: [`build-${at}`], createdAt: `${100 - at}d ago` };
      return multiArch(`build ${at}`, details).versions;
    }).flat();
  }

  it("are one for each image, never of its platforms, and cost one question without a token", async () => {
    const applied = await apply("build-*: 3\nuntagged: never", builds(12));
    const { requests } = applied.emulator;
    const tagged = applied.emulator.package("app").versions.filter(({ tags }) => tags.length > 0);
    expect(reads(applied).sort()).toEqual(tagged.map(({ name }) => name).sort());
    const registry = requests.filter(({ path }) => path.startsWith("/v2/") || path.startsWith("/token"));
    expect(registry.filter(({ status }) => status === 401)).toHaveLength(1);
    expect(registry.filter(({ path }) => path.startsWith("/token"))).toHaveLength(1);
    expect(registry).toHaveLength(14);
    expect(applied.emulator.activeIds("app")).toHaveLength(15);
  });

  it("are the same in a dry run, and without an `untagged` line", async () => {
    const dry = await apply("build-*: 3", builds(12), { inputs: { "dry-run": "true" } });
    const real = await apply("build-*: 3", builds(12));
    expect(reads(dry)).toHaveLength(12);
    expect(reads(real).sort()).toEqual(reads(dry).sort());
    expect(real.emulator.activeIds("app")).toHaveLength(15);
  });

  it("of untagged images are one for each, and few of their platforms", async () => {
    const untagged = builds(100).map(({ tags: _, ...one }) => one);
    const inputs = { "dry-run": "true" };
    const applied = await apply("v*: always\nuntagged: never", [...untagged, KEPT], { inputs });
    expect(applied.result.outputs["planned-count"]).toBe("500");
    expect(applied.result.stderr).toBe("");
    expect(reads(applied).length).toBeLessThan(101 + 32 * 4);
  });

  it("are none where nothing goes", async () => {
    const applied = await apply("build-*: always", builds(2));
    expect(applied.emulator.requests.filter(({ path }) => path.startsWith("/v2/"))).toEqual([]);
  });
});

describe("a referrer without any tag", () => {
  it("stays with its subject, and goes with it, whether or not the registry has the referrers API", async () => {
    const [v1, pr] = [imageManifest("v1"), imageManifest("pr")];
    const [sbom, other] = [referrerOf(v1, "application/spdx+json"), referrerOf(pr, "application/spdx+json")];
    const signature = referrerOf(sbom, "application/vnd.example.signature");
    const versions = [
      version(1, v1, "50d", "v1"),
      version(2, sbom, "50d"),
      version(3, pr, "50d", "pr-1"),
      version(4, other, "50d"),
      version(5, signature, "50d"),
    ];
    for (const referrers of [true, false]) {
      const applied = await apply("v*: always\npr-*: never\nuntagged: never", versions, {
        data: { registry: { referrers } },
      });
      expect(applied.kept).toMatchObject({ 2: ["part of app:v1"], 5: ["part of app:v1"] });
      expect(applied.gone).toMatchObject({ 4: ["part of app:pr-1, which goes"] });
      expect(applied.emulator.activeIds("app")).toEqual([1, 2, 5]);
      expect(applied.emulator.requests.filter(({ path }) => path.includes("/referrers/"))).toEqual([]);
    }
  });

  it.each([0, 100])(
    "stays with its subject where only an old list of referrers has it, and %i other images are there",
    async (others) => {
      const [old, young] = [
        referrerOf(keptImage, "application/sbom"),
        referrerOf(keptImage, "application/vuln"),
      ];
      const list = referrersIndex([young]);
      const versions = [
        KEPT,
        version(91, old, "50d"),
        version(92, referrersIndex([old]), "50d"),
        version(93, young, "40d"),
        version(94, list, "40d", fallbackTag(keptImage)),
        ...Array.from({ length: others }, (_, at) => version(100 + at, imageManifest(`other ${at}`), "30d")),
      ];
      const applied = await apply("v*: always\nuntagged: never", versions);
      expect(Object.keys(applied.kept)).toEqual(["90", "91", "93", "94"]);
      expect(applied.kept[91]).toEqual(["part of app:v1"]);
      expect(applied.emulator.activeIds("app")).toEqual([90, 91, 93, 94]);
    },
  );
});

describe("a registry", () => {
  it("may be open to everyone", async () => {
    const applied = await apply(
      "v*: always\nuntagged: never",
      [KEPT, version(1, imageManifest("orphan"), "50d")],
      {
        data: { registry: { challenge: false } },
      },
    );
    expect(applied.emulator.activeIds("app")).toEqual([90]);
    expect(applied.emulator.requests.filter(({ status }) => status === 401)).toEqual([]);
  });
});
