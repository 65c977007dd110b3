import type { EmulatorData } from "../../../emulator/data";
import { NPM_PATH } from "../../../emulator/npm-registry";
import { type Emulator, startEmulator } from "../../../emulator/server";
import type { Facts } from "../facts";
import { type JobResult, runWorkflow } from "./workflow";
import { readWorkflow } from "./workflow-file";

/** What the end-to-end workflow came to on a local GitHub. */
export interface LocalProof {
  readonly jobs: readonly JobResult[];
  readonly facts: Facts;
  /** The local GitHub, which has been closed: what is left there, and its requests. */
  readonly emulator: Emulator;
}

/** The repository of the run. A week ago another run was there, and yesterday one that broke. */
const REPOSITORY = "acme/app";
const GHOSTS = "app/e2e-ghosts";
const BROKEN = "app/e2e-7-1";

/** Runs .github/workflows/e2e.yml on a local GitHub: all jobs but the one that compares it with the real one. */
export async function proveLocally(): Promise<LocalProof> {
  const emulator = await startEmulator(data());
  try {
    const jobs = await runWorkflow({
      emulator,
      workflow: readWorkflow(".github/workflows/e2e.yml"),
      repository: REPOSITORY,
      admin: [GHOSTS, BROKEN],
      skippedJobs: ["compare"],
      env: {
        E2E_REGISTRY_URL: emulator.registryUrl,
        E2E_NPM_URL: `${emulator.registryUrl}${NPM_PATH}`,
        E2E_CLIENTS: "http",
        E2E_WAITS: "0 0 0",
        E2E_DELETES_PER_MINUTE: "100000",
      },
    });
    const { facts = "{}" } = jobs.find(({ id }) => id === "packages")?.outputs ?? {};
    return { jobs, facts: JSON.parse(facts || "{}") as Facts, emulator };
  } finally {
    await emulator.close();
  }
}

function data(): EmulatorData {
  const ids = [11, 12];
  const note = { annotations: { "package-retention.e2e.note": JSON.stringify(ids) } };
  const lastWeek = ids.map((id) => ({
    id,
    createdAt: "7d ago",
    deletedAt: "7d ago",
    tags: [`ghost-6-1-${id}`],
  }));
  return {
    owners: [{ login: "acme", type: "Organization" }],
    tokens: [],
    // So that the addresses of the API and of the registry are not the same.
    apiPath: "/api/v3",
    repositories: [{ fullName: REPOSITORY, branches: ["main", "e2e-7-1-branch"], tags: ["e2e-7-1-tag"] }],
    // The run takes minutes on GitHub, and seconds here.
    limits: { secondary: false },
    packages: [
      {
        owner: "acme",
        type: "container",
        name: GHOSTS,
        repository: REPOSITORY,
        versions: [
          ...lastWeek,
          { id: 13, createdAt: "7d ago", tags: ["week-6-1"], manifest: { schemaVersion: 2, ...note } },
          { id: 14, createdAt: "1d ago", tags: ["run-7-1"] },
        ],
      },
      {
        owner: "acme",
        type: "container",
        name: BROKEN,
        repository: REPOSITORY,
        versions: [{ id: 15, createdAt: "1d ago", tags: ["pr-1"] }],
      },
    ],
  };
}
