import { readFileSync } from "node:fs";
import * as z from "zod";
import { fullName, milliseconds, positive, time, visibility } from "./data-fields";
import { fault } from "./fault-data";
import { permissions, repository } from "./repository-data";

const owner = z.strictObject({
  login: z.string().min(1),
  type: z.enum(["Organization", "User"]),
  id: positive.optional(),
  /** Organization: logins that administer every package. Without it, everyone who has a PAT does. */
  admins: z.array(z.string()).optional(),
  /** Organization: logins that read every package. */
  members: z.array(z.string()).optional(),
});

const pat = z.strictObject({
  kind: z.literal("pat"),
  token: z.string().min(1),
  login: z.string().min(1),
  scopes: z.array(z.string()),
  /** Organizations with SAML SSO for which this token is not authorized. */
  ssoRequired: z.array(z.string()).optional(),
});

const githubToken = z.strictObject({
  kind: z.literal("github-token"),
  token: z.string().min(1),
  repository: fullName,
  packages: z.enum(["none", "read", "write"]),
  /** Names of the packages on which the repository has the Admin role. */
  admin: z.array(z.string()).optional(),
  permissions: permissions.optional(),
  /** What becomes of a user's private packages; without it they are reached below `/users/{name}` as public ones are. */
  privateUserPackages: z
    .strictObject({
      /** What `/users/{name}/packages/…` answers. */
      status: z.union([z.literal(403), z.literal(404)]),
      /** true: only what changes something is refused there. */
      reads: z.boolean().optional(),
      /** false: `/user/packages/…` does not help. */
      user: z.boolean().optional(),
    })
    .optional(),
});

/** Deleted versions that lists still show: for so long, for so many listings, or for ever. */
const ghosts = z.union([
  z.boolean(),
  z.strictObject({
    ms: positive.optional(),
    listings: positive.optional(),
    /** Whether GET of its id still shows it. */
    get: z.boolean().optional(),
    /** Whether the registry still has its manifest. */
    manifest: z.boolean().optional(),
  }),
]);

const version = z.strictObject({
  id: positive.optional(),
  name: z.string().optional(),
  tags: z.array(z.string()).optional(),
  createdAt: time,
  updatedAt: time.optional(),
  deletedAt: time.optional(),
  downloads: z.number().int().nonnegative().optional(),
  /** A JSON object, or the raw text of the manifest. */
  manifest: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
  /** What is said for the package, unless it is given. */
  ghost: ghosts.optional(),
  license: z.string().optional(),
  description: z.string().optional(),
});

const packageData = z.strictObject({
  id: positive.optional(),
  owner: z.string(),
  type: z.enum(["container", "npm", "maven", "nuget", "rubygems", "docker"]),
  name: z.string().min(1),
  visibility: visibility.optional(),
  repository: z.string().optional(),
  createdAt: time.optional(),
  updatedAt: time.optional(),
  deletedAt: time.optional(),
  ghosts: ghosts.optional(),
  versions: z.array(version),
});

const primary = z.strictObject({
  /** Requests in a window; without it 5,000 for a PAT, 1,000 for a GITHUB_TOKEN, 60 without a token. */
  limit: z.number().int().nonnegative().optional(),
  /** Requests that others have used up when the first one arrives. */
  used: z.number().int().nonnegative().optional(),
  windowSeconds: z.number().positive().optional(),
  /** How far `x-ratelimit-reset` is off, one answer too early, the next right, the next too late. */
  resetJitterSeconds: positive.optional(),
  status: z.union([z.literal(403), z.literal(429)]).optional(),
});

const secondary = z.strictObject({
  points: positive.optional(),
  windowSeconds: z.number().positive().optional(),
  concurrency: positive.optional(),
  /** Seconds of server time in a window: the sum of the latencies that the data give. false: no limit. */
  serverSeconds: z.union([z.literal(false), z.number().positive()]).optional(),
  retryAfterSeconds: z.number().int().nonnegative().optional(),
  /** Whether the answer says how long to wait. */
  retryAfterHeader: z.boolean().optional(),
  status: z.union([z.literal(403), z.literal(429)]).optional(),
});

const registry = z.strictObject({
  /** false: open to everyone, without the token dance. */
  challenge: z.boolean().optional(),
  tokenSeconds: z.number().nonnegative().optional(),
  /** Whether the referrers API is answered; ghcr.io has none, and answered in stranger ways. */
  referrers: z
    .union([
      z.boolean(),
      /** Redirects to this address, `http://host:port`. */
      z.strictObject({ redirect: z.url() }),
      z.strictObject({ status: z.literal(429) }),
    ])
    .optional(),
  /** false: manifests may be pushed whose blobs were never seen. */
  checkBlobs: z.boolean().optional(),
});

const emulatorData = z.strictObject({
  /** An editor's hint, ignored. */
  $schema: z.string().optional(),
  /** How far the emulator's clock is ahead of this machine's (negative: behind). */
  clockSkewMs: z.number().int().optional(),
  /** What relative times are relative to; without it the start of the emulator. */
  now: time.optional(),
  owners: z.array(owner),
  tokens: z.array(z.discriminatedUnion("kind", [pat, githubToken])),
  packages: z.array(packageData),
  repositories: z.array(repository).optional(),
  /** Put before every API path: `/api/v3` as on GitHub Enterprise Server. */
  apiPath: z
    .string()
    .regex(/^(\/[\w.-]+)*$/, 'write it as "/api/v3"')
    .optional(),
  /** What `GET /packages/container-registry-url` says; true: this very registry. */
  containerRegistryUrl: z.union([z.literal(true), z.url()]).optional(),
  /** Where `html_url` points to. */
  webUrl: z.string().optional(),
  limits: z
    .strictObject({
      primary: z.union([z.literal(false), primary]).optional(),
      secondary: z.union([z.literal(false), secondary]).optional(),
      /** The registry's own, which counts each request as one point. */
      registry: secondary.optional(),
    })
    .optional(),
  latency: z
    .strictObject({
      read: milliseconds.optional(),
      write: milliseconds.optional(),
      registry: milliseconds.optional(),
    })
    .optional(),
  listing: z
    .strictObject({
      order: z.enum(["newest", "oldest", "shuffled"]).optional(),
      /** `Link` with `/organizations/{id}/…`, as github.com writes it at times. */
      organizationLinks: z.boolean().optional(),
      /** true: `state=deleted` lists what is there, as if it had not been asked for. */
      ignoreState: z.boolean().optional(),
      dockerTags: z.enum(["tag", "tags", "both"]).optional(),
    })
    .optional(),
  lag: z.union([z.strictObject({ ms: positive }), z.strictObject({ listings: positive })]).optional(),
  registry: registry.optional(),
  faults: z.array(fault).optional(),
});

/** What an emulator is started with; emulator/README.md describes each field. */
export type EmulatorData = z.input<typeof emulatorData>;
export type OwnerData = z.input<typeof owner>;
export type TokenData = z.input<typeof pat> | z.input<typeof githubToken>;
export type PackageData = z.input<typeof packageData>;
export type VersionData = z.input<typeof version>;
export type PrimaryLimit = z.input<typeof primary>;
export type SecondaryLimit = z.input<typeof secondary>;
export type Fault = z.input<typeof fault>;
export type Ghosts = z.input<typeof ghosts>;
export type Lag = NonNullable<EmulatorData["lag"]>;

/** Checks data of unknown shape. Throws one Error that lists every problem with its place (`packages[0].versions[2].createdAt`). */
export function parseData(value: unknown): EmulatorData {
  const result = emulatorData.safeParse(value);
  const problems = result.success ? crossCheck(result.data) : result.error.issues.map(issueText);
  if (problems.length > 0)
    throw new Error(`The emulator's data is not valid:\n${problems.map((p) => `- ${p}`).join("\n")}`);
  return value as EmulatorData;
}

/** Reads and checks a data file (JSON). Throws an Error that names the file. */
export function readDataFile(path: string | URL): EmulatorData {
  try {
    return parseData(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

function crossCheck(data: EmulatorData): string[] {
  const logins = new Set(data.owners.map((one) => one.login.toLowerCase()));
  const problems: string[] = [];
  for (const [index, one] of data.packages.entries()) {
    if (!logins.has(one.owner.toLowerCase()))
      problems.push(`packages[${index}].owner: "${one.owner}" is not among the owners`);
    for (const [at, entry] of one.versions.entries())
      if (one.type !== "container" && entry.name === undefined)
        problems.push(`packages[${index}].versions[${at}].name: required, as the package is no container`);
  }
  for (const [index, one] of (data.repositories ?? []).entries())
    if (!logins.has(one.fullName.split("/")[0]?.toLowerCase() ?? ""))
      problems.push(
        `repositories[${index}].fullName: the owner of "${one.fullName}" is not among the owners`,
      );
  for (const [index, token] of data.tokens.entries())
    if (token.kind === "pat" && !logins.has(token.login.toLowerCase()))
      problems.push(`tokens[${index}].login: "${token.login}" is not among the owners`);
  return problems;
}

function issueText(issue: z.core.$ZodIssue): string {
  const path = issue.path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return `${path.replace(/^\./, "") || "(top)"}: ${issue.message}`;
}
