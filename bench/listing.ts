import { startEmulator } from "../emulator/server";
import { createGitHub } from "../src/github/github";
import { createPackages } from "../src/github/packages";
import type { Bench } from "./bench";
import { startReplay } from "./replay";
import { npmVersions, OWNER, TOKEN, world } from "./world";

const VERSIONS = 10_000;
const LATENCY_MS = 100;
const SILENT = { debug() {}, info() {}, warning() {} };

export const listingBench: Bench = {
  name: "listing",
  about: `listing ${VERSIONS} versions with an API that takes ${LATENCY_MS} ms to answer`,
  async *run() {
    const emulator = await startEmulator(world(npmVersions(VERSIONS, (index) => `1.0.${index}`)));
    const replay = await startReplay(emulator.url, LATENCY_MS);
    try {
      // The first time, the emulator works out the pages.
      await listAsTheAction(replay.url);
      await listPageByPage(replay.url);
      const ours = await timed(() => listAsTheAction(replay.url));
      const pageByPage = await timed(() => listPageByPage(replay.url));
      const measured = pageByPage / ours;
      const note = `${Math.round(ours)} ms against ${Math.round(pageByPage)} ms`;
      yield { what: "faster than page by page", measured, goal: 5, good: "at least", unit: "times", note };
    } finally {
      await replay.close();
      await emulator.close();
    }
  },
};

async function timed(list: () => Promise<number>): Promise<number> {
  const start = performance.now();
  const count = await list();
  if (count !== VERSIONS) throw new Error(`${count} of ${VERSIONS} versions were listed`);
  return performance.now() - start;
}

async function listAsTheAction(baseUrl: string): Promise<number> {
  const github = createGitHub({
    token: TOKEN,
    baseUrl,
    deletesPerMinute: 170,
    rateLimitReserve: 100,
    log: SILENT,
  });
  const packages = createPackages(github, { login: OWNER, kind: "org" }, "https://github.com");
  return (await packages.of({ type: "npm", name: "app" }).list("active")).length;
}

async function listPageByPage(baseUrl: string): Promise<number> {
  let count = 0;
  for (let page = 1; ; page++) {
    const url = `${baseUrl}/orgs/${OWNER}/packages/npm/app/versions?per_page=100&page=${page}`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${TOKEN}` } });
    count += ((await response.json()) as unknown[]).length;
    if (!/rel="next"/.test(response.headers.get("link") ?? "")) return count;
  }
}
