import { checkEqual, checkSame } from "../../scripts/e2e/check.ts";
import { namesOf, readContext } from "../../scripts/e2e/context.ts";
import { redact, shapeOf } from "../../scripts/e2e/facts.ts";
import { differences, inOneLine } from "../../scripts/e2e/local/differences";
import { evaluate } from "../../scripts/e2e/local/expressions";
import { orderOf } from "../../scripts/e2e/steps/reads.ts";

const ENVIRONMENT = {
  GITHUB_API_URL: "https://api.github.com",
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_REPOSITORY: "Acme/App",
  GITHUB_SHA: "1a2b3c4",
  GITHUB_TOKEN: "ghs_secret",
  E2E_REGISTRY_URL: "https://ghcr.io",
  E2E_NPM_URL: "https://npm.pkg.github.com/",
  E2E_RUN: "7-1",
  E2E_CLIENTS: "docker",
  E2E_WAITS: "0 60 300",
  RUNNER_TEMP: "/tmp",
};

describe("the environment of the end-to-end steps", () => {
  it("says where everything is", () => {
    expect(readContext(ENVIRONMENT)).toMatchObject({ owner: "Acme", clients: "docker", waits: [0, 60, 300] });
    expect(() => readContext({ ...ENVIRONMENT, GITHUB_TOKEN: "", E2E_RUN: undefined })).toThrow(
      "These variables are not set: GITHUB_TOKEN, E2E_RUN.",
    );
  });

  it("gives each run names of its own, in lower case where registries ask for it", () => {
    expect(namesOf(readContext(ENVIRONMENT))).toMatchObject({
      images: "app/e2e-7-1",
      ghosts: "app/e2e-ghosts",
      scopedNpm: "@acme/e2e-7-1",
      release: "e2e-7-1-release",
    });
  });
});

describe("what an end-to-end step asserts", () => {
  it("fails with what is missing and what is too much", () => {
    expect(() => checkSame("the tags", ["b", "a"], ["a", "b", "a"])).not.toThrow();
    expect(() => checkSame("the tags", ["a", "c"], ["a", "b"])).toThrow(
      "the tags: missing: b; not expected: c.",
    );
    expect(() => checkEqual("the status", "partial", "complete")).toThrow(
      'the status: expected "complete", found "partial".',
    );
  });
});

describe("facts", () => {
  const context = readContext(ENVIRONMENT);

  it("stand without what differs from run to run, and without secrets", () => {
    const digest = "0".repeat(64);
    const link = `https://api.github.com/organizations/12345/packages/container/app%2Fe2e-7-1/versions`;
    const fact = {
      link,
      text: `ghs_secret of acme/app, Acme, ghcr.io/acme, sha256:${digest}`,
      at: "2026-11-20T01:02:03Z",
    };
    expect(redact(context, fact)).toEqual({
      link: "{api}/organizations/{number}/packages/container/{name}%2Fe2e-{run}/versions",
      text: "{token} of {name}/{name}, {name}, ghcr.io/{name}, sha256:{hex}",
      at: "{time}",
    });
  });

  it("of a body are its types, those of an array together", () => {
    expect(shapeOf({ b: [{ x: 1 }, { x: "1", y: null }], a: [] })).toEqual({
      a: [],
      b: [{ x: "number|string", y: "null" }],
    });
    expect(shapeOf([{ tags: [] }, { tags: ["v1", "v2"] }])).toEqual([{ tags: ["string"] }]);
  });

  it("say how a list is sorted", () => {
    const version = (id: number, day: number) => ({
      id,
      name: "",
      tags: [],
      createdAt: `2026-11-0${day}T00:00:00Z`,
      updatedAt: "2026-11-09T00:00:00Z",
    });
    expect(orderOf([version(3, 1), version(1, 2), version(2, 3)])).toEqual({
      id: "none",
      createdAt: "ascending",
      updatedAt: "descending",
    });
  });

  it("are compared where both were asked, except for seconds", () => {
    const recorded = {
      push: { lag: { status: 200, afterSeconds: 9 }, header: null, list: ["a"] },
      npm: { name: "x" },
    };
    const local = {
      push: { lag: { status: 404, afterSeconds: 0, body: "gone" }, header: null, list: ["a"], more: 1 },
    };
    expect(differences(recorded, local).map(inOneLine)).toEqual([
      'push, lag, body: GitHub has nothing, the local GitHub has "gone"',
      "push, lag, status: GitHub has 200, the local GitHub has 404",
      'npm, name: GitHub has "x", the local GitHub has nothing',
    ]);
    expect(differences(recorded, recorded)).toEqual([]);
  });
});

describe("an expression of a workflow", () => {
  const braced = (expression: string) => `\${{ ${expression} }}`;
  const contexts = { env: { RUN: "7" }, steps: { push: { outputs: { package: "app" } } } };

  it("is the value of its name, or nothing", () => {
    expect(evaluate(`${braced("steps.push.outputs.package")}-${braced("env.RUN")}`, contexts)).toBe("app-7");
    expect(evaluate(`[${braced("steps.none.outputs.x")}]`, contexts)).toBe("[]");
  });

  it("is refused where it is more than a name, or of a context that is not there", () => {
    expect(() => evaluate(braced("env.RUN || '8'"), contexts)).toThrow(
      "the expression env.RUN || '8' is not known here",
    );
    expect(() => evaluate(braced("secrets.TOKEN"), contexts)).toThrow("there is no context secrets here");
  });
});
