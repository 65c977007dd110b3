import { type Context, namesOf, registryName } from "../context.ts";
import { answerFacts, observe } from "../facts.ts";
import { exchange } from "../http.ts";
import { callApi, callPackage, listVersions, prefixOf } from "../packages.ts";
import { askToken, callRegistry } from "../registry.ts";
import { keep, type Listed, stateOf } from "../state.ts";

const PULLS = 3;

/** Step 2: what GitHub and its registry answer to what the action asks them. Nothing is asserted. The list is kept for step 3. */
export async function reads(context: Context): Promise<void> {
  await readLists(context);
  await readTokens(context);
  await readManifests(context);
  await readAroundPulls(context);
}

async function readLists(context: Context): Promise<void> {
  const { images } = namesOf(context);
  const first = await callPackage(context, "GET", images, "versions?per_page=2");
  observe(context, "reads", "the first page of versions", answerFacts(first, "link"));
  const next = /<([^>]+)>; rel="next"/.exec(first.headers.get("link") ?? "")?.[1];
  if (next !== undefined) {
    const second = await callApi(context, "GET", next);
    observe(context, "reads", "the page that Link calls the next", answerFacts(second, "link"));
  }
  observe(context, "reads", "the order of the list", orderOf(await listVersions(context, images)));
  const path = `${await prefixOf(context)}/packages?package_type=container`;
  const everything = await callApi(context, "GET", path);
  observe(context, "reads", "the packages of the owner", { status: everything.status });
}

/** How a list is sorted by what every version has. */
export function orderOf(versions: readonly Listed[]): Record<string, string> {
  return {
    id: directionOf(versions.map(({ id }) => id)),
    createdAt: directionOf(versions.map(({ createdAt }) => Date.parse(createdAt))),
    updatedAt: directionOf(versions.map(({ updatedAt }) => Date.parse(updatedAt))),
  };
}

function directionOf(numbers: readonly number[]): string {
  const steps = numbers.slice(1).map((number, index) => Math.sign(number - (numbers[index] ?? 0)));
  if (steps.every((step) => step <= 0)) return "descending";
  return steps.every((step) => step >= 0) ? "ascending" : "none";
}

async function readTokens(context: Context): Promise<void> {
  const repository = registryName(context, namesOf(context).images);
  const ping = await exchange(new URL("/v2/", context.registryUrl));
  observe(context, "reads", "the registry without a token", answerFacts(ping, "www-authenticate"));
  const asked = [
    ["the job's token", context.token],
    ["no token", null],
    ["a token that nobody has", "ghp_000000000000000000000000000000000000"],
  ] as const;
  for (const [name, token] of asked) {
    const answer = await askToken(context, repository, "pull", token);
    const { expires_in: expiresIn } = (answer.json ?? {}) as { expires_in?: number };
    observe(context, "reads", `the token service with ${name}`, { ...answerFacts(answer), expiresIn });
  }
}

async function readManifests(context: Context): Promise<void> {
  const repository = registryName(context, namesOf(context).images);
  const image = stateOf(context, "images")["v1.0.0"];
  const absent = `sha256:${"0".repeat(64)}`;
  const asked = [
    ["a manifest", "GET", `manifests/${image?.digest}`],
    ["a manifest by its tag, with HEAD", "HEAD", "manifests/v1.0.0"],
    ["a manifest that is not there", "GET", `manifests/${absent}`],
    ["a tag that is not there", "GET", "manifests/no-such-tag"],
    ["the referrers of an image", "GET", `referrers/${image?.digest}`],
  ] as const;
  for (const [name, method, path] of asked) {
    const answer = await callRegistry(context, repository, path, { method });
    observe(context, "reads", name, answerFacts(answer, "content-type", "docker-content-digest", "location"));
  }
}

async function readAroundPulls(context: Context): Promise<void> {
  const names = namesOf(context);
  const timeOf = async () =>
    (await listVersions(context, names.images)).find(({ tags }) => tags.includes("v1.0.0"))?.updatedAt;
  const before = await timeOf();
  for (let pull = 0; pull < PULLS; pull++)
    await callRegistry(context, registryName(context, names.images), "manifests/v1.0.0");
  observe(context, "reads", "updated_at changes with a pull", (await timeOf()) !== before);
  keep(context, { before: await listVersions(context, names.images) });
}
