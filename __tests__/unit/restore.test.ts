import type { RestoreEntry } from "../../src/inputs/restore-entry";
import type { SavedVersion } from "../../src/inputs/saved-report";
import type { PackageVersion } from "../../src/model/package-version";
import { reasonText } from "../../src/model/reason";
import { compileGlob } from "../../src/policy/pattern";
import {
  expand,
  type Listed,
  mayLackParts,
  planRestore,
  type RestorePlan,
  restoreOrder,
} from "../../src/restore/restore-plan";
import type { NamedEntry, Source } from "../../src/restore/restore-request";
import { ago, digest, image, NOW, signatureTag } from "../support/builder";

const pkg = { type: "container", name: "app" } as const;

function tags(text: string): NamedEntry {
  const glob = compileGlob(text);
  if ("error" in glob) throw new Error(glob.error);
  return { kind: "tags", pattern: glob.value };
}

function named(entries: readonly NamedEntry[], listed: Partial<Listed>): RestorePlan {
  const lists = { active: [], deleted: [], ...listed };
  return planRestore({ pkg, sources: [], entries }, lists, NOW);
}

/** A report in which these versions were deleted, and others stayed. */
function source(deleted: readonly PackageVersion[], stayed: readonly PackageVersion[], changes = {}): Source {
  const version =
    (outcome: "deleted" | undefined) =>
    (one: PackageVersion & { parts?: string[]; subject?: string }): SavedVersion => ({
      ...one,
      tags: [...one.tags],
      verdict: outcome ? "delete" : "keep",
      reasons: [],
      ...(outcome ? { outcome } : {}),
    });
  const versions = [...deleted.map(version("deleted")), ...stayed.map(version(undefined))];
  return {
    path: "report.json",
    generatedAt: Date.parse(ago("2d")),
    saved: { type: "container", name: "app", versions, ...changes },
  };
}

function reported(one: Source, listed: Partial<Listed>): RestorePlan {
  const lists = { active: [], deleted: [], ...listed };
  return planRestore({ pkg, sources: [one], entries: [] }, lists, NOW);
}

function reasons({ items }: RestorePlan): Record<number, string[]> {
  return Object.fromEntries(
    [...items.values()].map((item) => [item.version.id, item.reasons.map(reasonText)]),
  );
}

describe("what comes back by name", () => {
  const pr1 = image({ id: 1, tags: ["pr-1"] });
  const pr2 = image({ id: 2, tags: ["pr-2", "v2"] });
  const signature = image({ id: 3, name: "sig", tags: [signatureTag(pr1.name, ".sig")] });
  const deleted = [pr1, pr2, signature];

  it("is what an id, a digest or a tag names, with what is attached to it", () => {
    const entries: NamedEntry[] = [
      { kind: "version", id: 2 },
      { kind: "digest", digest: pr1.name },
      tags("v*"),
    ];
    const plan = named(entries, { deleted });
    expect(reasons(plan)).toEqual({
      1: [`digest ${pr1.name}`],
      2: ["version 2", 'tag "v2" matches v*'],
      3: ["part of app:pr-1"],
    });
    expect([...plan.matched]).toEqual(entries);
  });

  it("is not what only bookkeeping tags match", () => {
    expect(reasons(named([tags("sha256-*")], { deleted }))).toEqual({});
  });

  it("is the newest of those with one digest, and nothing that is active already", () => {
    const older = { ...pr1, id: 10 };
    const active = image({ id: 20, tags: ["pr-20"] });
    const plan = named([tags("pr-*")], { active: [active], deleted: [pr1, older] });
    expect(reasons(plan)).toEqual({ 10: ['tag "pr-1" matches pr-*'] });
    expect(plan.present.map(({ version, reasons: why }) => [version.id, why.map(reasonText)])).toEqual([
      [20, ["active already"]],
    ]);
  });

  it("tells which entries match nothing", () => {
    const [a, b]: RestoreEntry[] = [tags("pr-1"), tags("nightly")];
    expect([...named([a, b] as NamedEntry[], { deleted }).matched]).toEqual([a]);
  });

  it("grows as manifests are read, to any depth", () => {
    const [index, nested, leaf] = [
      image({ id: 3, name: "index", tags: ["pr-1"] }),
      image({ id: 2, name: "nested" }),
      image({ id: 1, name: "leaf" }),
    ];
    const plan = named([tags("pr-1")], { deleted: [index, nested, leaf] });
    const [item] = plan.items.values();
    if (!item) throw new Error("nothing is planned");
    expect(mayLackParts(plan, item)).toBe(true);
    const entry = { digest: nested.name, attestation: false };
    plan.images.learn(index.name, { kind: "index", manifests: [entry] });
    const [part] = expand(plan, item);
    expect(part?.version.id).toBe(2);
    const mediaType = "application/vnd.oci.image.manifest.v1+json";
    plan.images.learn(nested.name, {
      kind: "index",
      manifests: [{ digest: leaf.name, mediaType, attestation: false }],
    });
    if (part) expand(plan, part);
    expect(reasons(plan)).toEqual({
      1: [`part of app@${nested.name}`],
      2: ["part of app:pr-1"],
      3: ['tag "pr-1" matches pr-1'],
    });
    expect([...plan.items.values()].some((one) => mayLackParts(plan, one))).toBe(false);
  });
});

describe("what comes back from a report", () => {
  const index = {
    ...image({ id: 3, name: "index", tags: ["pr-1"] }),
    parts: [digest("part"), digest("lost")],
  };
  const part = image({ id: 2, name: "part" });
  const other = image({ id: 1, name: "other", tags: ["pr-9"] });

  it("is what it deleted, whatever else was deleted", () => {
    const plan = reported(source([index, part], []), { deleted: [index, part, other] });
    expect(reasons(plan)).toEqual({ 2: ["restored from report.json"], 3: ["restored from report.json"] });
  });

  it("takes along a part that was there then and was deleted later, and no other", () => {
    const lost = image({ id: 4, name: "lost" });
    const plan = reported(source([index], [part]), { deleted: [index, part, lost] });
    expect(reasons(plan)).toEqual({ 2: ["part of app:pr-1"], 3: ["restored from report.json"] });
  });

  it("takes along parts of parts, of which the report has the direct ones only", () => {
    const leaf = image({ id: 5, name: "leaf" });
    const nested = { ...part, parts: [leaf.name] };
    const plan = reported(source([index], [nested, leaf]), { deleted: [index, part, leaf] });
    expect(reasons(plan)).toEqual({
      2: ["part of app:pr-1"],
      3: ["restored from report.json"],
      5: ["part of app:pr-1"],
    });
  });

  it("needs what an image lists, and not what refers to it", () => {
    const sbom = { ...image({ id: 6, name: "sbom" }), subject: index.name };
    const whole = { ...index, parts: [part.name, sbom.name] };
    const { images } = reported(source([whole, part, sbom], []), { deleted: [index, part, sbom] });
    expect([...images.parts(index.name)].sort()).toEqual([part.name, sbom.name].sort());
    expect(images.needs(index.name, part.name)).toBe(true);
    expect(images.needs(index.name, sbom.name)).toBe(false);
  });

  it("is not asked for where GitHub would refuse it for sure", () => {
    const refusals = (plan: RestorePlan) => [...plan.items.values()].map(({ refusal }) => refusal);
    const unlisted = source([part], []);
    expect(refusals(reported(unlisted, {}))).toEqual([undefined]);
    expect(refusals(reported({ ...unlisted, generatedAt: Date.parse(ago("32d")) }, {}))).toEqual([
      "it was deleted more than 30 days ago, and GitHub does not have it any more",
    ]);
    expect(refusals(reported(source([part], [], { deletedPackage: true }), { active: [other] }))).toEqual([
      "its package was deleted as a whole, and the name app is taken again by a new package: delete that first",
    ]);
  });

  it("is nothing where all of it is active", () => {
    const plan = reported(source([index, part], []), { active: [index, part], deleted: [other] });
    expect(plan.items.size).toBe(0);
    expect(plan.present.map(({ version }) => version.id)).toEqual([3, 2]);
  });
});

describe("the order", () => {
  it("is that in which things were pushed; of two with one tag the newer goes first", () => {
    const deleted = [
      image({ id: 4, tags: ["pr-4"] }),
      image({ id: 1, tags: ["pr-1"] }),
      image({ id: 3, tags: ["pr-1"] }),
      image({ id: 2, tags: ["pr-2"] }),
    ];
    expect(restoreOrder(named([tags("*")], { deleted })).map(({ version }) => version.id)).toEqual([
      2, 3, 4, 1,
    ]);
  });
});
