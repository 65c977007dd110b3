import type { Fault, PackageData } from "../../emulator/data";
import { imageManifest, versionOf } from "../../emulator/images";
import { concurrently } from "../support/concurrently";
import {
  expectSound,
  type FaultRun,
  imagesOf,
  packageOf,
  runInTrouble,
  type Trouble,
} from "../support/fault-cases";
import { daysAgo } from "../support/world";

const SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
const SOON = { "retry-after": "1" };

/** What passes: the request is sent again, or only takes longer. */
const PASSING: Readonly<Record<string, Trouble>> = {
  "429 with retry-after": { answer: { status: 429, body: { message: "Too many requests" }, headers: SOON } },
  "a secondary limit": { answer: { status: 403, body: { message: SECONDARY }, headers: SOON } },
  "500": { answer: { status: 500, body: { message: "Server Error" } } },
  "502": {
    answer: { status: 502, body: "<html>Bad gateway</html>", headers: { "content-type": "text/html" } },
  },
  "a dropped connection": { drop: true },
  "a body that is cut off": { cutBody: true },
  "a slow answer": { delay: 700 },
};

const REQUESTS = {
  owner: { method: "GET", path: "^/users/acme$" },
  packages: { method: "GET", path: "^/orgs/acme/packages\\?" },
  versions: { method: "GET", path: "/container/app/versions\\?" },
  page2: { method: "GET", path: "/container/bulk/versions\\?.*\\bpage=2" },
  version: { method: "GET", path: "/container/web/versions/\\d+$" },
  deletion: { method: "DELETE", path: "/container/app/versions/" },
} as const;

/** A version of web is gone when its deletion comes, so that GitHub is asked for it. */
const GONE: Fault = {
  match: { method: "DELETE", path: "/container/web/versions/" },
  processed: true,
  answer: { status: 404, body: { message: "Package not found." } },
};

/** A package of two pages; its oldest version goes. */
function bulk(): PackageData {
  const versions = Array.from({ length: 105 }, (_, at) =>
    versionOf(imageManifest(`bulk ${at}`), {
      id: 1_000 + at,
      tags: [at === 0 ? "pr-1" : `v${at}`],
      createdAt: daysAgo(200 - at),
    }),
  );
  return { owner: "acme", type: "container", name: "bulk", versions };
}

const packages = (): PackageData[] => [imagesOf("app", 1), imagesOf("web", 11)];

const ALL_DONE = { app: [1, 2], web: [11, 12] };

function left({ emulator }: FaultRun): Record<string, number[]> {
  return { app: emulator.activeIds("app"), web: emulator.activeIds("web") };
}

const starts: (() => Promise<void>)[] = [];

/** The runs of all groups start together, since they wait most of the time. */
function atStart(start: () => Promise<void>): void {
  starts.push(start);
}

beforeAll(async () => {
  await Promise.all(starts.map((start) => start()));
}, 90_000);

describe("a run in which each kind of request fails once", () => {
  const runs = new Map<string, FaultRun>();

  atStart(async () => {
    await concurrently(
      Object.entries(PASSING),
      async ([name, trouble]) => {
        // The listing of app comes again before its deletions; its first request is answered by this fault, and the one after it is not.
        const again = { match: { ...REQUESTS.versions, nth: 2 }, ...trouble };
        const faults = Object.values(REQUESTS).map((match): Fault => ({ match, ...trouble }));
        runs.set(name, await runInTrouble([...packages(), bulk()], [GONE, ...faults, again]));
      },
      Object.keys(PASSING).length,
    );
  });

  it.each(Object.keys(PASSING))("with %s completes, as if nothing had been", (name) => {
    const done = runs.get(name) as FaultRun;
    const { result } = done;
    expect(left(done)).toEqual(ALL_DONE);
    expect(done.emulator.activeIds("bulk")).toHaveLength(104);
    expect(result.exitCode).toBe(0);
    expect(result.annotations).toEqual({ errors: [], warnings: [], notices: [] });
    expect(result.outputs).toMatchObject({ status: "complete", "planned-count": "7", "deleted-count": "7" });
    expectSound(done);
  });

  it.each(Object.keys(PASSING))("with %s has sent each of them again, or waited", (name) => {
    const { emulator } = runs.get(name) as FaultRun;
    const times = (match: { method: string; path: string }) =>
      emulator.requests.filter(
        ({ method, path }) => method === match.method && new RegExp(match.path).test(path),
      ).length;
    const isCut = name === "a body that is cut off";
    const more = name === "a slow answer" ? 0 : 1;
    expect({
      owner: times(REQUESTS.owner),
      packages: times(REQUESTS.packages),
      versions: times(REQUESTS.versions),
      page2: times(REQUESTS.page2),
      version: times(REQUESTS.version),
      deletion: times(REQUESTS.deletion),
    }).toEqual({
      owner: 1 + more,
      packages: 1 + more,
      // To plan, right before the deletions, and at their end those that are there and those that are deleted.
      versions: 4 + 2 * more,
      page2: 3 + more,
      version: 1 + more,
      // The answer to a deletion has no body that could be cut off.
      deletion: isCut ? 3 : 3 + more,
    });
  });
});

interface Refusal {
  readonly request: string;
  readonly match: NonNullable<Fault["match"]>;
  readonly status: 401 | 403 | 404;
  readonly says: string;
  readonly faults?: readonly Fault[];
}

const WORDS = {
  401: "GitHub answered 401: Bad credentials",
  403: "GitHub answered 403: Resource not accessible by integration",
  404: "GitHub answered 404: Not Found",
} as const;

const VALID = "The token is not valid (expired, revoked or mistyped): check the input token.";
const READS = "it needs read:packages.";
const DELETES = "it needs read:packages and delete:packages";
const CANNOT_LIST = "Cannot list the versions of the container package acme";

/** The run as a whole fails: it cannot even know what there is. */
const OF_THE_RUN: readonly Refusal[] = [
  { request: "the owner", match: REQUESTS.owner, status: 401, says: `owner "acme": ${WORDS[401]}. ${VALID}` },
  { request: "the owner", match: REQUESTS.owner, status: 403, says: `owner "acme": ${WORDS[403]}.` },
  {
    request: "the owner",
    match: REQUESTS.owner,
    status: 404,
    says: 'There is no user or organization "acme": check the input owner.',
  },
  { request: "the packages", match: REQUESTS.packages, status: 401, says: `${WORDS[401]}. ${VALID}` },
  {
    request: "the packages",
    match: REQUESTS.packages,
    status: 403,
    says: `${WORDS[403]}. GITHUB_TOKEN cannot list packages`,
  },
  {
    request: "the packages",
    match: REQUESTS.packages,
    status: 404,
    says: `${WORDS[404]}. GITHUB_TOKEN cannot list packages`,
  },
];

const second = { ...REQUESTS.versions, nth: 2 };

/** One package fails, before anything of it is deleted. */
const OF_THE_LISTING: readonly Refusal[] = [
  {
    request: "the versions",
    match: REQUESTS.versions,
    status: 401,
    says: `${CANNOT_LIST}/app: ${WORDS[401]}. ${VALID}`,
  },
  { request: "the versions", match: REQUESTS.versions, status: 403, says: READS },
  {
    request: "the versions",
    match: REQUESTS.versions,
    status: 404,
    says: "Check the name and the package-type.",
  },
  { request: "the second look", match: second, status: 401, says: VALID },
  { request: "the second look", match: second, status: 403, says: READS },
  { request: "the second look", match: second, status: 404, says: "Check the name and the package-type." },
];

const notThere: Fault = { ...GONE, match: { ...REQUESTS.deletion }, processed: false };
const version = { method: "GET", path: "/container/app/versions/\\d+$" };

/** One package fails at its first deletion. */
const OF_THE_DELETION: readonly Refusal[] = [
  { request: "the deletion", match: REQUESTS.deletion, status: 401, says: `${WORDS[401]}. ${VALID}` },
  { request: "the deletion", match: REQUESTS.deletion, status: 403, says: DELETES },
  { request: "the deletion", match: REQUESTS.deletion, status: 404, says: DELETES },
  { request: "the version", match: version, status: 401, says: VALID, faults: [notThere] },
  { request: "the version", match: version, status: 403, says: READS, faults: [notThere] },
];

function refuse({ match, status }: Refusal): Fault {
  const message = WORDS[status].slice("GitHub answered 401: ".length);
  return { match: { ...match, count: "always" }, answer: { status, body: { message } } };
}

describe("a refusal", () => {
  const all = [...OF_THE_RUN, ...OF_THE_LISTING, ...OF_THE_DELETION];
  const runs = new Map<Refusal, FaultRun>();
  const done = (refusal: Refusal) => runs.get(refusal) as FaultRun;

  atStart(async () => {
    await concurrently(all, async (refusal) => {
      runs.set(refusal, await runInTrouble(packages(), [refuse(refusal), ...(refusal.faults ?? [])]));
    });
  });

  it.each(all)(
    "of $request with $status fails the step with one message, and every count is right",
    (refusal) => {
      const { result } = done(refusal);
      expect(result.exitCode).toBe(1);
      expect(result.outputs.status).toBe("failed");
      expect(result.annotations.errors).toEqual([expect.stringContaining(refusal.says)]);
      expectSound(done(refusal));
    },
  );

  it.each(OF_THE_RUN)("of $request with $status ends the run before anything is deleted", (refusal) => {
    expect(left(done(refusal))).toEqual({ app: [1, 2, 3, 4, 5], web: [11, 12, 13, 14, 15] });
    expect(done(refusal).result.report).toMatchObject({ status: "failed", packages: [] });
  });

  it.each([...OF_THE_LISTING, ...OF_THE_DELETION])(
    "of $request with $status does not stop the other package",
    (refusal) => {
      expect(left(done(refusal))).toEqual({ app: [1, 2, 3, 4, 5], web: [11, 12] });
      expect(packageOf(done(refusal), "web")).toMatchObject({ status: "complete", counts: { deleted: 3 } });
      expect(packageOf(done(refusal), "app")).toMatchObject({ status: "failed" });
    },
  );

  it.each(OF_THE_LISTING.filter(({ match }) => match === second))(
    "of $request with $status leaves all that was planned",
    (refusal) => {
      expect(packageOf(done(refusal), "app")?.counts).toEqual({ kept: 2, planned: 3, remaining: 3 });
    },
  );

  it.each(OF_THE_DELETION)("of $request with $status is not tried with another version", (refusal) => {
    expect(packageOf(done(refusal), "app")?.counts).toEqual({ kept: 2, planned: 3, failed: 1, remaining: 2 });
    const deletions = done(refusal).result.sent.filter((line) => /^DELETE .*\/app\//.test(line));
    expect(deletions).toHaveLength(1);
  });
});

describe("a deletion that GitHub carries out without saying so", () => {
  const PROCESSED: Readonly<Record<string, Trouble>> = {
    "500": { processed: true, answer: { status: 500, body: { message: "Server Error" } } },
    "a dropped connection": { processed: true, drop: true },
  };

  it.each(Object.entries(PROCESSED))("(%s) is a deletion", async (_, trouble) => {
    const done = await runInTrouble(packages(), [{ match: { ...REQUESTS.deletion, count: 1 }, ...trouble }]);
    expect(done.result.exitCode).toBe(0);
    expect(packageOf(done, "app")?.counts).toEqual({ kept: 2, planned: 3, deleted: 3 });
    expect(left(done)).toEqual(ALL_DONE);
    expectSound(done);
  });
});

describe("trouble that does not end", () => {
  const always = (match: NonNullable<Fault["match"]>, trouble: Trouble): Fault => ({
    match: { ...match, count: "always" },
    ...trouble,
  });
  const trouble = (name: string) => PASSING[name] as Trouble;
  const NOTHING_DELETED = { app: [1, 2, 3, 4, 5], web: [11, 12, 13, 14, 15] };
  const APP_STAYS = { ...NOTHING_DELETED, web: [11, 12] };
  const LATER = "Run the action again later.";
  const SLOWER =
    "GitHub keeps asking to slow down: run the action again later, or with a lower `deletes-per-minute`.";
  const cases = {
    "the owner: 502": {
      faults: [always(REQUESTS.owner, trouble("502"))],
      left: NOTHING_DELETED,
      says: LATER,
    },
    "the packages: a dropped connection": {
      faults: [always(REQUESTS.packages, trouble("a dropped connection"))],
      left: NOTHING_DELETED,
      says: LATER,
    },
    "the versions: a body that is cut off": {
      faults: [always(REQUESTS.versions, trouble("a body that is cut off"))],
      left: APP_STAYS,
      says: LATER,
    },
    "the versions: 429": {
      faults: [always(REQUESTS.versions, trouble("429 with retry-after"))],
      left: APP_STAYS,
      says: SLOWER,
    },
    "the second look: 500": { faults: [always(second, trouble("500"))], left: APP_STAYS, says: LATER },
    "the version: 502": { faults: [notThere, always(version, trouble("502"))], left: APP_STAYS, says: LATER },
    "the deletion: a secondary limit": {
      faults: [always(REQUESTS.deletion, trouble("a secondary limit"))],
      left: APP_STAYS,
      says: SLOWER,
    },
    "the deletion: a dropped connection": {
      faults: [always(REQUESTS.deletion, trouble("a dropped connection"))],
      left: APP_STAYS,
      says: LATER,
    },
  };
  const runs = new Map<string, FaultRun>();

  atStart(async () => {
    // They wait for retries nearly all of the time.
    const work = async ([name, { faults }]: (typeof entries)[number]) =>
      void runs.set(name, await runInTrouble(packages(), faults));
    const entries = Object.entries(cases);
    await concurrently(entries, work, entries.length);
  });

  it.each(Object.entries(cases))(
    "(%s) ends the work with the way out, and nothing is lost",
    (name, wanted) => {
      const done = runs.get(name) as FaultRun;
      expect(left(done)).toEqual(wanted.left);
      expect(done.result.exitCode).toBe(1);
      expect(done.result.outputs.status).toBe("failed");
      expect(done.result.annotations.errors).toEqual([expect.stringContaining(wanted.says)]);
      expectSound(done);
    },
  );

  it("stops a package whose deletions all fail, and not after hours", async () => {
    const orphans = Array.from({ length: 30 }, (_, at) =>
      versionOf(imageManifest(`orphan ${at}`), {
        id: 100 + at,
        tags: [`pr-${at}`],
        createdAt: daysAgo(90 - at),
      }),
    );
    const app = imagesOf("app", 1);
    const answer = { status: 422, body: { message: "Validation Failed" } };
    const broken = { ...app, versions: [...(app.versions ?? []), ...orphans] };
    const done = await runInTrouble([broken, imagesOf("web", 11)], [always(REQUESTS.deletion, { answer })]);
    expect(packageOf(done, "app")?.counts).toMatchObject({ planned: 33, failed: 20, remaining: 13 });
    expect(done.result.annotations.errors).toEqual([
      expect.stringContaining(
        "20 deletions in a row failed, and no more were tried. The last: Cannot delete version",
      ),
    ]);
    expect(packageOf(done, "web")).toMatchObject({ status: "complete" });
    expectSound(done);
  });
});
