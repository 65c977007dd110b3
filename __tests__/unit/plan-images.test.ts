import { digest, image, play, policy, readable, signatureTag } from "../support/builder";

/** `app:v1` with two platforms and an attestation; ids ascend as they were pushed. */
const V1 = [
  image({ id: 1, name: "v1 amd64" }),
  image({ id: 2, name: "v1 arm64" }),
  image({ id: 3, name: "v1 attestation" }),
  image({ id: 4, name: "v1 index", tags: ["v1"] }),
];
const PR7 = [
  image({ id: 5, name: "pr amd64", age: "50d" }),
  image({ id: 6, name: "pr arm64", age: "50d" }),
  image({ id: 7, name: "pr index", tags: ["pr-7"], age: "50d" }),
];
const INDEXES = {
  "v1 index": ["v1 amd64", "v1 arm64", "v1 attestation"],
  "pr index": ["pr amd64", "pr arm64"],
};
const NAMES = Object.fromEntries(
  ["v1 index", "pr index", "orphan", "nested", "outer", "fallback", "new index"].map((name) => [
    digest(name),
    name,
  ]),
);

describe("images stay whole", () => {
  it("keeps every part of a kept version, and deletes those of a deleted one with it", () => {
    const orphan = image({ id: 8, name: "orphan", age: "9d" });
    const versions = [...V1, ...PR7, orphan];
    const { plan, reads } = play(
      { policy: policy("v*: always\npr-*: 14d\nuntagged: never"), versions },
      { indexes: INDEXES },
      NAMES,
    );
    expect(readable(plan)).toEqual({
      1: ["keep", "part of app:v1"],
      2: ["keep", "part of app:v1"],
      3: ["keep", "part of app:v1"],
      4: ["keep", "v*: always"],
      5: ["delete", "part of app:pr-7, which goes"],
      6: ["delete", "part of app:pr-7, which goes"],
      7: ["delete", "pr-*: older than 14d"],
      8: ["delete", "untagged: never"],
    });
    expect(reads).toEqual(["pr index", "v1 index", "orphan"]);
  });

  it("takes the parts of what goes along, without an `untagged` line, and keeps what nothing says of", () => {
    const orphan = image({ id: 8, name: "orphan", age: "9d" });
    const { plan } = play(
      { policy: policy("v*: always\npr-*: 14d"), versions: [...V1, ...PR7, orphan] },
      { indexes: INDEXES },
    );
    expect(readable(plan)).toMatchObject({
      1: ["keep", "part of app:v1"],
      5: ["delete", "part of app:pr-7, which goes"],
      6: ["delete", "part of app:pr-7, which goes"],
      8: ["keep", "untagged versions are not covered by any line"],
    });
  });

  it("reads nothing when nothing goes", () => {
    const { reads } = play(
      { policy: policy("rest: always"), versions: [...V1, ...PR7] },
      { indexes: INDEXES },
    );
    expect(reads).toEqual([]);
  });

  it("keeps what two images share, as long as one of them stays", () => {
    const indexes = { "v1 index": ["v1 amd64"], "pr index": ["v1 amd64", "pr amd64"] };
    const { plan } = play(
      { policy: policy("v*: always\nrest: never"), versions: [...V1, ...PR7] },
      { indexes },
    );
    expect(readable(plan)).toMatchObject({
      1: ["keep", "part of app:v1"],
      5: ["delete", "part of app:pr-7, which goes"],
    });
  });

  it("keeps a nested index and what it lists", () => {
    const versions = [
      image({ id: 1, name: "leaf" }),
      image({ id: 2, name: "nested" }),
      image({ id: 3, name: "outer", tags: ["v1"] }),
      image({ id: 4, name: "orphan" }),
    ];
    const { plan, reads } = play(
      { policy: policy("v*: always\nuntagged: never"), versions },
      { indexes: { outer: ["nested"], nested: ["leaf"] } },
      NAMES,
    );
    expect(readable(plan)).toEqual({
      1: ["keep", "part of app:v1"],
      2: ["keep", "part of app:v1"],
      3: ["keep", "v*: always"],
      4: ["delete", "untagged: never"],
    });
    expect(reads).toEqual(["outer", "nested", "orphan"]);
  });

  it("keeps a tagged part of a kept image, and a tagged part by its own line when its image goes", () => {
    const versions = [
      image({ id: 1, name: "amd64", tags: ["pr-1-amd64"] }),
      image({ id: 2, name: "arm64", tags: ["keep-me"] }),
      image({ id: 3, name: "kept", tags: ["v1"] }),
      image({ id: 4, name: "gone", tags: ["pr-1"] }),
    ];
    const indexes = { kept: ["amd64"], gone: ["arm64"] };
    const { plan } = play(
      { policy: policy("v*: always\nkeep-me: always\npr-*: never"), versions },
      { indexes },
    );
    expect(readable(plan)).toEqual({
      1: ["keep", "part of app:v1"],
      2: ["keep", "keep-me: always"],
      3: ["keep", "v*: always"],
      4: ["delete", "pr-*: never"],
    });
  });

  it("keeps a part that was pushed again and has another time than its image", () => {
    const versions = [
      image({ id: 1, name: "old platform", age: "300d" }),
      image({ id: 9, name: "new index", tags: ["latest"], age: "1d" }),
      image({ id: 5, name: "orphan", age: "200d" }),
    ];
    const { plan } = play(
      { policy: policy("latest: always\nuntagged: never"), versions },
      { indexes: { "new index": ["old platform"] } },
    );
    expect(readable(plan)).toMatchObject({
      1: ["keep", "part of app:latest"],
      5: ["delete", "untagged: never"],
    });
  });
});

describe("signatures", () => {
  it("of a kept image and of its platform manifests stay, and take no place in `last`", () => {
    const versions = [
      ...V1,
      image({ id: 10, name: "sig", tags: [signatureTag(digest("v1 index"), ".sig")] }),
      image({ id: 11, name: "att", tags: [signatureTag(digest("v1 amd64"), ".att")] }),
      image({ id: 12, name: "v0", tags: ["v0"] }),
    ];
    const { plan } = play(
      { policy: policy("v1: always\nrest: 1\nuntagged: never"), versions },
      { indexes: INDEXES },
    );
    expect(readable(plan)).toMatchObject({
      10: ["keep", "part of app:v1"],
      11: ["keep", "part of app:v1"],
      12: ["keep", "rest: last 1"],
    });
  });

  it("go with their subject, with what a fallback index lists", () => {
    const versions = [
      image({ id: 1, name: "pr index", tags: ["pr-7"] }),
      image({ id: 2, name: "referrer" }),
      image({ id: 3, name: "fallback", tags: [signatureTag(digest("pr index"))] }),
      image({ id: 4, name: "kept", tags: ["v1"] }),
    ];
    const { plan, reads } = play(
      { policy: policy("v*: always\npr-*: never\nuntagged: never"), versions },
      { indexes: { fallback: ["referrer"] } },
      { ...NAMES, [digest("kept")]: "kept" },
    );
    expect(readable(plan)).toEqual({
      1: ["delete", "pr-*: never"],
      2: ["delete", "part of app:pr-7, which goes"],
      3: ["delete", "part of app:pr-7, which goes"],
      4: ["keep", "v*: always"],
    });
    expect(reads).toEqual(["kept", "fallback", "pr index"]);
  });

  it("without any tag stay with their subject, to any depth: of platforms and of other referrers too", () => {
    const versions = [
      ...V1,
      ...PR7,
      image({ id: 20, name: "sbom of v1", age: "30d" }),
      image({ id: 21, name: "signature of that sbom", age: "30d" }),
      image({ id: 22, name: "scan of v1 amd64", age: "30d" }),
      image({ id: 23, name: "sbom of pr", age: "30d" }),
      image({ id: 24, name: "signature of that", age: "30d" }),
    ];
    const referrers = {
      "v1 index": ["sbom of v1"],
      "sbom of v1": ["signature of that sbom"],
      "v1 amd64": ["scan of v1 amd64"],
      "pr arm64": ["sbom of pr"],
      "sbom of pr": ["signature of that"],
    };
    const { plan } = play(
      { policy: policy("v*: always\npr-*: 14d\nuntagged: never"), versions },
      { indexes: INDEXES, referrers },
    );
    expect(readable(plan)).toMatchObject({
      20: ["keep", "part of app:v1"],
      21: ["keep", "part of app:v1"],
      22: ["keep", "part of app:v1"],
      23: ["delete", "part of app:pr-7, which goes"],
      24: ["delete", "part of app:pr-7, which goes"],
    });
  });

  it("whose subject is not in the package are untagged like any other, but take no place", () => {
    const versions = [
      image({ id: 1, name: "root", age: "90d" }),
      image({ id: 2, name: "stray", age: "80d", tags: [signatureTag(digest("elsewhere"), ".sig")] }),
      image({ id: 3, name: "tagged", tags: ["v1"] }),
    ];
    const { plan } = play({ policy: policy("v*: always\nuntagged: 1"), versions });
    expect(readable(plan)).toMatchObject({
      1: ["keep", "untagged: last 1"],
      2: ["delete", "untagged: beyond the last 1"],
    });
  });

  it("of images elsewhere make a store, of which nothing is deleted", () => {
    const versions = [
      image({ id: 1, name: "a", tags: [signatureTag(digest("x"), ".sig")] }),
      image({ id: 2, name: "b" }),
    ];
    const { plan } = play({ policy: policy("rest: never\nuntagged: never"), versions });
    expect(readable(plan)).toEqual({ 1: ["keep", "signature store"], 2: ["keep", "signature store"] });
    expect(plan.warnings.map(({ kind }) => kind)).toEqual(["signature-store"]);
  });

  it("make no store where one of them is of an image that is there", () => {
    const versions = [
      image({ id: 1, name: "a", tags: [signatureTag(digest("x"), ".sig")] }),
      image({ id: 2, name: "b" }),
      image({ id: 3, name: "c", tags: [signatureTag(digest("b"), ".sig")] }),
    ];
    const { plan } = play({ policy: policy("rest: never\nuntagged: never"), versions });
    expect(readable(plan)).toEqual({
      1: ["delete", "untagged: never"],
      2: ["delete", "untagged: never"],
      3: ["delete", `part of app@${digest("b")}, which goes`],
    });
    expect(plan.warnings).toEqual([]);
  });
});

describe("a count of an `untagged` line", () => {
  it("ranks roots only: platform manifests and signatures take no place, however new they are", () => {
    const versions = [
      image({ id: 1, name: "old root", age: "95d" }),
      image({ id: 2, name: "root", age: "90d" }),
      image({ id: 3, name: "root platform", age: "40d" }),
      image({ id: 4, name: "root index", age: "40d" }),
      image({ id: 5, name: "pr amd64", age: "30d" }),
      image({ id: 6, name: "pr index", tags: ["pr-7"], age: "30d" }),
      image({ id: 7, name: "v1 amd64", age: "20d" }),
      image({ id: 8, name: "v1 index", tags: ["v1"], age: "20d" }),
      image({ id: 9, name: "sig", tags: [signatureTag(digest("v1 index"), ".sig")], age: "10d" }),
    ];
    const { plan } = play(
      { policy: policy("v*: always\npr-*: never\nuntagged: 2"), versions },
      { indexes: { "root index": ["root platform"], "pr index": ["pr amd64"], "v1 index": ["v1 amd64"] } },
    );
    expect(readable(plan)).toEqual({
      1: ["delete", "untagged: beyond the last 2"],
      2: ["keep", "untagged: last 2"],
      3: ["keep", `part of app@${digest("root index")}`],
      4: ["keep", "untagged: last 2"],
      5: ["delete", "part of app:pr-7, which goes"],
      6: ["delete", "pr-*: never"],
      7: ["keep", "part of app:v1"],
      8: ["keep", "v*: always"],
      9: ["keep", "part of app:v1"],
    });
  });
});

describe("grace", () => {
  const kept = image({ id: 1, name: "kept", tags: ["v1"] });

  it("keeps a young untagged push, and its parts however old they are", () => {
    const versions = [
      kept,
      image({ id: 2, name: "old platform", age: "90d" }),
      image({ id: 9, name: "new index", age: "2h" }),
      image({ id: 3, name: "orphan", age: "90d" }),
    ];
    const { plan } = play(
      { policy: policy("v*: always\nuntagged: never"), versions },
      { indexes: { "new index": ["old platform"] } },
    );
    expect(readable(plan)).toEqual({
      1: ["keep", "v*: always"],
      2: ["keep", `part of app@${digest("new index")}`],
      9: ["keep", "grace"],
      3: ["delete", "untagged: never"],
    });
  });

  it("does not keep a part of what goes", () => {
    const versions = [
      kept,
      image({ id: 8, name: "platform", age: "2h" }),
      image({ id: 9, name: "index", tags: ["pr-9"], age: "1h" }),
    ];
    const { plan } = play(
      { policy: policy("v*: always\npr-*: never\nuntagged: never"), versions },
      { indexes: { index: ["platform"] } },
    );
    expect(readable(plan)).toMatchObject({
      8: ["delete", "part of app:pr-9, which goes"],
      9: ["delete", "pr-*: never"],
    });
  });

  it("keeps a part that is later than each index that lists it: it is being pushed again", () => {
    const versions = [
      kept,
      image({ id: 2, name: "platform", age: "90d", updated: "1h" }),
      image({ id: 3, name: "index", tags: ["pr-9"], age: "80d" }),
    ];
    const { plan } = play(
      { policy: policy("v*: always\npr-*: 14d\nuntagged: never"), versions },
      { indexes: { index: ["platform"] } },
    );
    expect(readable(plan)).toMatchObject({ 2: ["keep", "grace"], 3: ["delete", "pr-*: older than 14d"] });
  });

  it("takes no part for pushed again that is as old as its image: one push gives both one time", () => {
    const versions = [
      kept,
      image({ id: 2, name: "platform", age: "1h" }),
      image({ id: 3, name: "index", tags: ["pr-9"], age: "1h" }),
    ];
    const { plan } = play(
      { policy: policy("v*: always\npr-*: never\nuntagged: never"), versions },
      { indexes: { index: ["platform"] } },
    );
    expect(readable(plan)).toEqual({
      1: ["keep", "v*: always"],
      2: ["delete", "part of app:pr-9, which goes"],
      3: ["delete", "pr-*: never"],
    });
  });

  it("counts by the later of created and updated, also where the lines count by created", () => {
    const versions = [kept, image({ id: 2, age: "90d", updated: "2h" })];
    const created = policy("v*: always\nuntagged: never", { timestamp: "created" });
    expect(readable(play({ policy: created, versions }).plan)).toEqual({
      1: ["keep", "v*: always"],
      2: ["keep", "grace"],
    });
  });

  it("is over for what is exactly as old as it", () => {
    const versions = [kept, image({ id: 2, age: "1440m" }), image({ id: 3, age: "1439m" })];
    const { plan } = play({ policy: policy("v*: always\nuntagged: never"), versions });
    expect(readable(plan)).toEqual({
      1: ["keep", "v*: always"],
      2: ["delete", "untagged: never"],
      3: ["keep", "grace"],
    });
  });

  it("switched off, keeps nothing", () => {
    const { grace: _, ...withoutGrace } = policy("v*: always\nuntagged: never");
    const { plan } = play({ policy: withoutGrace, versions: [kept, image({ id: 2, age: "1h" })] });
    expect(readable(plan)).toMatchObject({ 2: ["delete", "untagged: never"] });
  });
});

describe("min-keep", () => {
  it("keeps untagged roots where there are no tagged versions, never a platform manifest by itself", () => {
    const versions = [
      image({ id: 1, name: "old root", age: "90d" }),
      image({ id: 2, name: "platform", age: "40d", updated: "30d" }),
      image({ id: 3, name: "index", age: "40d" }),
    ];
    const { plan } = play(
      { policy: policy("untagged: never", { minKeep: 1 }), versions },
      { indexes: { index: ["platform"] } },
    );
    expect(readable(plan)).toEqual({
      1: ["delete", "untagged: never"],
      2: ["keep", `part of app@${digest("index")}`],
      3: ["keep", "min-keep"],
    });
  });

  it("prefers tagged versions to newer untagged ones", () => {
    const versions = [image({ id: 1, tags: ["pr-1"], age: "90d" }), image({ id: 2, age: "30d" })];
    const { plan } = play({ policy: policy("rest: never\nuntagged: never", { minKeep: 1 }), versions });
    expect(readable(plan)).toEqual({ 1: ["keep", "min-keep"], 2: ["delete", "untagged: never"] });
  });

  it("does not count an untagged version that is kept while a tagged one goes", () => {
    const versions = [image({ id: 1, tags: ["pr-1"], age: "90d" }), image({ id: 2, age: "30d" })];
    const settings = { minKeep: 1, protect: new Set(["2"]) };
    const { plan } = play({ policy: policy("rest: never\nuntagged: never", settings), versions });
    expect(readable(plan)).toEqual({ 1: ["keep", "min-keep"], 2: ["keep", "protect"] });
  });

  it("counts an untagged version that is kept where all tagged ones are", () => {
    const versions = [
      image({ id: 1, tags: ["v1"], age: "90d" }),
      image({ id: 2, age: "60d" }),
      image({ id: 3, age: "30d" }),
    ];
    const settings = { minKeep: 2, protect: new Set(["2"]) };
    const { plan } = play({ policy: policy("v*: always\nuntagged: never", settings), versions });
    expect(readable(plan)).toEqual({
      1: ["keep", "v*: always"],
      2: ["keep", "protect"],
      3: ["delete", "untagged: never"],
    });
  });

  it("does not count what the `untagged` line keeps", () => {
    const versions = [
      image({ id: 1, name: "root", age: "90d" }),
      image({ id: 2, name: "tagged", tags: ["v1"], age: "80d" }),
      image({ id: 3, name: "stray", tags: [signatureTag(digest("elsewhere"), ".sig")], age: "10d" }),
    ];
    const { plan } = play({ policy: policy("v*: always\nuntagged: 30d", { minKeep: 2 }), versions });
    expect(readable(plan)).toEqual({
      1: ["keep", "min-keep"],
      2: ["keep", "v*: always"],
      3: ["keep", "untagged: within 30d"],
    });
  });
});

describe("delete-broken", () => {
  const versions = [
    image({ id: 1, name: "amd64" }),
    image({ id: 2, name: "half", tags: ["v2"] }),
    image({ id: 3, name: "ghost", tags: ["v3"] }),
    image({ id: 4, name: "fine", tags: ["v4"] }),
    image({ id: 5, name: "young", tags: ["v5"], age: "1h" }),
  ];
  const indexes = {
    half: ["amd64", "lost 1"],
    ghost: ["lost 2", "lost 3", "lost attestation"],
    fine: ["amd64", "lost attestation"],
    young: ["lost 4"],
  };
  const attestations = ["lost attestation"];

  it("ghost: deletes images of which all platform manifests are missing", () => {
    const { plan } = play(
      { policy: policy("v*: always", { deleteBroken: "ghost" }), versions },
      { indexes, attestations },
    );
    expect(readable(plan)).toEqual({
      1: ["keep", "part of app:v4", "part of app:v2"],
      2: ["keep", "v*: always"],
      3: ["delete", "broken: 2 of 2 platform manifests are missing"],
      4: ["keep", "v*: always"],
      5: ["keep", "v*: always"],
    });
  });

  it("partial: deletes images of which any is missing", () => {
    const partial = policy("v*: always", { deleteBroken: "partial" });
    expect(readable(play({ policy: partial, versions }, { indexes, attestations }).plan)).toMatchObject({
      1: ["keep", "part of app:v4"],
      2: ["delete", "broken: 1 of 2 platform manifests are missing"],
      3: ["delete", "broken: 2 of 2 platform manifests are missing"],
    });
  });

  it("keeps an image of which the registry has a missing digest after all, and warns", () => {
    const ghost = policy("v*: always", { deleteBroken: "ghost" });
    const { plan } = play({ policy: ghost, versions }, { indexes, attestations, present: ["lost 3"] });
    expect(readable(plan)).toMatchObject({ 3: ["keep", "v*: always"] });
    expect(plan.warnings.map(({ message }) => message)).toEqual([
      "app:v2 is kept, and lacks 1 of 2 platform manifests: the package does not list them. Push it again, or delete it with `delete-broken`.",
      "app:v3 looks broken in the list, but the registry has what seemed to be missing: it counts as whole, and the lines decide.",
    ]);
  });

  it("leaves broken images out of the counts, and min-keep prefers whole ones", () => {
    const last = policy("v*: 1", { deleteBroken: "ghost", minKeep: 3 });
    const old = versions.filter(({ id }) => id !== 5);
    expect(readable(play({ policy: last, versions: old }, { indexes, attestations }).plan)).toMatchObject({
      4: ["keep", "v*: last 1"],
      2: ["keep", "min-keep"],
      3: ["keep", "min-keep"],
    });
  });

  it("has min-keep fall to an older whole image before a newer broken one, tagged or not", () => {
    const tagged = [
      image({ id: 1, name: "whole", tags: ["v1"], age: "50d" }),
      image({ id: 2, name: "broken", tags: ["v2"], age: "40d" }),
    ];
    const ghost = policy("rest: never\nuntagged: never", { deleteBroken: "ghost", minKeep: 1 });
    const registry = { indexes: { broken: ["lost"] } };
    const expected = {
      1: ["keep", "min-keep"],
      2: ["delete", "broken: 1 of 1 platform manifests are missing"],
    };
    expect(readable(play({ policy: ghost, versions: tagged }, registry).plan)).toEqual(expected);
    const untagged = tagged.map((version) => ({ ...version, tags: [] }));
    expect(readable(play({ policy: ghost, versions: untagged }, registry).plan)).toEqual(expected);
  });
});

describe("a place", () => {
  const v1 = image({ id: 1, tags: ["v1"] });

  it.each([
    ["within grace", "2h", {}, []],
    ["protected", "3d", { protect: new Set(["11"]) }, ["protect"]],
  ] as const)("is not taken by a part that was pushed again and is %s", (_, updated, settings, reasons) => {
    const versions = [
      v1,
      image({ id: 11, name: "part", age: "20d", updated }),
      image({ id: 12, name: "index", age: "20d" }),
    ];
    const one = policy("v*: always\nuntagged: 1", settings);
    const { plan } = play({ policy: one, versions }, { indexes: { index: ["part"] } });
    expect(readable(plan)).toEqual({
      1: ["keep", "v*: always"],
      11: ["keep", ...reasons, `part of app@${digest("index")}`],
      12: ["keep", "untagged: last 1"],
    });
  });

  it("is not taken by what names another as its subject", () => {
    const versions = [
      v1,
      image({ id: 2, name: "a", age: "30d" }),
      image({ id: 3, name: "b", age: "20d" }),
      image({ id: 4, name: "signature", age: "10d" }),
      image({ id: 5, name: "sbom", age: "9d" }),
    ];
    const registry = { referrers: { a: ["signature", "sbom"] } };
    const { plan } = play({ policy: policy("v*: always\nuntagged: 2"), versions }, registry);
    expect(readable(plan)).toEqual({
      1: ["keep", "v*: always"],
      2: ["keep", "untagged: last 2"],
      3: ["keep", "untagged: last 2"],
      4: ["keep", `part of app@${digest("a")}`],
      5: ["keep", `part of app@${digest("a")}`],
    });
  });

  it("is not taken by what names a subject that is not in the package", () => {
    const versions = [
      v1,
      image({ id: 2, name: "a", age: "30d" }),
      image({ id: 3, name: "stray", age: "10d" }),
    ];
    const registry = { referrers: { elsewhere: ["stray"] } };
    const { plan } = play({ policy: policy("v*: always\nuntagged: 1"), versions }, registry);
    expect(readable(plan)).toEqual({
      1: ["keep", "v*: always"],
      2: ["keep", "untagged: last 1"],
      3: ["delete", "untagged: beyond the last 1"],
    });
  });

  it("of min-keep is not taken by what names another as its subject", () => {
    const versions = [image({ id: 2, name: "a" }), image({ id: 4, name: "signature", age: "10d" })];
    const one = policy("untagged: never", { minKeep: 1 });
    const { plan } = play({ policy: one, versions }, { referrers: { a: ["signature"] } });
    expect(readable(plan)).toEqual({ 2: ["keep", "min-keep"], 4: ["keep", `part of app@${digest("a")}`] });
  });
});

describe("parts that are easily missed", () => {
  it("are those of an index under a tag of cosign's", () => {
    const versions = [
      image({ id: 1, tags: ["v1"] }),
      image({ id: 2, name: "sbom a" }),
      image({ id: 3, name: "sbom b" }),
      image({ id: 4, name: "sboms", tags: [signatureTag(digest("v1"), ".sbom")] }),
    ];
    const registry = { indexes: { sboms: ["sbom a", "sbom b"] } };
    const { plan } = play({ policy: policy("v*: always\nuntagged: never"), versions }, registry);
    expect(plan.verdicts.map(({ verdict }) => verdict)).toEqual(["keep", "keep", "keep", "keep"]);
  });

  it("are referrers of a platform manifest that is not in the list", () => {
    const versions = [
      image({ id: 2, name: "index", tags: ["v1"] }),
      image({ id: 3, name: "signature" }),
      image({ id: 4, name: "orphan" }),
    ];
    const registry = { indexes: { index: ["platform"] }, referrers: { platform: ["signature"] } };
    const { plan } = play({ policy: policy("v*: always\nuntagged: never"), versions }, registry);
    const verdicts = Object.fromEntries(plan.verdicts.map(({ version, verdict }) => [version.id, verdict]));
    expect(verdicts).toEqual({ 2: "keep", 3: "keep", 4: "delete" });
  });
});

describe("hostile data", () => {
  it("cycles of bookkeeping tags end, and go by the untagged line", () => {
    const versions = [
      image({ id: 1, name: "a", tags: [signatureTag(digest("b"), ".sig")] }),
      image({ id: 2, name: "b", tags: [signatureTag(digest("a"), ".sig")] }),
      image({ id: 3, name: "self", tags: [signatureTag(digest("self"), ".sig")] }),
      image({ id: 4, name: "v1", tags: ["v1"] }),
    ];
    const { plan } = play({ policy: policy("v*: always\nuntagged: never"), versions });
    expect(readable(plan)).toEqual({
      1: ["delete", "untagged: never"],
      2: ["delete", "untagged: never"],
      3: ["delete", "untagged: never"],
      4: ["keep", "v*: always"],
    });
  });
});

describe("a package of 600 images with two platforms and two attestations each", () => {
  it("takes one read an image, and none of a platform", () => {
    const indexes: Record<string, string[]> = {};
    const versions = Array.from({ length: 600 }, (_, n) => {
      const parts = ["amd64", "arm64", "att 1", "att 2"].map((part) => `${part} of ${n}`);
      indexes[`index ${n}`] = parts;
      const ids = n * 5;
      return [
        ...parts.map((name, part) => image({ id: ids + part + 1, name, age: `${700 - n}d` })),
        image({ id: ids + 5, name: `index ${n}`, tags: [`build-${n}`], age: `${700 - n}d` }),
      ];
    }).flat();
    const { plan, reads } = play({ policy: policy("build-*: 10\nuntagged: never"), versions }, { indexes });
    expect(plan.verdicts.filter(({ verdict }) => verdict === "keep")).toHaveLength(50);
    expect(reads.toSorted()).toEqual(Object.keys(indexes).map(digest).toSorted());
  });
});
