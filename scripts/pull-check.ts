import { MEDIA_TYPES } from "../emulator/images";
import type { Emulator } from "../emulator/server";

/** What became of pulling one image with all its platforms. */
export interface Pull {
  readonly tag: string;
  /** Digests that were read, the image's own first. */
  readonly read: readonly string[];
  /** Digests, or the tag itself, that the registry does not have. */
  readonly missing: readonly string[];
}

/**
 * Pulls an image as a client would that wants all platforms: its manifest and whatever that lists, to any depth.
 *
 * @param repository `owner/name`
 * @throws Error for an answer other than 200 and 404
 */
export async function pull(
  emulator: Emulator,
  token: string,
  repository: string,
  tag: string,
): Promise<Pull> {
  const authorization = await authorize(emulator, token, repository);
  const read: string[] = [];
  const missing: string[] = [];
  const open = [tag];
  for (let reference = open.pop(); reference !== undefined; reference = open.pop()) {
    const manifest = await readManifest(emulator, authorization, repository, reference);
    if (!manifest) missing.push(reference);
    else {
      read.push(manifest.digest);
      open.push(...manifest.lists.filter((digest) => !read.includes(digest)));
    }
  }
  return { tag, read, missing };
}

async function readManifest(
  { registryUrl }: Emulator,
  authorization: string,
  repository: string,
  reference: string,
): Promise<{ digest: string; lists: readonly string[] } | undefined> {
  const accept = Object.values(MEDIA_TYPES).join(", ");
  const response = await fetch(`${registryUrl}/v2/${repository.toLowerCase()}/manifests/${reference}`, {
    headers: { accept, authorization },
  });
  const text = await response.text();
  if (response.status === 404) return undefined;
  if (!response.ok)
    throw new Error(`The registry answered ${response.status} to ${repository} ${reference}.`);
  const { manifests = [] } = JSON.parse(text) as { manifests?: { digest: string }[] };
  return {
    digest: response.headers.get("docker-content-digest") ?? reference,
    lists: manifests.map(({ digest }) => digest),
  };
}

async function authorize({ registryUrl }: Emulator, token: string, repository: string): Promise<string> {
  const basic = Buffer.from(`token:${token}`).toString("base64");
  const scope = encodeURIComponent(`repository:${repository.toLowerCase()}:pull`);
  const response = await fetch(`${registryUrl}/token?scope=${scope}`, {
    headers: { authorization: `Basic ${basic}` },
  });
  if (!response.ok) throw new Error(`The registry gives no token for ${repository}: ${response.status}.`);
  const body = (await response.json()) as { token: string };
  return `Bearer ${body.token}`;
}
