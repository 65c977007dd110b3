import type { EmulatorData } from "../emulator/data";
import { imageManifest, versionOf } from "../emulator/images";
import { startEmulator } from "../emulator/server";
import { runCommandLine } from "./command-line";

/** What is typed, but for the program's name. */
const COMMANDS: readonly (readonly string[])[] = [
  ["--owner", "octo-org", "--packages", "app", "--keep", "latest: always", "--keep", "pr-*: {lst: 3}"],
  [
    ...["--owner", "octo-org", "--packages", "app"],
    ...[
      "--keep",
      "latest: always",
      "--keep",
      "v*: always",
      "--keep",
      "pr-*: 14d",
      "--keep",
      "untagged: never",
    ],
  ],
];

const PROGRAM = "npx github:package-retention/package-retention";
const WIDTH = 100;

const TAGS = [
  ["3d ago", "pr-9"],
  ["20d ago", "v1.1.0", "latest"],
  ["40d ago", "pr-7"],
  ["40d ago"],
  ["90d ago", "v1.0.0"],
  ["90d ago", "nightly"],
] as const;

/** A session at the command line on a local GitHub, as text: what is typed, and what is printed. */
export async function recordSession(): Promise<string> {
  const emulator = await startEmulator(data());
  try {
    const parts: string[] = [];
    for (const args of COMMANDS) {
      const { stdout, stderr, exitCode } = await runCommandLine({ emulator, args });
      const status = exitCode === 0 ? "" : `$ echo $?\n${exitCode}\n`;
      parts.push(`${typed(args)}\n${stdout}${stderr}${status}`);
    }
    return parts.join("\n");
  } finally {
    await emulator.close();
  }
}

function data(): EmulatorData {
  const versions = TAGS.map(([createdAt, ...tags], at) =>
    versionOf(imageManifest(`app ${at}`), { id: 100 - at, tags: [...tags], createdAt }),
  );
  return {
    owners: [
      { login: "octo-org", type: "Organization" },
      { login: "octocat", type: "User" },
    ],
    tokens: [
      { kind: "pat", token: "a-token", login: "octocat", scopes: ["write:packages", "delete:packages"] },
    ],
    packages: [{ owner: "octo-org", type: "container", name: "app", versions }],
  };
}

/** The command as a shell takes it, on lines that fit a page. */
function typed(args: readonly string[]): string {
  const words = args.map((arg) => (/^[\w./=-]+$/.test(arg) ? arg : `"${arg}"`));
  const lines = [`$ ${PROGRAM}`];
  for (let at = 0; at < words.length; ) {
    const takesValue = words[at + 1]?.startsWith("--") === false;
    const piece = words.slice(at, at + (takesValue ? 2 : 1)).join(" ");
    at += takesValue ? 2 : 1;
    const longer = `${lines.at(-1)} ${piece}`;
    if (longer.length + 2 > WIDTH) lines.push(`    ${piece}`);
    else lines[lines.length - 1] = longer;
  }
  return lines.join(" \\\n");
}
