import type { EmulatorData, PackageData, VersionData } from "../emulator/data";
import {
  attestationOf,
  cosignManifest,
  cosignTag,
  type Image,
  imageManifest,
  indexOf,
  multiArch,
  versionOf,
} from "../emulator/images";

/** The token of a workflow in octo-org/app, with the Admin role on the packages of the organization. */
export const JOB_TOKEN = "demo-github-token";
/** octocat's own classic token. */
export const OCTOCAT_TOKEN = "demo-octocat-pat";

const DAY = 86_400_000;

/** Releases of the container package: tag, age in days, whether it was signed with cosign. */
const RELEASES: readonly (readonly [tag: string, days: number, signed: boolean])[] = [
  ["v1.0.0", 400, false],
  ["v1.0.1", 380, false],
  ["v1.1.0", 300, false],
  ["v1.1.1", 250, true],
  ["v1.2.0", 200, true],
  ["v2.0.0", 90, true],
  ["v2.0.1", 60, true],
];

const PULL_REQUESTS = [
  [101, 60],
  [107, 52],
  [118, 33],
  [126, 21],
  [131, 15],
  [140, 9],
  [142, 2],
] as const;

const OPEN_PULL_REQUESTS: readonly number[] = [126, 142];

const NIGHTLIES = 40;

/**
 * The demo's local GitHub: the organization octo-org with a container and an npm package, and the user octocat with a
 * package of their own.
 *
 * @param now epoch milliseconds; all ages count back from it
 */
export function demoData(now: number): EmulatorData {
  return {
    owners: [
      { login: "octo-org", type: "Organization", admins: ["octocat"] },
      { login: "octocat", type: "User" },
    ],
    tokens: [
      {
        kind: "github-token",
        token: JOB_TOKEN,
        repository: "octo-org/app",
        packages: "write",
        admin: ["app", "@octo-org/ui"],
      },
      {
        kind: "pat",
        token: OCTOCAT_TOKEN,
        login: "octocat",
        scopes: ["read:packages", "write:packages", "delete:packages"],
      },
    ],
    packages: [appPackage(now), uiPackage(), toolboxPackage()],
    repositories: [appRepository()],
    // As on an Enterprise Server, so that nobody waits for the pace that github.com asks for.
    limits: { primary: false, secondary: false },
  };
}

/** What lives in the repository of the packages: two pull requests are open, one of them for three weeks. */
function appRepository(): NonNullable<EmulatorData["repositories"]>[number] {
  const tags = [...RELEASES.map(([tag]) => tag), "v2.1.0"];
  return {
    fullName: "octo-org/app",
    pullRequests: PULL_REQUESTS.map(([number, days]) => ({
      number,
      state: OPEN_PULL_REQUESTS.includes(number) ? "open" : "closed",
      createdAt: `${days}d ago`,
    })),
    branches: ["main", "feature/login", "release/2.x"],
    tags,
    releases: tags.map((tag) => ({ tag })),
  };
}

function appPackage(now: number): PackageData {
  return {
    owner: "octo-org",
    type: "container",
    name: "app",
    repository: "octo-org/app",
    versions: [
      ...brokenRelease(),
      ...RELEASES.flatMap(([tag, days, signed]) => release([tag], days, signed)),
      ...formerLatest(),
      ...release(["v2.1.0", "latest"], 20, true),
      ...PULL_REQUESTS.flatMap(([number, days]) => pullRequest(number, days)),
      ...Array.from({ length: NIGHTLIES }, (_, index) => nightly(now, NIGHTLIES - index)),
    ],
  };
}

/** Two platforms, their provenance, the tagged index, and, for a signed one, its signature: six versions. */
function release(tags: readonly string[], days: number, signed: boolean): VersionData[] {
  const createdAt = `${days}d ago`;
  const { index, versions } = multiArch(`app ${tags[0]}`, { tags: [...tags], createdAt });
  return signed ? [...versions, signature(index, createdAt)] : versions;
}

/** A release whose image for linux/arm64 was lost long ago: pulls for that platform fail. */
function brokenRelease(): VersionData[] {
  const createdAt = "450d ago";
  const { images, index } = multiArch("app v0.9.0", { createdAt }, { attestations: false });
  return [
    ...images.slice(0, 1).map((image) => versionOf(image, { createdAt })),
    versionOf(index, { tags: ["v0.9.0"], createdAt }),
  ];
}

/** What `latest` was before v2.1.0 took the tag: an untagged index with its four parts. */
function formerLatest(): VersionData[] {
  return multiArch("app latest before v2.1.0", { createdAt: "28d ago" }).versions;
}

/** One platform with its provenance; signed, as each build of the pipeline. */
function pullRequest(number: number, days: number): VersionData[] {
  const createdAt = `${days}d ago`;
  const image = imageManifest(`app pr-${number}`, "linux/amd64");
  const attestation = attestationOf(image);
  const index = indexOf([image, attestation]);
  return [
    versionOf(image, { createdAt }),
    versionOf(attestation, { createdAt }),
    versionOf(index, { tags: [`pr-${number}`], createdAt }),
    signature(index, createdAt),
  ];
}

function nightly(now: number, days: number): VersionData {
  const date = new Date(now - days * DAY).toISOString().slice(0, 10).replaceAll("-", "");
  return versionOf(imageManifest(`app nightly ${days}`), {
    tags: [`nightly-${date}`],
    createdAt: `${days}d ago`,
  });
}

function signature(image: Image, createdAt: string): VersionData {
  return versionOf(cosignManifest(image), { tags: [cosignTag(image)], createdAt });
}

function uiPackage(): PackageData {
  const versions: readonly (readonly [name: string, days: number])[] = [
    ["1.0.0", 410],
    ["1.1.0", 350],
    ["1.2.0", 300],
    ["1.2.1", 290],
    ["2.0.0-beta.1", 130],
    ["2.0.0-beta.2", 120],
    ["2.0.0-rc.1", 110],
    ["2.0.0", 100],
    ["2.1.0-beta.1", 60],
    ["2.1.0", 45],
    ["2.2.0-beta.1", 20],
    ["2.2.0-beta.2", 12],
    ["2.2.0-beta.3", 3],
  ];
  return {
    owner: "octo-org",
    type: "npm",
    name: "@octo-org/ui",
    repository: "octo-org/app",
    versions: versions.map(([name, days]) => ({ name, createdAt: `${days}d ago` })),
  };
}

/** A private package of a user: only a token of that user sees it. */
function toolboxPackage(): PackageData {
  const builds = Array.from({ length: 8 }, (_, index) => 8 - index);
  return {
    owner: "octocat",
    type: "container",
    name: "toolbox",
    visibility: "private",
    versions: [
      ...builds.map((week) =>
        versionOf(imageManifest(`toolbox ${week}`), {
          tags: [`build-${60 - week}`],
          createdAt: `${7 * week}d ago`,
        }),
      ),
      versionOf(imageManifest("toolbox latest"), { tags: ["latest", "build-60"], createdAt: "1d ago" }),
    ],
  };
}
