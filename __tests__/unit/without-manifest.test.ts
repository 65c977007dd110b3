import { digest, image, play, playOut, policy, readable } from "../support/builder";

const V1 = image({ id: 1, name: "v1", tags: ["v1"], age: "90d" });
const V2 = image({ id: 2, name: "v2", tags: ["v2"], age: "80d" });
const ORPHAN = image({ id: 3, name: "orphan", age: "70d" });
const KEEP_ALL = policy("v*: always\nuntagged: never");

describe("a version of which the registry has no manifest", () => {
  it("takes no place in the count of a line", () => {
    const versions = [V1, V2, image({ id: 4, name: "v3", tags: ["v3"], age: "10d" })];
    const { plan } = play({ policy: policy("v*: 1"), versions }, { absent: ["v3"] });
    expect(readable(plan)).toEqual({
      1: ["delete", "v*: beyond the last 1"],
      2: ["keep", "v*: last 1"],
      4: ["delete", "v*: beyond the last 1"],
    });
  });

  it("takes none of `min-keep`", () => {
    const versions = [V1, V2];
    const one = policy("v*: never", { minKeep: 1 });
    expect(readable(play({ policy: one, versions }, { absent: ["v2"] }).plan)).toEqual({
      1: ["keep", "min-keep"],
      2: ["delete", "v*: never"],
    });
    const protectedOne = policy("v*: never", { minKeep: 1, protect: new Set(["2"]) });
    expect(readable(play({ policy: protectedOne, versions }, { absent: ["v2"] }).plan)).toEqual({
      1: ["keep", "min-keep"],
      2: ["keep", "protect"],
    });
  });

  it("takes none in the count of the `untagged` line", () => {
    const versions = [V1, ORPHAN, image({ id: 4, name: "newer", age: "60d" })];
    const { plan } = play({ policy: policy("v*: always\nuntagged: 1"), versions }, { absent: ["newer"] });
    expect(readable(plan)).toMatchObject({
      3: ["keep", "untagged: last 1"],
      4: ["delete", "untagged: beyond the last 1"],
    });
  });

  it("is asked for by its id where it is kept, and not where it goes", () => {
    const pr = image({ id: 5, name: "pr", tags: ["pr-1"], age: "50d" });
    const { asked } = play(
      { policy: policy("v*: always\npr-*: never\nuntagged: never"), versions: [V1, V2, pr, ORPHAN] },
      { absent: ["v2", "pr"] },
    );
    expect(asked).toEqual([2]);
  });
});

describe("a kept version without a manifest that GitHub has", () => {
  const young = image({ id: 4, name: "young", age: "2h" });
  const index = image({ id: 6, name: "index", age: "60d" });
  const pr = image({ id: 8, name: "pr", tags: ["pr-1"], age: "40d" });
  const versions = [V1, V2, ORPHAN, young, image({ id: 5, name: "platform", age: "60d" }), index, pr];
  const more = [...versions, image({ id: 7, name: "pr platform", age: "40d" })];
  const registry = { absent: ["v2"], indexes: { index: ["platform"], pr: ["pr platform"] } };
  const { plan } = play(
    { policy: policy("v*: always\npr-*: never\nuntagged: never"), versions: more },
    registry,
  );

  it("keeps the untagged versions that are part of nothing known, this time", () => {
    expect(readable(plan)).toEqual({
      1: ["keep", "v*: always"],
      2: ["keep", "v*: always"],
      3: ["keep", "held: app:v2 has no manifest"],
      4: ["keep", "grace"],
      5: ["keep", `part of app@${digest("index")}`],
      6: ["keep", "held: app:v2 has no manifest"],
      7: ["delete", "part of app:pr-1, which goes"],
      8: ["delete", "pr-*: never"],
    });
  });

  it("is warned of", () => {
    expect(plan.warnings).toEqual([
      {
        kind: "held",
        message:
          "app:v2 is kept, and the registry has no manifest for it: what it lists is not known, and no untagged " +
          "version that nothing known lists is deleted this time. Push it again, or delete it.",
      },
    ]);
  });

  it("keeps nothing where GitHub says that it is gone: the list shows deleted versions for days", () => {
    const ghost = play({ policy: KEEP_ALL, versions: [V1, V2, ORPHAN] }, { absent: ["v2"], ghosts: [2] });
    expect(readable(ghost.plan)).toEqual({
      1: ["keep", "v*: always"],
      2: ["keep", "v*: always"],
      3: ["delete", "untagged: never"],
    });
    expect(ghost.plan.warnings).toEqual([]);
  });

  it("counts as there where it is one of more than a hundred, of which no more are asked for", () => {
    const many = Array.from({ length: 101 }, (_, at) =>
      image({ id: 100 + at, name: `gone ${at}`, tags: [`v1.${at}`], age: `${10 + at}d` }),
    );
    const ids = many.map(({ id }) => id);
    const { plan: made, asked } = play(
      { policy: KEEP_ALL, versions: [V1, ORPHAN, ...many] },
      { absent: many.map((_, at) => `gone ${at}`), ghosts: ids },
    );
    expect(asked).toEqual(ids.slice(0, 100));
    expect(readable(made)[3]).toEqual(["keep", "held: app:v1.100 has no manifest"]);
  });
});

describe("a registry that has the manifest of no kept version", () => {
  const message =
    "The registry has no manifest of any version of the container package app that is kept, such as app:v2: nothing " +
    "of it is deleted. It is probably another registry than that of the package: check `registry-url`.";
  const versions = [V1, V2, ORPHAN];
  const absent = ["v1", "v2", "orphan"];

  it.each([
    ["always", "v*: always\nuntagged: never"],
    ["by a place", "v*: 2\nuntagged: never"],
    ["by a place, and nothing else", "rest: 1"],
  ])("is the wrong one, where they are kept %s", (_, keep) => {
    expect(playOut({ policy: policy(keep), versions }, { absent })).toEqual({ contradiction: message });
  });

  it("is the wrong one, where they are kept by `min-keep`", () => {
    const one = policy("rest: never\nuntagged: never", { minKeep: 1 });
    expect(playOut({ policy: one, versions }, { absent })).toEqual({ contradiction: message });
  });

  it("is so too where it has manifests of what goes", () => {
    expect(playOut({ policy: KEEP_ALL, versions }, { absent: ["v1", "v2"] })).toEqual({
      contradiction: message,
    });
  });

  it("is none where nothing is kept, nor where it has one of them", () => {
    const none = policy("rest: never\nuntagged: never");
    expect(playOut({ policy: none, versions }, { absent })).not.toHaveProperty("contradiction");
    expect(playOut({ policy: KEEP_ALL, versions }, { absent: ["v1"] })).not.toHaveProperty("contradiction");
  });

  it("is not asked, and so not found out, where nothing can go", () => {
    const all = policy("v*: always\nuntagged: always");
    expect(play({ policy: all, versions }, { absent }).reads).toEqual([]);
  });
});
