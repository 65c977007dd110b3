import type { EmulatorData, Fault, VersionData } from "../../emulator/data";
import { type Image, imageManifest, indexOf, versionOf } from "../../emulator/images";
import { type Emulator, startEmulator } from "../../emulator/server";
import type { WrittenPackage, WrittenReport } from "../../src/report/report";
import { acme, PAT, start } from "../emulator/fixture";
import { type ActionResult, runAction } from "../support/run-action";

const INPUTS = { keep: "v*: always\nuntagged: never", "dry-run": "false", "deletes-per-minute": "170" };

/** A package whose one kept image is an index, with an orphan; the ids are `first` to `first` + 2. */
function packageOf(name: string, first: number): NonNullable<EmulatorData["packages"]>[number] {
  const version = (id: number, image: Image, ...tags: string[]): VersionData =>
    versionOf(image, { id, tags, createdAt: "50d ago" });
  return {
    owner: "acme",
    type: "container",
    name,
    versions: [
      version(first, imageManifest(name, "linux/amd64")),
      version(first + 1, indexOfPackage(name), "v1"),
      version(first + 2, imageManifest(`${name} orphan`)),
    ],
  };
}

function indexOfPackage(name: string): Image {
  return indexOf([imageManifest(name, "linux/amd64")]);
}

function errors(code: string, message: string): object {
  return { errors: [{ code, message }] };
}

const WRONG = imageManifest("another");

/** How a registry can fail to say what a manifest is, and what the message then says. */
const FAILURES: Readonly<Record<string, { fault: Omit<Fault, "match">; says: readonly string[] }>> = {
  "answered with 500": {
    fault: { answer: { status: 500, body: "oops" } },
    says: ["it answered status 500", "Run the action again later."],
  },
  "refused with 403": {
    fault: { answer: { status: 403, body: errors("DENIED", "permission_denied: read_package") } },
    says: ["403 DENIED: permission_denied: read_package", "read:packages", "Manage Actions access"],
  },
  "cut off": { fault: { cutBody: true }, says: ["Run the action again later."] },
  "dropped without an answer": { fault: { drop: true }, says: ["Run the action again later."] },
  "sent with other content": {
    fault: { answer: { status: 200, body: WRONG.body } },
    says: [`what it sent has the digest ${WRONG.digest}`],
  },
  "answered with the 404 page of a web site": {
    fault: { answer: { status: 404, body: "<html>Not found</html>" } },
    says: ["it answered status 404", "Check the input registry-url."],
  },
  "answered with a 404 that says nothing": {
    fault: { answer: { status: 404 } },
    says: ["it answered status 404", "Check the input registry-url."],
  },
  "answered as of an unknown repository": {
    fault: { answer: { status: 404, body: errors("NAME_UNKNOWN", "repository name not known to registry") } },
    says: ["404 NAME_UNKNOWN: repository name not known to registry", "Check the input registry-url."],
  },
  "found, but not in a form that was asked for": {
    fault: {
      answer: {
        status: 404,
        body: errors("MANIFEST_UNKNOWN", "OCI index found, but accept header does not support OCI indexes"),
      },
    },
    says: ["OCI index found"],
  },
};

interface Run {
  readonly emulator: Emulator;
  readonly result: ActionResult;
}

async function run(faults: readonly Fault[], more: Partial<EmulatorData> = {}): Promise<Run> {
  const emulator = await start({
    packages: [packageOf("app", 1), packageOf("web", 11)],
    faults: [...faults],
    ...more,
  });
  return {
    emulator,
    result: await runAction({ emulator, inputs: { ...INPUTS, packages: "app, web" }, token: PAT }),
  };
}

const UNKNOWN = { status: 404, body: errors("MANIFEST_UNKNOWN", "manifest unknown") };

/** A run on a package with one more release, where the registry lacks the manifest of the first. */
async function runWithout(answerOfGitHub: Omit<Fault, "match">): Promise<Run> {
  const one = packageOf("app", 1);
  const release = versionOf(imageManifest("v2"), { id: 4, tags: ["v2"], createdAt: "40d ago" });
  const isAsked = Object.keys(answerOfGitHub).length > 0;
  const match = { method: "GET", path: "/versions/2$", count: "always" } as const;
  const emulator = await start({
    packages: [{ ...one, versions: [...one.versions, release] }],
    faults: [faultOf("app", { answer: UNKNOWN }), ...(isAsked ? [{ match, ...answerOfGitHub }] : [])],
  });
  return {
    emulator,
    result: await runAction({ emulator, inputs: { ...INPUTS, packages: "app" }, token: PAT }),
  };
}

function reportOf({ result }: Run, name: string): WrittenPackage | undefined {
  return (result.report as WrittenReport).packages.find((one) => one.name === name);
}

function faultOf(name: string, fault: Omit<Fault, "match">, count: number | "always" = "always"): Fault {
  return { match: { method: "GET", path: `/manifests/${indexOfPackage(name).digest}`, count }, ...fault };
}

describe("a manifest of a kept version that cannot be read", () => {
  const names = Object.keys(FAILURES).map((_, at) => `app-${at}`);
  let done: Run;

  beforeAll(async () => {
    const faults = Object.values(FAILURES).map(({ fault }, at) => faultOf(`app-${at}`, fault));
    const packages = [...names, "web"].map((name, at) => packageOf(name, at * 10 + 1));
    const emulator = await startEmulator({ ...acme(), packages, faults });
    const inputs = { ...INPUTS, packages: "app-*, web" };
    done = { emulator, result: await runAction({ emulator, inputs, token: PAT }) };
    await emulator.close();
  }, 60_000);

  it.each(Object.entries(FAILURES))("%s: its package stops before it deletes anything", (title, { says }) => {
    const name = `app-${Object.keys(FAILURES).indexOf(title)}`;
    expect(done.emulator.activeIds(name)).toHaveLength(3);
    const report = reportOf(done, name);
    expect(report).toMatchObject({ status: "failed", counts: { planned: 0 } });
    for (const text of [`acme/${name}@${indexOfPackage(name).digest}`, ...says])
      expect(report?.error).toContain(text);
  });

  it("does not stop other packages, and the step fails and names those that failed", () => {
    expect(done.emulator.activeIds("web")).toEqual([91, 92]);
    expect(reportOf(done, "web")).toMatchObject({ status: "complete", counts: { deleted: 1 } });
    expect(done.result.exitCode).toBe(1);
    expect(done.result.outputs).toMatchObject({ status: "failed", "deleted-count": "1" });
    for (const name of names) expect(done.result.annotations.errors.join()).toContain(name);
  });
});

describe("the manifest of a kept version", () => {
  it("that the registry says it has not, as of all that is kept: it is the wrong registry, and the package fails", async () => {
    const match = { path: "/acme/app/manifests/", count: "always" } as const;
    const done = await run([{ match, answer: UNKNOWN }]);
    expect(done.emulator.activeIds("app")).toEqual([1, 2, 3]);
    expect(done.emulator.activeIds("web")).toEqual([11, 12]);
    expect(done.result.exitCode).toBe(1);
    expect(reportOf(done, "app")?.error).toContain("such as app:v1: nothing of it is deleted.");
  });

  it("that the registry says it has not, while GitHub has the version: what it may list stays", async () => {
    const { emulator, result } = await runWithout({});
    expect(emulator.activeIds("app")).toEqual([1, 2, 3, 4]);
    expect(result.exitCode).toBe(0);
    const warning = "app:v1 is kept, and the registry has no manifest for it";
    expect(result.annotations.warnings.join()).toContain(warning);
    const asked = emulator.requests.filter(
      ({ method, path }) => method === "GET" && path.endsWith("/versions/2"),
    );
    expect(asked).toHaveLength(1);
  });

  it("that the registry says it has not, while GitHub says that it is gone: the rest goes", async () => {
    const answer = { status: 404, body: { message: "Package version not found." } };
    const { emulator, result } = await runWithout({ answer });
    expect(emulator.activeIds("app")).toEqual([2, 4]);
    expect(result.exitCode).toBe(0);
    expect(result.annotations.warnings).toEqual([]);
  });

  it("that is cut off once, or refused for a moment, is read again", async () => {
    const limit = errors("TOOMANYREQUESTS", "retry-after: 985.86µs, allowed: 44000/minute");
    const { emulator, result } = await run([
      faultOf("app", { cutBody: true }, 1),
      faultOf("app", { answer: { status: 503 } }, 1),
      faultOf("app", { answer: { status: 429, body: limit } }, 1),
    ]);
    expect(result.exitCode).toBe(0);
    expect(emulator.activeIds("app")).toEqual([1, 2]);
  });
});

describe("the token service of the registry", () => {
  it("that gives no token stops each package that needs one, and nothing is deleted", async () => {
    const answer = { status: 403, body: errors("DENIED", "no") };
    const { emulator, result } = await run([{ match: { path: "^/token", count: "always" }, answer }]);
    expect(result.exitCode).toBe(1);
    expect(emulator.requests.filter(({ method }) => method === "DELETE")).toEqual([]);
    expect(result.annotations.errors.join()).toContain("its token service gave no token (403 DENIED: no)");
  });
});
