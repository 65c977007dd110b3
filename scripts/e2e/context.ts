import { appendFileSync } from "node:fs";

/** Where everything is and who asks: all of it from the environment, so that the steps run against any GitHub. */
export interface Context {
  readonly apiUrl: string;
  readonly registryUrl: string;
  readonly npmUrl: string;
  readonly serverUrl: string;
  readonly token: string;
  /** `owner/name` of the repository whose workflow runs. */
  readonly repository: string;
  readonly owner: string;
  /** The commit that runs. */
  readonly sha: string;
  /** What the names of this run's packages end in. */
  readonly run: string;
  /** A folder that all steps of a job share. */
  readonly temp: string;
  /** `docker`: buildx pushes, and skopeo pulls as well; `http`: the steps do both by themselves. */
  readonly clients: "docker" | "http";
  /** Seconds after which ghosts are looked at. */
  readonly waits: readonly number[];
}

/** What the registry is asked with. */
export type RegistryAccess = Pick<Context, "registryUrl" | "token">;

/** @throws Error that names each variable that is missing */
export function readContext(environment: NodeJS.ProcessEnv): Context {
  const missing: string[] = [];
  const read = (name: string) => {
    const value = environment[name];
    if (!value) missing.push(name);
    return value ?? "";
  };
  const repository = read("GITHUB_REPOSITORY");
  const context: Context = {
    apiUrl: read("GITHUB_API_URL"),
    serverUrl: read("GITHUB_SERVER_URL"),
    registryUrl: read("E2E_REGISTRY_URL"),
    npmUrl: read("E2E_NPM_URL"),
    token: read("GITHUB_TOKEN"),
    repository,
    owner: repository.split("/")[0] ?? "",
    sha: read("GITHUB_SHA"),
    run: read("E2E_RUN"),
    temp: read("RUNNER_TEMP"),
    clients: read("E2E_CLIENTS") === "docker" ? "docker" : "http",
    waits: read("E2E_WAITS").split(" ").map(Number),
  };
  if (missing.length > 0) throw new Error(`These variables are not set: ${missing.join(", ")}.`);
  return context;
}

/** The names of all that a run makes on GitHub. */
export interface Names {
  /** Container packages, below the name of the repository, so that a slash in a name is tested too. */
  readonly images: string;
  readonly last: string;
  readonly whole: string;
  readonly living: string;
  /** A package that is never there. */
  readonly none: string;
  /** The package that outlives the run. */
  readonly ghosts: string;
  /** An npm package, without its scope and with it. */
  readonly npm: string;
  readonly scopedNpm: string;
  readonly branch: string;
  readonly gitTag: string;
  readonly release: string;
}

export function namesOf({ repository, run }: Pick<Context, "repository" | "run">): Names {
  const [owner = "", name = ""] = repository.toLowerCase().split("/");
  const scratch = `e2e-${run}`;
  return {
    images: `${name}/${scratch}`,
    last: `${name}/${scratch}-last`,
    whole: `${name}/${scratch}-whole`,
    living: `${name}/${scratch}-living`,
    none: `${name}/${scratch}-none-such`,
    ghosts: `${name}/e2e-ghosts`,
    npm: scratch,
    scopedNpm: `@${owner}/${scratch}`,
    branch: `${scratch}-branch`,
    gitTag: `${scratch}-tag`,
    release: `${scratch}-release`,
  };
}

/** A repository of the registry: `owner/package`, in lower case. */
export function registryName({ owner }: Context, name: string): string {
  return `${owner.toLowerCase()}/${name}`;
}

/** Sets outputs of the step, each of one line. */
export function setOutputs(outputs: Readonly<Record<string, string>>): void {
  const file = process.env.GITHUB_OUTPUT;
  if (!file) return;
  for (const [name, value] of Object.entries(outputs)) appendFileSync(file, `${name}=${value}\n`);
}
