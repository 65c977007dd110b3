import type { Fault, PackageData } from "../../emulator/data";
import { imageManifest, indexOf } from "../../emulator/images";
import { concurrently } from "../support/concurrently";
import {
  expectSound,
  type FaultRun,
  imagesOf,
  packageOf,
  runInTrouble,
  type Trouble,
} from "../support/fault-cases";

const SOON = { "retry-after": "1" };

function errors(code: string, message: string): object {
  return { errors: [{ code, message }] };
}

const DENIED = errors("DENIED", "permission_denied: read_package");
const LIMITED = errors("TOOMANYREQUESTS", "rate limited");

/** What passes: the request is sent again, or only takes longer. */
const PASSING: Readonly<Record<string, Trouble>> = {
  "429, with nothing said": { answer: { status: 429 } },
  "429 with retry-after": { answer: { status: 429, body: LIMITED, headers: SOON } },
  "500": { answer: { status: 500, body: "oops" } },
  "502": { answer: { status: 502, body: "<html>Bad gateway</html>" } },
  "a dropped connection": { drop: true },
  "a body that is cut off": { cutBody: true },
  "a slow answer": { delay: 700 },
};

/** The kept index of a package. */
function keptIndex(name: string): string {
  return indexOf([imageManifest(`${name} v1`, "linux/amd64")]).digest;
}

type Kind = "token" | "manifest";

/** Each kind of request for one package. */
function pathOf(kind: Kind, name: string): string {
  if (kind === "token") return `^/token\\?.*acme(/|%2F)${name}(:|%3A)pull`;
  return `/acme/${name}/manifests/${keptIndex(name)}`;
}

const KINDS = ["token", "manifest"] as const;

describe("a run in which each kind of request to the registry fails once", () => {
  const runs = new Map<string, FaultRun>();

  beforeAll(async () => {
    const entries = Object.entries(PASSING);
    await concurrently(
      entries,
      async ([name, trouble]) => {
        const faults = KINDS.map((kind): Fault => ({ match: { path: pathOf(kind, "app") }, ...trouble }));
        runs.set(name, await runInTrouble([imagesOf("app", 1)], faults));
      },
      entries.length,
    );
  }, 60_000);

  it.each(Object.keys(PASSING))("with %s completes, as if nothing had been", (name) => {
    const done = runs.get(name) as FaultRun;
    expect(done.emulator.activeIds("app")).toEqual([1, 2]);
    expect(done.result.exitCode).toBe(0);
    expect(done.result.annotations).toEqual({ errors: [], warnings: [], notices: [] });
    expect(done.result.outputs).toMatchObject({ status: "complete", "deleted-count": "3" });
    expectSound(done);
  });

  it.each(Object.keys(PASSING))("with %s has sent each of them again, or waited", (name) => {
    const { requests } = (runs.get(name) as FaultRun).emulator;
    const times = KINDS.map((kind) =>
      requests.filter(({ path }) => new RegExp(pathOf(kind, "app")).test(path)),
    );
    expect(times.map(({ length }) => length)).toEqual(name === "a slow answer" ? [1, 1] : [2, 2]);
  });
});

interface Failure {
  readonly kind: Kind;
  readonly trouble: Trouble;
  readonly title: string;
  readonly says: readonly string[];
}

const LATER = "Run the action again later.";
const RIGHTS = "Check that the token may use the package:";
const NO_TOKEN = "its token service gave no token";

/** What stops a package before anything of it is deleted; what registry-failures.test.ts shows is not shown again. */
const FAILURES: readonly Failure[] = [
  {
    kind: "token",
    title: "401",
    trouble: { answer: { status: 401, body: errors("UNAUTHORIZED", "authentication required") } },
    says: [`${NO_TOKEN} (401 UNAUTHORIZED: authentication required)`, RIGHTS],
  },
  {
    kind: "token",
    title: "404",
    trouble: { answer: { status: 404 } },
    says: [`${NO_TOKEN} (status 404)`, "Check the input registry-url."],
  },
  {
    kind: "token",
    title: "500",
    trouble: { answer: { status: 500 } },
    says: [`${NO_TOKEN} (status 500)`, LATER],
  },
  {
    kind: "token",
    title: "502",
    trouble: { answer: { status: 502 } },
    says: [`${NO_TOKEN} (status 502)`, LATER],
  },
  { kind: "token", title: "a dropped connection", trouble: { drop: true }, says: [NO_TOKEN, LATER] },
  { kind: "token", title: "a body that is cut off", trouble: { cutBody: true }, says: [NO_TOKEN, LATER] },
  {
    kind: "token",
    title: "an answer without a token",
    trouble: { answer: { status: 200, body: { hello: "world" } } },
    says: [NO_TOKEN],
  },
  {
    kind: "manifest",
    title: "401",
    trouble: { answer: { status: 401, body: errors("UNAUTHORIZED", "authentication required") } },
    says: ["it wants an authorization that it does not describe", RIGHTS],
  },
  {
    kind: "manifest",
    title: "403 with retry-after",
    trouble: { answer: { status: 403, body: DENIED, headers: SOON } },
    says: ["403 DENIED: permission_denied: read_package", LATER],
  },
  {
    kind: "manifest",
    title: "403",
    trouble: { answer: { status: 403, body: DENIED } },
    says: ["403 DENIED: permission_denied: read_package", RIGHTS],
  },
  {
    kind: "manifest",
    title: "502",
    trouble: { answer: { status: 502, body: "<html>" } },
    says: ["it answered status 502", LATER],
  },
];

describe("a request to the registry that is never answered", () => {
  let done: FaultRun;
  let limited: FaultRun;

  beforeAll(async () => {
    const packages = FAILURES.map((_, at) => imagesOf(`app-${at}`, 10 * at + 1));
    const faults = FAILURES.map(
      ({ kind, trouble }, at): Fault => ({
        match: { path: pathOf(kind, `app-${at}`), count: "always" },
        ...trouble,
      }),
    );
    const limit: Fault = {
      match: { path: "/manifests/", count: "always" },
      ...(PASSING["429 with retry-after"] as Trouble),
    };
    const web: PackageData = imagesOf("web", 901);
    [done, limited] = await Promise.all([
      runInTrouble([...packages, web], faults),
      runInTrouble([imagesOf("app", 1)], [limit]),
    ]);
  }, 60_000);

  it.each(FAILURES.map((failure, at) => ({ ...failure, at })))(
    "the $kind, with $title: its package stops before it deletes anything",
    ({ at, says }) => {
      const name = `app-${at}`;
      expect(done.emulator.activeIds(name)).toHaveLength(5);
      expect(packageOf(done, name)).toMatchObject({ status: "failed", counts: { planned: 0 } });
      for (const text of [`acme/${name}`, ...says]) expect(packageOf(done, name)?.error).toContain(text);
    },
  );

  it("does not stop the package that it is not about, and the step fails", () => {
    expect(done.emulator.activeIds("web")).toEqual([901, 902]);
    expect(packageOf(done, "web")).toMatchObject({ status: "complete", counts: { deleted: 3 } });
    expect(done.result.exitCode).toBe(1);
    expect(done.result.outputs).toMatchObject({ status: "failed", "deleted-count": "3" });
    expectSound(done);
  });

  it("for a limit that does not end, is given up after a few pauses", () => {
    expect(limited.emulator.activeIds("app")).toHaveLength(5);
    expect(limited.result.exitCode).toBe(1);
    expect(packageOf(limited, "app")?.error).toContain("429 TOOMANYREQUESTS: rate limited");
    expect(packageOf(limited, "app")?.error).toContain(LATER);
    expectSound(limited);
  });
});
