// Made of action.yml and package.json by `npm run inputs`.

/** One input of the action. */
export interface ActionInput {
  readonly name: string;
  readonly description: string;
  readonly default?: string;
}

export const VERSION = "1.0.0";

export const ACTION_INPUTS: readonly ActionInput[] = [
  {
    name: "token",
    description:
      "Token for the Packages API and the container registry. GITHUB_TOKEN needs `packages: write`, and its repository the Admin role on each package.",
  },
  {
    name: "owner",
    description: "User or organization that owns the packages. Default: the owner of the repository.",
  },
  {
    name: "package-type",
    description:
      "`container`, `npm`, `maven`, `nuget`, `rubygems` or `docker`. Default: `container`. Not with `policy-file`.",
  },
  {
    name: "packages",
    description:
      "Names or globs of packages: one per line, comma-separated, or a YAML list. `!glob` excludes. Default: the name of the repository. Not with `policy-file`.",
  },
  {
    name: "repository",
    description:
      "`owner/name` of the repository that `while`, `only-while` and `in-use-environments` ask. Default: the one that GitHub links to the package, else the workflow's.",
  },
  {
    name: "if-not-found",
    description:
      "`error` or `warn`, if GitHub does not find a package that is named. A missing right looks the same.",
    default: "error",
  },
  {
    name: "keep",
    description:
      "The policy: YAML in which each line says what to keep. Give exactly one of `keep`, `policy-file` and `restore`.",
  },
  {
    name: "policy-file",
    description: "Path of a policy file, for several packages with different needs.",
  },
  {
    name: "dry-run",
    description: "`true`: plan and report, and delete nothing. Only `false` deletes.",
    default: "true",
  },
  {
    name: "timestamp",
    description:
      "The time of a version. `updated`: when it was created or updated, whichever is later. `created`: when it was created.",
    default: "updated",
  },
  {
    name: "timezone",
    description: "Time zone (IANA name) of `hourly`, `daily`, `weekly`, `monthly` and `yearly`.",
    default: "UTC",
  },
  {
    name: "grace",
    description:
      "Untagged container versions younger than this are deleted only with the image that they are a part of. `0` switches it off.",
    default: "1d",
  },
  {
    name: "min-keep",
    description: "Number of versions of each package that are kept in any case.",
    default: "1",
  },
  {
    name: "max-delete",
    description:
      "A number, or a percentage of the package's versions. If the plan would delete more of a package, nothing of it is deleted, and the step fails. A dry run only warns.",
  },
  {
    name: "protect",
    description:
      "Digests, version ids and tags that are kept in any case, one per line or comma-separated. Tags are literal; a number is both an id and a tag.",
  },
  {
    name: "in-use-files",
    description:
      "Globs of files, one per line, in the workspace or in `RUNNER_TEMP`. Container versions that they mention are kept.",
  },
  {
    name: "in-use-environments",
    description:
      "Names of deployment environments of the repository, one per line. Container versions that are deployed there are kept. Needs `deployments: read`.",
  },
  {
    name: "delete-broken",
    description:
      "`ghost` also deletes container images that lack all of their platforms, `partial` those that lack any, whatever the lines say. `never` does not.",
    default: "never",
  },
  {
    name: "delete-empty-package",
    description: "With `min-keep: 0`: if nothing of a package would be left, delete the package as a whole.",
    default: "false",
  },
  {
    name: "untag",
    description:
      "`true`: on kept container versions, remove tags that lines match and no line keeps. `restore` cannot bring them back.",
    default: "false",
  },
  {
    name: "plan-file",
    description:
      "The report of an earlier dry run. Only what both that plan and the new one delete is deleted.",
  },
  {
    name: "restore",
    description:
      "Restores instead of deleting. One per line: a report (a path that ends in `.json`), version ids, digests or tag globs; `*` also restores a package that was deleted as a whole.",
  },
  {
    name: "deletes-per-minute",
    description: "The most deletions a minute. GitHub allows 180.",
    default: "170",
  },
  {
    name: "rate-limit-reserve",
    description: "Number of the token's requests an hour that are left for others.",
    default: "100",
  },
  {
    name: "on-rate-limit",
    description:
      "If the token's requests of the hour are used up: `stop` ends the run as `partial`, `wait` waits for the next hour.",
    default: "stop",
  },
  {
    name: "max-minutes",
    description: "Start no new deletion after this many minutes (fractions allowed).",
  },
  {
    name: "sizes",
    description:
      "`true`: say how many bytes of layers and configs the plan frees. Reads every manifest of container packages.",
    default: "false",
  },
  {
    name: "registry-url",
    description:
      "Address of the container registry. Default: `https://ghcr.io`; on other servers the one that the server names, else `containers.` and its host.",
  },
  {
    name: "report-file",
    description:
      "Where to write the report. Default: `package-retention-report.json` in `RUNNER_TEMP`, or the next free name.",
  },
];
