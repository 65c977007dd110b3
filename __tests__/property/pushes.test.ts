import { jest } from "@jest/globals";
import fc from "fast-check";
import { pushManifest } from "../../emulator/changes";
import type { Fault, VersionData } from "../../emulator/data";
import {
  attestationOf,
  cosignManifest,
  cosignTag,
  type Image,
  imageManifest,
  indexOf,
  versionOf,
} from "../../emulator/images";
import type { Emulator } from "../../emulator/server";
import { activeVersions } from "../../emulator/state";
import { runPolicies } from "../../src/run/run";
import { policy } from "../support/builder";
import { localContext, startAcme } from "../support/local-run";
import { runs } from "../support/long";
import { flaws } from "../support/wholeness";

/**
 * Somebody pushes at any moment of a run (spec/action.md, "Everything is listed before anything is deleted"): in the
 * end no image is broken, and each tag that was pushed is there or named by what the run says.
 */

jest.setTimeout(600_000);

const [shared, amd, arm] = ["shared", "amd", "arm"].map((name) => imageManifest(name, "linux/amd64")) as [
  Image,
  Image,
  Image,
];
const v1 = indexOf([shared]);
const provenance = attestationOf(amd);
const pr1 = indexOf([amd, arm, shared, provenance]);
const nested = indexOf([arm], { annotations: { is: "nested" } });
const pr2 = indexOf([nested]);
const plain = imageManifest("pr-3");
const orphan = imageManifest("orphan");
const signature = cosignManifest(pr1);

/** Pushed in this order; all but `v1` and what it shares goes. */
const VERSIONS: VersionData[] = (
  [
    [shared],
    [v1, "v1", "stable", "pr-1"],
    [amd],
    [arm],
    [provenance],
    [pr1, "pr-8"],
    [signature, cosignTag(pr1)],
    [nested],
    [pr2, "pr-2"],
    [plain, "pr-3"],
    [orphan],
  ] as const
).map(([image, ...tags], at) => versionOf(image, { tags, id: at + 1, createdAt: `${100 - at}d ago` }));

interface Push {
  /** As this request arrives, counted from the first. */
  readonly at: number;
  readonly image: Image;
  readonly tag?: string | undefined;
}

let serial = 0;

/** A new image that has these parts. */
function fresh(...parts: Image[]): Image {
  return indexOf(parts, { annotations: { number: `${++serial}` } });
}

const part = fc.constantFrom(shared, amd, arm, provenance, nested, plain, orphan);
const pushes = fc.array(
  fc.record({
    at: fc.nat({ max: 60 }),
    image: fc.oneof(
      fc.array(part, { minLength: 1, maxLength: 2 }).map((parts) => fresh(...parts)),
      fc.constantFrom(pr1, pr2, plain, orphan, amd, arm),
    ),
    tag: fc.option(fc.constantFrom("latest", "v2", "v1", "stable", "pr-1", "pr-3", "pr-9"), {
      nil: undefined,
    }),
  }),
  { minLength: 1, maxLength: 4 },
);

const limit: Fault["answer"] = {
  status: 403,
  body: { message: "You have exceeded a secondary rate limit." },
  headers: { "retry-after": "30" },
};
const faults = fc.array(
  fc.record({
    match: fc.record({ method: fc.constant("DELETE"), nth: fc.integer({ min: 1, max: 12 }) }),
    answer: fc.constantFrom(limit, { status: 502, body: { message: "Server Error" } }),
  }),
  { maxLength: 2 },
);

/** A registry takes no manifest of which a part is not there, and changes nothing where the tag is there already. */
function push(emulator: Emulator, { image, tag }: Omit<Push, "at">): boolean {
  const app = emulator.package("app");
  const there = new Set(activeVersions(app).map(({ name }) => name));
  const { manifests = [] } = JSON.parse(image.body) as { manifests?: { digest: string }[] };
  if (!manifests.every(({ digest }) => there.has(digest))) return false;
  const { body, mediaType, digest } = image;
  if (tag && activeVersions(app).some(({ name, tags }) => name === digest && tags.includes(tag)))
    return false;
  pushManifest(emulator.state, app, { body, mediaType, ...(tag === undefined ? {} : { tag }) }, Date.now());
  return true;
}

interface Ending {
  readonly flaws: readonly string[];
  /** Pushed tags that are neither there nor mentioned. */
  readonly lost: readonly string[];
}

async function runWith(
  happening: readonly Push[],
  troubles: readonly Fault[],
  untag: boolean,
): Promise<Ending> {
  const emulator = await startAcme({
    packages: [{ owner: "acme", type: "container", name: "app", versions: VERSIONS }],
    limits: { primary: false, secondary: false },
  });
  try {
    for (const fault of troubles) emulator.faults.add(fault);
    const tags = new Map<string, string>();
    let requests = 0;
    emulator.onRequest(() => {
      for (const { at, image, tag } of happening)
        if (at === requests && push(emulator, { image, tag }) && tag) tags.set(tag, image.digest);
      requests++;
    });
    const line = policy("v*: always\nlatest: always\npr-*: 14d\nuntagged: never", { untag, minKeep: 1 });
    const { report, warnings } = await runPolicies([line], await localContext({ emulator }));
    const said = JSON.stringify([report.packages.map(({ error }) => error), warnings]);
    const active = activeVersions(emulator.package("app"));
    const isThere = ([tag, digest]: [string, string]) =>
      active.some((version) => version.name === digest && version.tags.includes(tag));
    const lost = [...tags].filter((one) => !isThere(one) && !said.includes(one[0])).map(([tag]) => tag);
    return { flaws: flaws(emulator.package("app")), lost };
  } finally {
    await emulator.close();
  }
}

it("breaks no image and loses no tag in silence, whenever somebody pushes", async () => {
  await fc.assert(
    fc.asyncProperty(pushes, faults, async (happening, troubles) => {
      expect(await runWith(happening, troubles, false)).toEqual({ flaws: [], lost: [] });
    }),
    runs(30),
  );
});

it("loses no tag in silence while tags are removed", async () => {
  await fc.assert(
    fc.asyncProperty(pushes, faults, async (happening, troubles) => {
      expect(await runWith(happening, troubles, true)).toEqual({ flaws: [], lost: [] });
    }),
    runs(30),
  );
});
