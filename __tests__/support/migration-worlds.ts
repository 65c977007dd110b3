import type { PackageData, VersionData } from "../../emulator/data";
import {
  cosignManifest,
  cosignTag,
  imageManifest,
  multiArch,
  type VersionDetails,
  versionOf,
} from "../../emulator/images";

/** The packages that docs/migration.md is tried on. */
export type WorldName = "images" | "broken" | "signed" | "npm";

/** A package, and what its untagged versions are called. */
export interface MigrationWorld {
  readonly pkg: PackageData;
  readonly names: ReadonlyMap<number, string>;
}

export function migrationWorld(name: WorldName): MigrationWorld {
  const entries = WORLDS[name]();
  return {
    pkg: {
      owner: "acme",
      type: name === "npm" ? "npm" : "container",
      name: "app",
      repository: "acme/app",
      versions: entries.map(({ version }) => version),
    },
    names: new Map(entries.map(({ version, name: called }) => [version.id ?? 0, called])),
  };
}

/** What is left: tags joined by `+`, or what the version is called without any; in the order of their ids. */
export function leftOf(
  { names }: MigrationWorld,
  versions: readonly { readonly id: number; readonly name: string; readonly tags?: readonly string[] }[],
): string {
  return [...versions]
    .sort((a, b) => a.id - b.id)
    .map(({ id, tags = [] }) =>
      tags.length > 0 && !isSignature(tags) ? [...tags].sort().join("+") : names.get(id),
    )
    .join(" ");
}

interface Entry {
  readonly name: string;
  readonly version: VersionData;
}

const WORLDS: Readonly<Record<WorldName, () => Entry[]>> = {
  images: () => [
    image(1, ["1.0.0"], "40d"),
    image(2, ["1.1.0", "latest"], "5d"),
    image(3, ["pr-1"], "30d"),
    image(4, ["pr-2"], "20d"),
    image(5, ["pr-3"], "3d"),
    image(6, ["pr-4", "keep"], "31d"),
    image(7, ["dev-1"], "400d"),
    image(8, ["dev-2"], "50d"),
    ...platforms(["edge", "amd64", "arm64"], 9, "15d"),
    image(12, [], "60d", "untagged-60d"),
    image(13, [], "30d", "untagged-30d"),
    image(14, [], "1h", "untagged-1h"),
  ],
  broken: () => [
    ...platforms(["whole", "whole-amd64", "whole-arm64"], 1, "20d"),
    ...platforms(["ghost", "ghost-amd64", "ghost-arm64"], 4, "20d").slice(0, 1),
    ...platforms(["partial", "partial-amd64", "partial-arm64"], 7, "20d").slice(0, 2),
    image(10, [], "20d", "untagged"),
  ],
  signed: () => {
    const [signed, gone] = [imageManifest("signed"), imageManifest("gone")];
    const details = { createdAt: "20d ago" };
    return [
      { name: "1.0.0", version: versionOf(signed, { ...details, id: 1, tags: ["1.0.0"] }) },
      {
        name: "signature",
        version: versionOf(cosignManifest(signed), { ...details, id: 2, tags: [cosignTag(signed)] }),
      },
      {
        name: "orphan",
        version: versionOf(cosignManifest(gone), { ...details, id: 3, tags: [cosignTag(gone)] }),
      },
      image(4, [], "20d", "untagged"),
    ];
  },
  npm: () =>
    ["1.0.0", "1.1.0", "1.2.0-rc.1", "1.2.0", "2.0.0-beta.1", "2.0.0"].map((name, place) => ({
      name,
      version: { id: place + 1, name, createdAt: `${90 - 10 * place}d ago` },
    })),
};

function image(id: number, tags: string[], age: string, name = tags.join("+")): Entry {
  return { name, version: versionOf(imageManifest(`image ${id}`), { id, tags, createdAt: `${age} ago` }) };
}

/** An index with the tag of the first name, then its two platforms. */
function platforms([tag = "", ...names]: readonly string[], id: number, age: string): Entry[] {
  const details: VersionDetails = { createdAt: `${age} ago` };
  const { index, images } = multiArch(tag, details, { attestations: false });
  return [
    { name: tag, version: versionOf(index, { ...details, id, tags: [tag] }) },
    ...images.map((one, place) => ({
      name: names[place] ?? "",
      version: versionOf(one, { ...details, id: id + 1 + place }),
    })),
  ];
}

function isSignature(tags: readonly string[]): boolean {
  return tags.every((tag) => tag.startsWith("sha256-"));
}
