// Made of action.yml and package.json by `npm run inputs`.

/** One input of the action. */
export interface ActionInput {
  readonly name: string;
  readonly description: string;
  readonly default?: string;
}

export const VERSION = "0.1.0";

export const ACTION_INPUTS: readonly ActionInput[] = [
  {
    name: "token",
    description:
      "Token for the Packages API and the container registry. GITHUB_TOKEN needs `packages: write` and the Admin role on each package.",
  },
  {
    name: "owner",
    description: "User or organization that owns the packages. Default is the owner of the repository.",
  },
  {
    name: "package-type",
    description:
      "`container`, `npm`, `maven`, `nuget`, `rubygems` or `docker`. Default is `container`. Not together with `policy-file`.",
  },
  {
    name: "packages",
    description:
      "Names or globs of packages, one per line, comma-separated, or a YAML list; `!glob` excludes. Default is the name of the repository. Not together with `policy-file`.",
  },
  {
    name: "repository",
    description:
      "`owner/name` of the repository whose pull requests, branches, releases, tags and deployments count (`while`, `in-use-environments`). Default is the one that GitHub links to the package, else the workflow's.",
  },
  {
    name: "if-not-found",
    description:
      "What a named package that GitHub does not show is: `error`, or `warn` and left out. A missing right looks the same.",
    default: "error",
  },
  {
    name: "keep",
    description:
      "The policy, inline YAML; each line says what to keep. Exactly one of `keep`, `policy-file` and `restore` is given.",
  },
  {
    name: "policy-file",
    description: "Path of a policy file, for several packages with different needs.",
  },
  {
    name: "dry-run",
    description: "`true`: plan and report, delete nothing. Only `false` applies the plan.",
    default: "true",
  },
  {
    name: "timestamp",
    description: "What a version's time is. `updated`: the later of created and updated; `created`.",
    default: "updated",
  },
  {
    name: "timezone",
    description: "Time zone (IANA name) of the calendar words.",
    default: "UTC",
  },
  {
    name: "grace",
    description:
      "Untagged container versions younger than this are not deleted on their own; `0` switches it off.",
    default: "1d",
  },
  {
    name: "min-keep",
    description: "How many versions of each package always survive.",
    default: "1",
  },
  {
    name: "max-delete",
    description:
      "A number, or a percentage of the package's versions. A run that would delete more of a package deletes nothing of it, and the step fails; a dry run only warns.",
  },
  {
    name: "protect",
    description:
      "Digests, version ids and tags that are never deleted, one per line or comma-separated. Tags are literal; a number is both an id and a tag.",
  },
  {
    name: "in-use-files",
    description:
      "Globs of files, one per line, in the workspace or absolute in `RUNNER_TEMP`; what they mention is kept. Containers only.",
  },
  {
    name: "in-use-environments",
    description:
      "Names of the repository's deployment environments, one per line; what is deployed there is kept. Containers only. Needs `deployments: read`.",
  },
  {
    name: "delete-broken",
    description:
      "Also delete container images of which all (`ghost`) or any (`partial`) platform manifests are missing, whatever the lines say: `never`, `ghost` or `partial`.",
    default: "never",
  },
  {
    name: "delete-empty-package",
    description:
      "With `min-keep: 0`: delete a package of which nothing would be left as a whole, in one request.",
    default: "false",
  },
  {
    name: "untag",
    description:
      "Remove tags that every line claiming them lets go from container versions that stay. `restore` cannot undo it.",
    default: "false",
  },
  {
    name: "plan-file",
    description:
      "The report of an earlier dry run. Only what both it and the fresh plan delete is deleted; tags likewise.",
  },
  {
    name: "restore",
    description:
      "What to restore instead of deleting, one per line; a report (a path that ends in `.json`), version ids, digests, or tag globs (`*` also for a package that was deleted as a whole).",
  },
  {
    name: "deletes-per-minute",
    description: "Pace of the deletions. GitHub's documented ceiling is 180.",
    default: "170",
  },
  {
    name: "rate-limit-reserve",
    description: "Requests of the token's hourly limit that are left for others.",
    default: "100",
  },
  {
    name: "on-rate-limit",
    description:
      "When the hourly limit is used up, `stop` ends the step as `partial`; `wait` waits for the reset and goes on.",
    default: "stop",
  },
  {
    name: "max-minutes",
    description: "Start no new deletions after this time (fractions allowed).",
  },
  {
    name: "registry-url",
    description:
      "The container registry. Default is `https://ghcr.io`, or `containers.` and the server's host.",
  },
  {
    name: "report-file",
    description: "Where the report is written. Default is `package-retention-report.json` in `RUNNER_TEMP`.",
  },
];
