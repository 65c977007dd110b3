import { parseArgs } from "node:util";

export const HELP = `Runs the action against a local GitHub: first a dry run, then for real, then it restores everything.

  npm run demo
  npm run demo -- --keep "pr-*: 7d"              a policy of your own for the container package octo-org/app;
                                                 several --keep are several lines
  npm run demo -- --policy-file retention.yml    a policy file of your own (owner: octo-org)
  npm run demo -- --data data.json --keep "…"    packages of your own; emulator/README.md describes the file

  npm run demo -- --cli                          a session at the command line instead, as text

  --package NAME   with --data and --keep: which package (the first one unless given)
  --dry-run        only the dry run
  --apply          no dry run first
  --help           this text

Nothing leaves this machine, and nothing is kept: each run begins with the same packages.`;

/** What the demo is asked to show. */
export interface DemoOptions {
  /** Nothing but a session at the command line. */
  readonly isCommandLine: boolean;
  readonly keep?: string;
  readonly policyFile?: string;
  readonly data?: string;
  readonly package?: string;
  readonly showsPlan: boolean;
  readonly applies: boolean;
}

/** Reads the command line; `help` where the help is asked for. Throws an Error that says what to fix. */
export function readOptions(args: readonly string[]): DemoOptions | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      keep: { type: "string", multiple: true },
      "policy-file": { type: "string" },
      data: { type: "string" },
      package: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      apply: { type: "boolean", default: false },
      cli: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return "help";
  const { data, package: name, "policy-file": policyFile, "dry-run": dryRun, apply } = values;
  const keep = values.keep?.join("\n");
  if (keep !== undefined && policyFile !== undefined)
    throw new Error("--keep and --policy-file exclude each other.");
  if (data !== undefined && keep === undefined && policyFile === undefined)
    throw new Error("--data needs a policy for its packages: give --keep or --policy-file too.");
  if (name !== undefined && (data === undefined || keep === undefined))
    throw new Error("--package needs --data and --keep.");
  if (dryRun && apply)
    throw new Error("--dry-run and --apply exclude each other; without both, both are shown.");
  return {
    isCommandLine: values.cli,
    ...(keep === undefined ? {} : { keep }),
    ...(policyFile === undefined ? {} : { policyFile }),
    ...(data === undefined ? {} : { data }),
    ...(name === undefined ? {} : { package: name }),
    showsPlan: !apply,
    applies: !dryRun,
  };
}
