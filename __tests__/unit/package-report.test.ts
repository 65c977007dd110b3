import { reportPackage } from "../../src/report/package-report";
import { askNothing, digest, image, play, policy, signatureTag } from "../support/builder";

describe("the report of a package", () => {
  const pkg = { type: "container", name: "app" } as const;
  const one = policy("v*: always\nuntagged: never");
  const versions = [
    image({ id: 1, name: "leaf" }),
    image({ id: 2, name: "nested" }),
    image({ id: 3, name: "outer", tags: ["v1"] }),
    image({ id: 4, name: "sbom" }),
    image({ id: 5, name: "signature", tags: [signatureTag(digest("sbom"), ".sig")] }),
  ];
  const { plan } = play(
    { policy: one, versions },
    { indexes: { outer: ["nested", "lost"], nested: ["leaf"] }, referrers: { leaf: ["sbom"] } },
  );
  const source = { pkg, policy: one, repository: "acme/app", inUseFiles: [], askFacts: askNothing, now: 0 };
  const report = reportPackage({ ...source, plan, held: new Map() }, { outcomes: new Map() }, true);
  const byId = new Map(report.versions.map((version) => [version.id, version]));

  it("has of each version what belongs to it directly", () => {
    expect(byId.get(3)?.parts).toEqual([digest("nested"), digest("lost")]);
    expect(byId.get(2)?.parts).toEqual([digest("leaf")]);
    expect(byId.get(1)?.parts).toEqual([digest("sbom")]);
    expect(byId.get(4)?.parts).toEqual([digest("signature")]);
    expect(byId.get(5)).not.toHaveProperty("parts");
  });

  it("has the subject that only a manifest names", () => {
    expect(byId.get(4)?.subject).toBe(digest("leaf"));
    expect(report.versions.filter(({ subject }) => subject !== undefined)).toHaveLength(1);
  });
});
