import type { Emulator } from "../emulator/server";
import { activeVersions, type EmulatorState, type PackageState } from "../emulator/state";
import type { PackageReport } from "../src/report/report";
import { paint, say } from "./demo-screen";
import { pull } from "./pull-check";

/** How one tagged image was when it was pulled. */
export interface PulledImage {
  /** `octo-org/app:v1.2.3` */
  readonly name: string;
  readonly missing: readonly string[];
}

export type Pulls = readonly PulledImage[];

const WIDTH = 96;
const MOST_LINES = 4;
const BOOKKEEPING_TAG = /^sha256-[0-9a-f]{64}(\..+)?$/;

export function countVersions(one: PackageState): number {
  return one.deletedAt === undefined ? activeVersions(one).length : 0;
}

export function isBroken({ missing }: PulledImage): boolean {
  return missing.length > 0;
}

/** Pulls every tagged image of every container package, with all its platforms. */
export async function pullAll(emulator: Emulator): Promise<Pulls> {
  const pulls: PulledImage[] = [];
  for (const one of emulator.state.packages) {
    if (one.type !== "container" || one.deletedAt !== undefined) continue;
    const repository = `${one.owner}/${one.name}`;
    for (const tag of tagsOf(one)) {
      const { missing } = await pull(emulator, tokenFor(one, emulator.state), repository, tag);
      pulls.push({ name: `${repository}:${tag}`, missing });
    }
  }
  return pulls;
}

/** `Pulled 30 images with all their platforms: all are whole.` */
export function pullText(pulls: Pulls): string {
  const broken = pulls.filter(isBroken);
  const text = `Pulled ${pulls.length} images with all their platforms: `;
  if (broken.length === 0) return `${text}${paint("green", "all are whole.")}`;
  const names = broken.map(({ name, missing }) => `${name} (${missing.length} missing)`).join(", ");
  return `${text}${pulls.length - broken.length} are whole, ${paint("yellow", `broken: ${names}`)}.`;
}

/** How many versions a package still has, and which tags. */
export function showLeft(emulator: Emulator, owner: string, { type, name }: PackageReport): void {
  const one = emulator.state.packages.find(
    (each) => each.owner === owner && each.type === type && each.name === name,
  );
  if (!one) return;
  const labels =
    type === "container" || type === "docker" ? tagsOf(one) : activeVersions(one).map((each) => each.name);
  say(`    ${owner}/${name} has ${whatIsLeft(one, labels.length)}:`);
  const lines = wrapped(labels);
  for (const line of lines.slice(0, MOST_LINES)) say(`      ${line}`);
  if (lines.length > MOST_LINES) say("      …");
}

function whatIsLeft(one: PackageState, tags: number): string {
  const versions = `${countVersions(one)} versions`;
  return one.type === "container" ? `${versions} (images with ${tags} tags, and their parts)` : versions;
}

function tagsOf(one: PackageState): string[] {
  const versions = [...activeVersions(one)].sort((a, b) => b.createdAt - a.createdAt);
  return versions.flatMap(({ tags }) => tags).filter((tag) => !BOOKKEEPING_TAG.test(tag));
}

/** The owner's own token where there is one; otherwise any: a workflow's token has rights of its own. */
function tokenFor({ owner }: PackageState, { tokens }: EmulatorState): string {
  const own = tokens.find((token) => token.kind === "pat" && token.login === owner);
  return (own ?? tokens[0])?.token ?? "";
}

function wrapped(words: readonly string[]): string[] {
  const lines = [""];
  for (const word of words) {
    const line = lines.at(-1) ?? "";
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + word.length < WIDTH) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
