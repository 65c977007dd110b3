import { overMaxDelete } from "../../src/plan/max-delete";
import type { PreparedPackage } from "../../src/plan/prepared";
import type { MaxDelete } from "../../src/policy/policy";
import { askNothing, image, NOW, play, policy } from "../support/builder";

/** A package of so many versions, of which so many go. */
function prepared(versions: number, going: number, maxDelete?: MaxDelete): PreparedPackage {
  const settings = policy("pr-*: never\nv*: always", maxDelete === undefined ? {} : { maxDelete });
  const list = Array.from({ length: versions }, (_, at) =>
    image({ id: at + 1, tags: [at < going ? `pr-${at}` : `v${at}`] }),
  );
  const { plan } = play({ policy: settings, versions: list });
  const pkg = { type: "container", name: "app" } as const;
  const source = {
    pkg,
    policy: settings,
    repository: "acme/app",
    inUseFiles: [],
    askFacts: askNothing,
    now: NOW,
  };
  return { ...source, plan, held: new Map() };
}

const count = (count: number): MaxDelete => ({ kind: "count", count });
const percent = (percent: number): MaxDelete => ({ kind: "percent", percent });

describe("max-delete allows", () => {
  it.each<[string, number, number, MaxDelete]>([
    ["just as many as it says", 10, 3, count(3)],
    ["nothing, where nothing goes", 10, 0, count(0)],
    ["just the percentage that it says", 10, 5, percent(50)],
    ["a percentage that is no whole number of versions", 3, 1, percent(33.4)],
    ["all, with 100%", 4, 4, percent(100)],
    ["nothing of nothing", 0, 0, percent(0)],
  ])("%s", (_, versions, going, maxDelete) => {
    expect(overMaxDelete(prepared(versions, going, maxDelete))).toBeUndefined();
  });

  it("everything where it is not given", () => {
    expect(overMaxDelete(prepared(10, 10))).toBeUndefined();
  });
});

describe("max-delete forbids", () => {
  it.each<[string, number, number, MaxDelete]>([
    ["one more than it says", 10, 4, count(3)],
    ["any, with 0", 10, 1, count(0)],
    ["a version more than the percentage that it says", 10, 6, percent(50)],
    ["what is over by a part of a version", 3, 1, percent(33.3)],
    ["any, with 0%", 200, 1, percent(0)],
  ])("%s", (_, versions, going, maxDelete) => {
    expect(overMaxDelete(prepared(versions, going, maxDelete))).toContain(
      `The plan deletes ${going} of the ${versions} `,
    );
  });

  it("with a message that says how much, of what, and the way out", () => {
    expect(overMaxDelete(prepared(10, 6, percent(50)))).toBe(
      "The plan deletes 6 of the 10 versions of the container package app, which is more than `max-delete` (50%) " +
        "allows: such a run deletes nothing of it. If the plan is right, raise `max-delete`.",
    );
  });
});
