import { startEmulator } from "../emulator/server";
import { createGitHub } from "../src/github/github";
import { createRepository } from "../src/github/repository";
import { type Living, livingLookup } from "../src/plan/living";
import { plan } from "../src/plan/plan";
import type { Bench } from "./bench";
import { benchPolicy } from "./policy";
import { NOW, plainImages } from "./versions";
import { OWNER, TOKEN, world } from "./world";

const VERSIONS = 20_000;
const BRANCHES = 5_000;
const GIT_TAGS = 20_000;
const PER_PAGE = 100;
const RUNS = 5;
const SILENT = { debug() {}, info() {}, warning() {} };

/** The same lines, with what lives and without. */
const linesWith = (pulls: string, tags: string, branches: string) => `
pr-*: {${pulls}within: 7d}
semver: {${tags}within: 1y}
"/(?<name>[a-z0-9]+)-[0-9a-f]{7}/": {${branches}last: 3, per: name}
rest: {${branches}within: 14d}
untagged: never
`;

export const livingBench: Bench = {
  name: "living",
  about: `${VERSIONS} versions, with ${BRANCHES} branches and ${GIT_TAGS} git tags of their repository`,
  async *run() {
    const plain = linesWith("", "", "");
    const asking = linesWith("while: pull-request, ", "while: [release, git-tag], ", "while: branch, ");
    const measured = bestOf(() => planOnce(asking, LIVING)) - bestOf(() => planOnce(plain, {}));
    yield { what: "planning takes longer by", measured, goal: 200, good: "at most", unit: "ms" };
    yield* requests();
  },
};

const branches = Array.from({ length: BRANCHES }, (_, index) => `feature/topic-${index}`);
const gitTags = Array.from(
  { length: GIT_TAGS },
  (_, index) => `app/v${index % 100}.${Math.floor(index / 100)}.0`,
);
const LIVING: Living = {
  pullRequests: { open: Array.from({ length: 500 }, (_, index) => index * 40), newest: VERSIONS },
  branches,
  releases: gitTags,
  gitTags,
};

const { versions, images } = plainImages(VERSIONS);

/** Milliseconds for a plan with what lives, from the lists on. */
function planOnce(keep: string, living: Living): number {
  const policy = benchPolicy(keep);
  const start = performance.now();
  const pkg = { type: "container", name: "app" } as const;
  const lookup = livingLookup(living);
  const planning = plan({ pkg, policy, versions, images, inUse: new Map(), now: NOW, living: lookup });
  if (planning.kind !== "plan") throw new Error("the registry should have nothing left to tell");
  return performance.now() - start;
}

function bestOf(run: () => number): number {
  return Math.min(...Array.from({ length: RUNS }, run));
}

async function* requests() {
  const fullName = `${OWNER}/app`;
  const emulator = await startEmulator({
    ...world([]),
    repositories: [{ fullName, visibility: "public", branches, tags: gitTags }],
    latency: { read: 50 },
  });
  try {
    const options = { token: TOKEN, deletesPerMinute: 170, rateLimitReserve: 0, log: SILENT };
    const repository = createRepository(createGitHub({ ...options, baseUrl: emulator.url }), fullName);
    const lists = await Promise.all([repository.branches(), repository.gitTags()]);
    const count = lists.reduce((sum, list) => sum + list.length, 0);
    if (count !== BRANCHES + GIT_TAGS) throw new Error(`${count} branches and git tags were listed`);
    const pages = (BRANCHES + GIT_TAGS) / PER_PAGE;
    yield {
      what: "requests",
      measured: emulator.requests.length,
      goal: pages,
      good: "at most",
      unit: "",
    } as const;
    const inFlight = Math.max(...emulator.requests.map((request) => request.inFlight));
    yield { what: "requests at a time", measured: inFlight, goal: 10, good: "at most", unit: "" } as const;
  } finally {
    await emulator.close();
  }
}
