import { checkSame } from "../check.ts";
import { type Context, namesOf, registryName, setOutputs } from "../context.ts";
import { answerFacts, observe, round } from "../facts.ts";
import {
  fallbackTag,
  prepareDocker,
  pushImage,
  pushIndex,
  pushNote,
  pushReferrer,
  readImage,
} from "../images.ts";
import { callPackage, waitForVersions } from "../packages.ts";
import { keep, type Part, type Pushed } from "../state.ts";

/** Step 1: the images that the next steps look at, delete and restore. */
export async function push(context: Context): Promise<void> {
  const names = namesOf(context);
  setOutputs({ package: names.images, whole: names.whole, living: names.living, none: names.none });
  await noteRun(context);
  await prepareDocker(context);

  const release = await pushImage(context, names.images, ["v1.0.0", "latest"]);
  const first = await pushImage(context, names.images, ["pr-1", "sha-1a2b3c4"]);
  const second = await pushImage(context, names.images, ["pr-2"]);
  const [shared, third] = await pushShared(context, release, second);
  const orphan = await pushImage(context, names.images, ["edge"]);
  const edge = await pushImage(context, names.images, ["edge"]);
  const bare = await pushBare(context, release);
  const attached = await pushAttached(context, first);

  const kept = [...digestsOf(release), ...digestsOf(edge), bare];
  const others = new Set([...[first, second, third, orphan].flatMap(digestsOf), ...attached]);
  const deleted = [...others].filter((digest) => !kept.includes(digest));
  keep(context, {
    images: { "v1.0.0": release, "pr-1": first, "pr-2": second, "pr-3": third, orphan, edge },
    kept,
    deleted,
    delicate: [shared, bare],
  });
  await waitForList(context, [...kept, ...deleted]);
}

/** Leaves a note in the package that outlives the run, so that a later run can clean up after one that broke. */
async function noteRun(context: Context): Promise<void> {
  const ghosts = registryName(context, namesOf(context).ghosts);
  // GitHub refuses to delete the last tagged version: this one is never deleted.
  await pushNote(context, ghosts, "lasting", "This package outlives the runs of the end-to-end workflow.");
  await pushNote(context, ghosts, `run-${context.run}`, context.run);
}

/** An index of one platform of a kept image and one of a deleted one: the first is needed, the second is not. */
async function pushShared(context: Context, kept: Pushed, deleted: Pushed): Promise<[string, Pushed]> {
  const repository = registryName(context, namesOf(context).images);
  const [ofKept, ofDeleted] = [platformOf(kept, "amd64"), platformOf(deleted, "arm64")];
  await pushIndex(context, repository, [ofKept, ofDeleted], ["pr-3"]);
  return [ofKept.digest, await readImage(context, repository, "pr-3")];
}

/** A referrer that only its own manifest ties to its subject. */
async function pushBare(context: Context, subject: Pushed): Promise<string> {
  const repository = registryName(context, namesOf(context).images);
  const { digest, subjectHeader } = await pushReferrer(context, repository, subject);
  observe(context, "push", "header OCI-Subject of a push with a subject", subjectHeader);
  return digest;
}

/** A referrer in an index at the fallback tag. */
async function pushAttached(context: Context, subject: Pushed): Promise<string[]> {
  const repository = registryName(context, namesOf(context).images);
  const { subjectHeader: _, ...referrer } = await pushReferrer(context, repository, subject);
  const index = await pushIndex(context, repository, [referrer], [fallbackTag(subject.digest)]);
  return [referrer.digest, index.digest];
}

async function waitForList(context: Context, expected: readonly string[]): Promise<void> {
  const { images } = namesOf(context);
  const what = `${expected.length} versions are listed`;
  const { value, seconds } = await waitForVersions(context, images, what, (versions) => {
    const names = versions.map(({ name }) => name);
    return expected.every((digest) => names.includes(digest)) ? names : undefined;
  });
  checkSame(`the versions of ${images}`, value, expected);
  const answer = await callPackage(context, "GET", images);
  const { visibility, repository } = answer.json as Package;
  observe(context, "push", "a package after its first push", {
    ...answerFacts(answer),
    visibility,
    repository: repository?.full_name,
    listedAfterSeconds: round(seconds),
  });
}

interface Package {
  readonly visibility?: string;
  readonly repository?: { readonly full_name: string };
}

function digestsOf({ digest, parts }: Pushed): string[] {
  return [digest, ...parts.map((part) => part.digest)];
}

function platformOf({ digest, parts }: Pushed, architecture: string): Part {
  const part = parts.find(({ platform }) => platform?.architecture === architecture);
  if (!part) throw new Error(`${digest} has no image for ${architecture}.`);
  return part;
}
