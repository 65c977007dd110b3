import type { EmulatorData } from "../../emulator/data";
import { type Emulator, startEmulator } from "../../emulator/server";
import { createGitHub } from "../../src/github/github";
import { resolveAccount } from "../../src/github/owner";
import { createPackages } from "../../src/github/packages";
import { createRepository } from "../../src/github/repository";
import type { Log } from "../../src/net/log";
import { createRegistry } from "../../src/registry/registry";
import type { RunContext } from "../../src/run/run-context";
import { PAT, world } from "./acme";
import { virtualClock } from "./virtual-clock";

export interface LocalRun {
  readonly emulator: Emulator;
  readonly log?: Partial<Log>;
  readonly owner?: string;
  readonly token?: string;
}

/** An emulator with this of the world of `acme`. */
export function startAcme(data: Partial<EmulatorData>): Promise<Emulator> {
  return startEmulator(world([], data));
}

/** What a run of the action is given, in this process, with an emulator for GitHub and a clock that jumps over waits. */
export async function localContext({
  emulator,
  log = {},
  owner = "acme",
  token = PAT.token,
}: LocalRun): Promise<RunContext> {
  const quiet: Log = { debug: () => {}, info: () => {}, warning: () => {}, ...log };
  const clock = virtualClock();
  const shared = { token, log: quiet, clock };
  const pace = { deletesPerMinute: 100_000, rateLimitReserve: 100 };
  const github = createGitHub({ ...shared, ...pace, baseUrl: emulator.url });
  return {
    github,
    packages: createPackages(github, await resolveAccount(github, owner), "https://github.com"),
    repositories: (fullName) => createRepository(github, fullName),
    workflowRepository: "acme/app",
    registry: createRegistry({ ...shared, url: emulator.registryUrl }),
    log: quiet,
    now: Date.now(),
    clock: clock.now,
    isDryRun: false,
    stopReason: () => undefined,
    inUseFiles: new Map(),
    pause: (milliseconds) => clock.sleep(milliseconds),
  };
}
