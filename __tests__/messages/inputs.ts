import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readCommandLine } from "../../src/inputs/command-line";
import { NO_TOKEN } from "../../src/inputs/find-token";
import { LARGEST_FILE, readSafely } from "../../src/inputs/safe-file";
import { readSavedReport } from "../../src/inputs/saved-report";
import { readInUseFiles } from "../../src/inputs/workspace";
import { reportFileFaults } from "../../src/output/report-place";
import { formatProblem } from "../../src/policy/problem";
import { requireDryRun } from "../../src/prepare/reviewed-plan";
import { groupWarnings } from "../../src/report/warnings";
import {
  endedWith,
  failedReport,
  file,
  inputs,
  namedReport,
  names,
  policyFile,
  published,
  saved,
  savedReport,
  thrown,
  workspace,
} from "./bring-about";
import type { Message } from "./message";

function options(...args: string[]): string {
  return readCommandLine(args).problems.map(formatProblem).join("\n");
}

/** What is wrong in a policy file, in the inputs, in the workspace, and with what a run leaves behind. */
export const INPUTS: readonly Message[] = [
  {
    when: "a file that is no policy file",
    how: () => file("latest: always"),
    says: 'retention.yml:1:1: policies is missing: a policy file has "policies:" and below it a list of policies with packages and keep\nretention.yml:1:1: unknown key "latest": write one of timezone, policies',
  },
  {
    when: "a file without policies",
    how: () => file("timezone: UTC\npolicies: []"),
    says: 'retention.yml:2:11: policies takes a list with at least one policy: a policy file has "policies:" and below it a list of policies with packages and keep',
  },
  {
    when: "a policy that is no mapping",
    how: () => file("policies: [app]"),
    says: "retention.yml:1:12: this is not a policy: write a mapping with packages and keep",
  },
  {
    when: "a policy without keep",
    how: () => file("policies: [{packages: app}]"),
    says: 'retention.yml:1:12: keep is missing: a policy file has "policies:" and below it a list of policies with packages and keep',
  },
  {
    when: "lines of keep that YAML joins",
    how: () => file("policies:\n  - packages: app\n    keep: >\n      latest: always"),
    says: "retention.yml:3:11: YAML joins the lines below > into one: drop the >, so that each line of keep is read by itself",
  },
  {
    when: "a mistyped key",
    how: () => file("policies:\n  - package: app\n    keeps: {latest: always}"),
    says: 'retention.yml:2:5: unknown key "package", did you mean "packages"?\nretention.yml:3:5: unknown key "keeps", did you mean "keep"?',
  },
  {
    when: "a mistyped type",
    how: () => policyFile("    type: nmp"),
    says: 'retention.yml:4:11: unknown value "nmp", did you mean "npm"?',
  },
  {
    when: "a setting of the wrong type",
    how: () => policyFile('    min-keep: "3"'),
    says: "retention.yml:4:15: this is a text, and min-keep takes none: drop the quotes",
  },
  {
    when: "a setting that is a list",
    how: () => policyFile("    grace: [1d]"),
    says: "retention.yml:4:12: grace takes no list: write one value",
  },
  {
    when: "a setting without a value",
    how: () => policyFile("    max-delete:"),
    says: "retention.yml:4:5: max-delete has no value: write one, or leave the key out",
  },
  {
    when: "in-use-files of another type in a file",
    how: () => policyFile("    type: npm\n    in-use-files: a.yaml"),
    says: "retention.yml:5:5: in-use-files is for containers only, and the type is npm: remove it",
  },
  {
    when: "an empty token",
    how: () => inputs({ token: "" }),
    says: "token: the token is empty: is the secret that it is taken from set?",
  },
  {
    when: "a token with a line break in its middle",
    how: () => inputs({ token: "a\nsecret" }),
    says: "token: the token has a line break in its middle, or another character that cannot be sent: check the secret that it is taken from",
  },
  {
    when: "no owner",
    how: () => inputs({ packages: "app" }, { GITHUB_REPOSITORY: "" }),
    says: "owner: no owner is given and there is no repository to take it from: name one",
  },
  {
    when: "no package",
    how: () => inputs({ owner: "acme" }, { GITHUB_REPOSITORY: "" }),
    says: "packages: no package is given and there is no repository to take the name from: name one",
  },
  {
    when: "nothing that says what to keep",
    how: () => inputs({ keep: "" }),
    says: "keep: nothing says what to keep: give one of keep, policy-file and restore",
  },
  {
    when: "keep and restore",
    how: () => inputs({ restore: "v1" }),
    says: "restore: restore and keep exclude each other: give only one of them",
  },
  {
    when: "a policy file that is not there",
    how: () => inputs({ keep: "", "policy-file": "retention.yml", "package-type": "npm" }),
    says: "package-type: cannot be combined with policy-file: set it in the file\npolicy-file: cannot read retention.yml in <workspace>: check the path, and that the repository is checked out (<why>)",
  },
  {
    when: "a mistyped package-type",
    how: () => inputs({ "package-type": "containr" }),
    says: 'package-type: unknown value "containr", did you mean "container"?',
  },
  {
    when: "a boolean that is none",
    how: () => inputs({ "dry-run": "no" }),
    says: 'dry-run: "no" is not a boolean: write true or false',
  },
  {
    when: "a mistyped choice",
    how: () => inputs({ timestamp: "creatd", "delete-broken": "ghosts" }),
    says: 'timestamp: unknown value "creatd", did you mean "created"?\ndelete-broken: unknown value "ghosts", did you mean "ghost"?',
  },
  {
    when: "numbers that are none",
    how: () =>
      inputs({ "min-keep": "-1", "max-delete": "120%", "max-minutes": "0", "deletes-per-minute": "fast" }),
    says: 'max-minutes: "0" is not a number of minutes above 0: write 30 or 7.5\nmin-keep: "-1" is not a whole number of at least 0\nmax-delete: "120%" is not a percentage above 0% and up to 100%\ndeletes-per-minute: "fast" is not a whole number of at least 1',
  },
  {
    when: "a max-delete that is a word",
    how: () => inputs({ "max-delete": "ten" }),
    says: 'max-delete: "ten" is neither a whole number nor a percentage: write 100 or 10%',
  },
  {
    when: "a time zone that is none",
    how: () => inputs({ timezone: "Europe/Berlni" }),
    says: 'timezone: "Europe/Berlni" is not a known time zone: write an IANA name such as UTC or Europe/Berlin',
  },
  {
    when: "a grace without a unit",
    how: () => inputs({ grace: "1" }),
    says: 'grace: "1": 1 has no unit: write a duration such as 90m, 36h, 14d, 2w, 6mo, 1y or 1w 2d; 0 switches it off',
  },
  {
    when: "a glob in protect",
    how: () => inputs({ protect: "v1.*" }),
    says: 'protect: "v1.*": tags are literal here, for a glob write a line such as "v1.*: always"',
  },
  {
    when: "a digest in protect that was cut off",
    how: () => inputs({ protect: "sha256:0a1b2c" }),
    says: 'protect: "sha256:0a1b2c" is not a digest: write it in full',
  },
  {
    when: "an image in protect",
    how: () => inputs({ protect: "ghcr.io/acme/app:v1" }),
    says: 'protect: "ghcr.io/acme/app:v1" is not a digest, version id or tag: write one per line, a tag without the name of its image',
  },
  {
    when: "a repository without its owner",
    how: () => inputs({ repository: "app" }),
    says: 'repository: "app" is not a repository: write owner/name, such as octo-org/app',
  },
  {
    when: "only exclusions in packages",
    how: () => inputs({ packages: "!web" }),
    says: 'packages: only exclusions are listed, which select nothing: add what to select, "*" for all',
  },
  {
    when: "an address that is none",
    how: () => inputs({ "registry-url": "ghcr.io" }),
    says: 'registry-url: "ghcr.io" is not an address: write one such as https://ghcr.io',
  },
  {
    when: "in-use-files of another type",
    how: () => inputs({ "package-type": "npm", "in-use-files": "a.yaml" }),
    says: "in-use-files: in-use-files is for containers only, and package-type is npm: remove it",
  },
  {
    when: "a digest that is cut off",
    how: () => inputs({ keep: "", restore: "sha256:2c26b4" }),
    says: 'restore: "sha256:2c26b4" is not a digest: write it in full (sha256:…)',
  },
  {
    when: "plan-file with restore",
    how: () => inputs({ keep: "", restore: "v1", "plan-file": "report.json" }),
    says: "plan-file: plan-file says what may be deleted and cannot be combined with restore: to restore from a report, name it there",
  },
  {
    when: "a pace above GitHub's ceiling",
    how: () => inputs({ "deletes-per-minute": "500" }),
    says: "deletes-per-minute is 500, and GitHub documents a ceiling of 180: expect to be paused by rate limits.",
  },
  {
    when: "delete-empty-package with min-keep",
    how: () => inputs({ "delete-empty-package": "true" }),
    says: "delete-empty-package has no effect where min-keep is above 0: set min-keep to 0 if you mean it.",
  },
  {
    when: "in-use-files that match nothing",
    how: () => thrown(() => readInUseFiles(["deploy/*.yaml"], workspace, [workspace])),
    says: "in-use-files: deploy/*.yaml matches no file in <workspace>: check the glob, and that the workspace is checked out before this step.",
  },
  {
    when: "in-use-files that are huge",
    how: () => {
      writeFileSync(join(workspace, "dump.sql"), "");
      truncateSync(join(workspace, "dump.sql"), 1_000_000_000);
      return thrown(() => readInUseFiles(["*.sql"], workspace, [workspace]));
    },
    says: 'in-use-files: <workspace>/dump.sql cannot be read: it is larger than 17 MB; check the path, or exclude it with a glob that begins with "!".',
  },
  {
    when: "a report outside of the workspace",
    how: () => {
      const request = { workspace, places: [workspace], owner: "acme", input: "restore" } as const;
      return thrown(() => readSavedReport({ ...request, path: ".." }));
    },
    says: "restore: .. cannot be read in <workspace>: check the path, and that an earlier step downloaded the report (it is not in the workspace and not in RUNNER_TEMP, but at <temp>).",
  },
  {
    when: "a policy file that is a directory",
    how: () =>
      inputs({ keep: "", "policy-file": "folder" }, {}, () => {
        mkdirSync(join(workspace, "folder"), { recursive: true });
        return readSafely(join(workspace, "folder"), [workspace], 100);
      }),
    says: "policy-file: cannot read folder in <workspace>: check the path, and that the repository is checked out (it is a directory)",
  },
  {
    when: "a policy file that is huge",
    how: () =>
      inputs({ keep: "", "policy-file": "huge.yml" }, {}, () => {
        writeFileSync(join(workspace, "huge.yml"), "#".repeat(2_000_000));
        return readSafely(join(workspace, "huge.yml"), [workspace], LARGEST_FILE.policy);
      }),
    says: "policy-file: cannot read huge.yml in <workspace>: check the path, and that the repository is checked out (it is larger than 1 MB)",
  },
  {
    when: "in-use-files that only exclude",
    how: () => thrown(() => readInUseFiles(["!a.yaml"], workspace, [workspace])),
    says: "in-use-files: !a.yaml only exclude files: name the files that count.",
  },
  {
    when: "a report that is not there",
    how: () =>
      thrown(() => {
        const request = { workspace, places: [workspace], owner: "acme", input: "restore" } as const;
        return readSavedReport({ ...request, path: "nowhere.json" });
      }),
    says: "restore: nowhere.json cannot be read in <workspace>: check the path, and that an earlier step downloaded the report (<why>).",
  },
  {
    when: "a report that is not JSON",
    how: () => namedReport(""),
    says: "plan-file: report.json is not JSON (Unexpected end of JSON input): name the report-file of a run.",
  },
  {
    when: "a file that is no report",
    how: () => namedReport({}),
    says: "plan-file: report.json is not a report of this action: name its report-file.",
  },
  {
    when: "a report of another version",
    how: () => namedReport({ schemaVersion: 2 }),
    says: "plan-file: report.json has the schemaVersion 2, and this version of the action reads 1: use the version of the action that wrote it.",
  },
  {
    when: "a report that was changed",
    how: () => namedReport({ schemaVersion: 1, ...savedReport(), packages: [{ type: "npm" }] }),
    says: "plan-file: report.json is not a report of this action, or was changed (packages.0.name is missing, or is not of type string; packages.0.versions is missing, or is not of type array; packages.0.status is none of dry-run, complete, partial, failed, not-found): name the report-file of a run.",
  },
  {
    when: "a report of another owner",
    how: () => namedReport({ schemaVersion: 1, ...savedReport({ owner: "mona" }) }),
    says: "plan-file: report.json is about the packages of mona, and this run is about those of acme: check the input owner.",
  },
  {
    when: "a plan that was applied",
    how: () => thrown(() => requireDryRun({ ...savedReport(), dryRun: false }, "report.json")),
    says: "plan-file: report.json is the report of a run that was applied (<time>): name the report of a dry run.",
  },
  {
    when: "a report that cannot be written",
    how: () => {
      const report = { ...failedReport(), status: "complete", packages: [] } as const;
      writeFileSync(join(workspace, "file"), "");
      return published(report, join(workspace, "file", "report.json"));
    },
    says: "report-file: the report cannot be written to <workspace>/file/report.json, check the path: <why>",
  },
  {
    when: "mistyped options of the command line",
    how: () => options("--packges", "app", "-x"),
    says: '--packges: unknown option, did you mean "--packages"?\n-x: unknown option: use --help to list them',
  },
  {
    when: "arguments that belong to no option",
    how: () => options("app", "--keep"),
    says: "app: this belongs to no option: write --packages NAME, or quote a value that has spaces\n--keep: no value is given: write --keep VALUE",
  },
  {
    when: "a token as an option",
    how: () => options("--token", "secret"),
    says: "--token: a token on the command line would stand in the shell's history: set GITHUB_TOKEN or GH_TOKEN, or log in with `gh auth login`",
  },
  {
    when: "apply and dry-run",
    how: () => options("--apply", "--dry-run"),
    says: "--apply: --apply and --dry-run exclude each other: give only one of them",
  },
  {
    when: "no token on the command line",
    how: () => `token: ${NO_TOKEN}`,
    says: "token: there is no token: set GITHUB_TOKEN or GH_TOKEN, or log in with `gh auth login`",
  },
  {
    when: "a report that would overwrite what is restored from",
    how: async () => {
      writeFileSync(join(workspace, "deleted.json"), "{}");
      const restore = { kind: "restore", type: "npm", packages: names("app") } as const;
      const mode = { ...restore, entries: [{ kind: "report", path: "deleted.json" }] } as const;
      const faults = await reportFileFaults(join(workspace, "deleted.json"), { mode, workspace });
      return faults.map(formatProblem).join("\n");
    },
    says: "report-file: <workspace>/deleted.json is what restore names, and the report would overwrite it: name another file",
  },
  {
    when: "a report in place of a directory",
    how: async () => {
      mkdirSync(join(workspace, "reports"), { recursive: true });
      const mode = { kind: "restore", type: "npm", packages: names("app"), entries: [] } as const;
      const faults = await reportFileFaults(join(workspace, "reports"), { mode, workspace });
      return faults.map(formatProblem).join("\n");
    },
    says: "report-file: the report cannot be written to <workspace>/reports, check the path: something else than a file is there",
  },
  {
    when: "a run that nobody foresaw the end of",
    how: () => endedWith(new TypeError("x is not a function"), { ids: [7, 8], isWhole: false }),
    says: "The run on app ended before its report was made (x is not a function). It had deleted the versions 7, 8: to bring them back, give `restore` these ids.",
  },
  {
    when: "a whole package deleted in such a run",
    how: () => endedWith("x", { ids: [], isWhole: true }),
    says: 'The run on app ended before its report was made (x). It had deleted the package as a whole: to bring it back, give `restore` "*".',
  },
  {
    when: "versions that could not be deleted",
    how: () => published(failedReport(), join(workspace, "out.json")),
    says: "app: 1 version could not be deleted, the first because: Cannot delete version 1 of the npm package acme/app: GitHub answered 500: Server Error. Run the action again later.",
  },
  {
    when: "a file that is a list",
    how: () => file("- app"),
    says: 'retention.yml:1:1: this is not a policy file: a policy file has "policies:" and below it a list of policies with packages and keep',
  },
  {
    when: "a type that is a list",
    how: () => policyFile("    type: [npm]"),
    says: "retention.yml:4:11: type takes one word: write one of container, npm, maven, nuget, rubygems, docker",
  },
  {
    when: "packages that are a mapping",
    how: () => file("policies:\n  - packages: {app: 1}\n    keep: {latest: always}"),
    says: "retention.yml:2:5: packages takes a name, a glob, or a list of them",
  },
  {
    when: "a package that is a list",
    how: () => file("policies:\n  - packages: [[app]]\n    keep: {latest: always}"),
    says: "retention.yml:2:16: an item is one text: quote it, if it is a glob with {…} or […]",
  },
  {
    when: "a choice that is a number",
    how: () => policyFile("    in-use-files: 3"),
    says: "retention.yml:4:19: in-use-files takes no such value",
  },
  {
    when: "a time zone that is true",
    how: () => policyFile("    timezone: true"),
    says: 'retention.yml:4:15: "true" is not a known time zone: write an IANA name such as UTC or Europe/Berlin',
  },
  {
    when: "an empty list of packages",
    how: () => inputs({ packages: "[]" }),
    says: "packages: no package is listed: write names or globs",
  },
  {
    when: "a list in the list of packages",
    how: () => inputs({ packages: "[[app]]" }),
    says: "packages:1:2: an item is one text: quote it, if it is a glob with {…} or […]",
  },
  {
    when: "a restore without entries",
    how: () => inputs({ keep: "", restore: "# none" }),
    says: "restore: nothing is named: write a report, version ids, digests or tag globs",
  },
  {
    when: "a report without a field",
    how: () => namedReport({ schemaVersion: 1, generatedAt: "2026-11-01T00:00:00Z" }),
    says: "plan-file: report.json is not a report of this action, or was changed (dryRun is missing, or is not of type boolean; status is none of dry-run, complete, partial, failed; owner is missing, or is not of type string): name the report-file of a run.",
  },
  {
    when: "a report with an id that is none",
    how: () => {
      const counts = { kept: 0, planned: 1 };
      const packages = [
        { type: "npm", name: "app", status: "complete", counts, versions: [saved(-1)] },
      ] as const;
      return namedReport({ schemaVersion: 1, ...savedReport(), packages });
    },
    says: "plan-file: report.json is not a report of this action, or was changed (packages.0.versions.0.id is wrong): name the report-file of a run.",
  },
  {
    when: "a report with a date that is none",
    how: () => namedReport({ schemaVersion: 1, ...savedReport({ generatedAt: "yesterday" }) }),
    says: "plan-file: report.json is not a report of this action, or was changed (generatedAt is not a date): name the report-file of a run.",
  },
  {
    when: "a list of packages that is not indented",
    how: () => file("policies:\n  - packages:\n  - app\n"),
    says: "retention.yml:3:5: this list belongs to packages: indent it further than packages",
  },
  {
    when: "lines that are not indented",
    how: () => file("policies:\n  - packages: app\n    keep:\n    latest: always\n    rest: 3\n"),
    says: "retention.yml:4:5: this line belongs to keep: indent it and those below it further than keep",
  },
  {
    when: "a policy that is no list",
    how: () => file("policies:\n  packages: app\n  keep: {latest: always}\n"),
    says: 'retention.yml:2:3: policies takes a list: write "- " in front of the first key of each policy',
  },
  {
    when: "a policy that is not indented",
    how: () => file("policies:\npackages: app\nkeep: {latest: always}\n"),
    says: 'retention.yml:2:1: packages belongs to a policy: indent each policy below policies, with "- " in front of its first key',
  },
  {
    when: "a list without dashes",
    how: () => file("policies:\n  - packages:\n      app\n      web\n    keep: {latest: always}\n"),
    says: 'retention.yml:3:7: YAML reads these lines as one text: a list has "- " in front of each item, all at the same column',
  },
  {
    when: "a list with some dashes",
    how: () => inputs({ packages: "- app\nweb" }),
    says: 'packages:1:1: write "- " in front of every entry, all at the same column, or of none',
  },
  {
    when: "a count that looks like a time",
    how: () => inputs({ keep: "pr-*: 14d\nnightly-*: 14" }),
    says: 'keep:2:1: "nightly-*" keeps 14 versions (last: 14), beside 14d: write 14d if the time is meant',
  },
  {
    when: "a summary that cannot be written",
    how: () =>
      published(
        { ...failedReport(), status: "complete", packages: [] },
        join(workspace, "out.json"),
        join(workspace, "nowhere", "summary"),
      ),
    says: "summary: the summary cannot be written, check the path: <why>",
  },
  {
    when: "more than five warnings of one kind",
    how: () =>
      groupWarnings(
        Array.from({ length: 7 }, (_, at) => ({
          kind: "refused",
          message: `GitHub refused to delete app@1.0.${at}: contact GitHub support.`,
        })),
      )
        .map(({ text }) => text)
        .join("\n"),
    says: "GitHub refused to delete app@1.0.0: contact GitHub support.\nGitHub refused to delete app@1.0.1: contact GitHub support.\nGitHub refused to delete app@1.0.2: contact GitHub support.\nGitHub refused to delete app@1.0.3: contact GitHub support.\nGitHub refused to delete app@1.0.4: contact GitHub support.\n… and 2 more like this, all in the log.",
    onlyTells: true,
  },
  {
    when: "in-use-files with a policy file without containers",
    how: () =>
      inputs(
        { keep: "", "policy-file": "retention.yml", "in-use-files": "a.yaml" },
        {},
        "policies: [{packages: app, type: npm, keep: {semver: 3}}]",
      ),
    says: "in-use-files: in-use-files is for containers only, and no policy of retention.yml is: remove it",
  },
];
