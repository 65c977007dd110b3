import type { EmulatorData } from "../../emulator/data";
import {
  cosignManifest,
  digestOf,
  imageManifest,
  indexOf,
  MEDIA_TYPES,
  multiArch,
  referrerOf,
  versionOf,
} from "../../emulator/images";
import type { Emulator } from "../../emulator/server";
import { ask, GITHUB_TOKEN, PAT, type Reply, reply, start } from "./fixture";

const ALL_TYPES = Object.values(MEDIA_TYPES).join(", ");
const APP = multiArch("app", { tags: ["v1"], createdAt: "20d ago" }, { attestations: false });

async function login(emulator: Emulator, scope: string, token: string | null = PAT): Promise<Reply> {
  const headers: Record<string, string> =
    token === null ? {} : { authorization: `Basic ${Buffer.from(`anyone:${token}`).toString("base64")}` };
  return reply(await fetch(`${emulator.registryUrl}/token?service=ghcr.io&scope=${scope}`, { headers }));
}

async function bearer(emulator: Emulator, scope: string, token: string | null = PAT): Promise<string> {
  const { body } = await login(emulator, scope, token);
  return (body as { token: string }).token;
}

interface Asked {
  readonly method?: string;
  readonly token?: string;
  readonly accept?: string;
  readonly body?: string;
}

async function registry(emulator: Emulator, path: string, asked: Asked = {}): Promise<Reply> {
  const headers: Record<string, string> = { accept: asked.accept ?? ALL_TYPES };
  if (asked.token) headers.authorization = `Bearer ${asked.token}`;
  if (asked.body) headers["content-type"] = MEDIA_TYPES.ociIndex;
  const { method = "GET", body = null } = asked;
  return reply(await fetch(`${emulator.registryUrl}${path}`, { method, headers, body }));
}

function codeOf({ status, body }: Reply): string {
  return `${status} ${(body as { errors?: { code: string }[] } | undefined)?.errors?.[0]?.code ?? "done"}`;
}

const OPEN: Partial<EmulatorData> = { registry: { challenge: false } };

describe("the token dance", () => {
  it("begins with a challenge that says where to get a token", async () => {
    const emulator = await start();
    const ping = await registry(emulator, "/v2/");
    expect(ping.status).toBe(401);
    expect(ping.headers.get("www-authenticate")).toBe(
      `Bearer realm="${emulator.registryUrl}/token",service="ghcr.io",scope="repository:user/image:pull"`,
    );
    const manifest = await registry(emulator, "/v2/acme/app/manifests/v1");
    expect(codeOf(manifest)).toBe("401 UNAUTHORIZED");
    expect(manifest.headers.get("www-authenticate")).toContain('scope="repository:acme/app:pull"');
  });

  it("gives a token for the password, whoever the user, and without one for public packages", async () => {
    const emulator = await start();
    expect((await login(emulator, "repository:acme/app:pull")).body).toMatchObject({ expires_in: 300 });
    expect((await login(emulator, "repository:acme/app:pull", GITHUB_TOKEN)).status).toBe(200);
    expect((await login(emulator, "repository:mona/site:pull", null)).status).toBe(200);
    expect(codeOf(await login(emulator, "repository:acme/app:pull", null))).toBe("403 DENIED");
    expect(codeOf(await login(emulator, "repository:acme/app:pull", "wrong"))).toBe("403 DENIED");
  });

  it("gives tokens that expire", async () => {
    const emulator = await start({ registry: { tokenSeconds: 0 } });
    const token = await bearer(emulator, "repository:acme/app:pull");
    expect(codeOf(await registry(emulator, "/v2/acme/app/manifests/v1", { token }))).toBe("401 UNAUTHORIZED");
  });

  it("gives tokens for one repository", async () => {
    const emulator = await start();
    const token = await bearer(emulator, "repository:mona/site:pull");
    expect(codeOf(await registry(emulator, "/v2/acme/app/manifests/v1", { token }))).toBe("403 DENIED");
  });

  it("can be left out altogether", async () => {
    const emulator = await start(OPEN);
    expect((await registry(emulator, "/v2/")).status).toBe(200);
    expect((await registry(emulator, "/v2/acme/app/manifests/v1")).status).toBe(200);
  });
});

describe("a manifest", () => {
  it("is found by tag and by digest", async () => {
    const emulator = await start();
    const token = await bearer(emulator, "repository:acme/app:pull");
    const byTag = await registry(emulator, "/v2/acme/app/manifests/v1", { token });
    expect(byTag.headers.get("docker-content-digest")).toBe(APP.index.digest);
    expect(byTag.headers.get("content-type")).toBe(MEDIA_TYPES.ociIndex);
    const byDigest = await fetch(`${emulator.registryUrl}/v2/acme/app/manifests/${APP.index.digest}`, {
      headers: { accept: ALL_TYPES, authorization: `Bearer ${token}` },
    });
    expect(digestOf(await byDigest.text())).toBe(APP.index.digest);
  });

  it("answers HEAD without a body, and only GET counts as a download", async () => {
    const emulator = await start(OPEN);
    const head = await registry(emulator, "/v2/acme/app/manifests/v1", { method: "HEAD" });
    expect(head.headers.get("docker-content-digest")).toBe(APP.index.digest);
    expect(head.headers.get("content-length")).toBe(String(Buffer.byteLength(APP.index.body)));
    expect(head.body).toBeUndefined();
    await registry(emulator, "/v2/acme/app/manifests/v1");
    const downloads = emulator.package("app").versions.map((version) => version.downloads);
    expect(downloads).toEqual([0, 0, 1, 0, 0]);
  });

  it("is hidden from those who do not accept its type", async () => {
    const emulator = await start(OPEN);
    const answer = await registry(emulator, "/v2/acme/app/manifests/v1", {
      accept: MEDIA_TYPES.dockerManifest,
    });
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual({
      errors: [
        {
          code: "MANIFEST_UNKNOWN",
          message: "OCI index found, but Accept header does not support OCI indexes",
        },
      ],
    });
    expect((await registry(emulator, "/v2/acme/app/manifests/v1", { accept: "*/*" })).status).toBe(200);
  });

  it("goes with its version, and comes back with it", async () => {
    const emulator = await start(OPEN);
    const path = `/v2/acme/app/manifests/${APP.index.digest}`;
    await ask(emulator, "DELETE", "/orgs/acme/packages/container/app/versions/3");
    expect(codeOf(await registry(emulator, path))).toBe("404 MANIFEST_UNKNOWN");
    await ask(emulator, "POST", "/orgs/acme/packages/container/app/versions/3/restore");
    expect(codeOf(await registry(emulator, path))).toBe("200 done");
  });

  it("lives below lower-case names, and cannot be deleted here", async () => {
    const emulator = await start(OPEN);
    expect(codeOf(await registry(emulator, "/v2/Acme/app/manifests/v1"))).toBe("404 NAME_UNKNOWN");
    expect(codeOf(await registry(emulator, "/v2/acme/nothing/manifests/v1"))).toBe("404 NAME_UNKNOWN");
    expect(codeOf(await registry(emulator, "/v2/acme/app/manifests/v1", { method: "DELETE" }))).toBe(
      "405 UNSUPPORTED",
    );
  });

  it("may belong to a package with a slash in its name, of an owner with capitals", async () => {
    const version = versionOf(imageManifest("x"), { tags: ["x"], createdAt: "1d ago" });
    const emulator = await start({
      ...OPEN,
      owners: [
        { login: "Acme", type: "Organization" },
        { login: "mona", type: "User" },
      ],
      packages: [{ owner: "Acme", type: "container", name: "repo/image", versions: [version] }],
    });
    expect(codeOf(await registry(emulator, "/v2/acme/repo/image/manifests/x"))).toBe("200 done");
  });
});

describe("pushing a manifest", () => {
  const marker = indexOf([], { annotations: { note: "unique" } });

  it("makes a version and moves the tag to it", async () => {
    const emulator = await start();
    const token = await bearer(emulator, "repository:acme/app:pull,push");
    const pushed = await registry(emulator, "/v2/acme/app/manifests/v1", {
      method: "PUT",
      token,
      body: marker.body,
    });
    expect(pushed.status).toBe(201);
    expect(pushed.headers.get("docker-content-digest")).toBe(marker.digest);
    const { body } = await ask(emulator, "GET", "/orgs/acme/packages/container/app/versions?per_page=1");
    expect(body).toMatchObject([{ name: marker.digest, metadata: { container: { tags: ["v1"] } } }]);
    expect(emulator.package("app").versions[2]?.tags).toEqual([]);
  });

  it("needs the right to write", async () => {
    const emulator = await start({
      tokens: [{ kind: "pat", token: "reader", login: "mona", scopes: ["read:packages"] }],
    });
    const token = await bearer(emulator, "repository:acme/app:pull,push", "reader");
    const answer = await registry(emulator, "/v2/acme/app/manifests/v1", {
      method: "PUT",
      token,
      body: marker.body,
    });
    expect(answer.status).toBe(403);
    expect(answer.body).toEqual({
      errors: [{ code: "DENIED", message: "permission_denied: write_package" }],
    });
  });

  it.each([
    ["without the Admin role", { packages: "write" }],
    ["with packages: read", { packages: "read", admin: ["app"] }],
  ] as const)("is refused to a GITHUB_TOKEN %s, which may pull", async (_, rights) => {
    const job = {
      kind: "github-token",
      token: "t",
      repository: "acme/app",
      packages: rights.packages,
    } as const;
    const admin = "admin" in rights ? { admin: [...rights.admin] } : {};
    const emulator = await start({ tokens: [{ ...job, ...admin }] });
    const token = await bearer(emulator, "repository:acme/app:pull,push", "t");
    const path = "/v2/acme/app/manifests/v1";
    expect((await registry(emulator, path, { token })).status).toBe(200);
    const put = await registry(emulator, path, { method: "PUT", token, body: marker.body });
    expect(codeOf(put)).toBe("403 DENIED");
    expect(emulator.activeIds("app")).toEqual([1, 2, 3, 5]);
  });

  it("needs a token that asked for it", async () => {
    const emulator = await start();
    const token = await bearer(emulator, "repository:acme/app:pull");
    const answer = await registry(emulator, "/v2/acme/app/manifests/v1", {
      method: "PUT",
      token,
      body: marker.body,
    });
    expect(codeOf(answer)).toBe("403 DENIED");
  });

  it("is refused when parts of it were never pushed, or it is no manifest", async () => {
    const emulator = await start(OPEN);
    const put = (reference: string, body: string) =>
      registry(emulator, `/v2/acme/app/manifests/${reference}`, { method: "PUT", body });
    expect(
      codeOf(await put("new", imageManifest("never seen").body.replace(MEDIA_TYPES.ociManifest, "x"))),
    ).toBe("404 MANIFEST_BLOB_UNKNOWN");
    expect(codeOf(await put("new", indexOf([imageManifest("absent")]).body))).toBe("404 MANIFEST_UNKNOWN");
    expect(codeOf(await put("new", indexOf(APP.images, { annotations: { again: "1" } }).body))).toBe(
      "201 done",
    );
    expect(codeOf(await put("new", "no json"))).toBe("400 MANIFEST_INVALID");
    expect(codeOf(await put(`sha256:${"0".repeat(64)}`, marker.body))).toBe("400 DIGEST_INVALID");
  });
});

describe("the referrers API", () => {
  it("is not there, as on ghcr.io", async () => {
    const emulator = await start(OPEN);
    const path = `/v2/acme/app/referrers/${APP.index.digest}`;
    expect(codeOf(await registry(emulator, path))).toBe("404 MANIFEST_UNKNOWN");
    expect(emulator.requests.map((request) => request.path)).toEqual([path]);
  });

  it("can redirect to another host, or refuse, as ghcr.io did for a while", async () => {
    const path = `/v2/acme/app/referrers/${APP.index.digest}`;
    const other = await start();
    const moved = await start({ registry: { challenge: false, referrers: { redirect: other.registryUrl } } });
    const answer = await fetch(`${moved.registryUrl}${path}`, { redirect: "manual" });
    expect([answer.status, answer.headers.get("location")]).toEqual([
      303,
      `${other.registryUrl}/-/v2/packages/container/package/acme%2Fapp%2Freferrers%2Fsha256`,
    ]);
    await registry(moved, path);
    expect(other.requests).toHaveLength(1);
    const limited = await start({ registry: { challenge: false, referrers: { status: 429 } } });
    expect(codeOf(await registry(limited, path))).toBe("429 TOOMANYREQUESTS");
  });

  it("can be switched on, and lists what names the digest as its subject", async () => {
    const subject = imageManifest("subject");
    const sbom = referrerOf(subject, "application/spdx+json");
    const all = [subject, sbom, cosignManifest(subject)];
    const emulator = await start({
      registry: { challenge: false, referrers: true },
      packages: [
        {
          owner: "acme",
          type: "container",
          name: "app",
          versions: all.map((one) => versionOf(one, { createdAt: "1d ago" })),
        },
      ],
    });
    const answer = await fetch(`${emulator.registryUrl}/v2/acme/app/referrers/${subject.digest}`);
    expect(await answer.json()).toEqual({
      schemaVersion: 2,
      mediaType: MEDIA_TYPES.ociIndex,
      manifests: [
        {
          mediaType: MEDIA_TYPES.ociManifest,
          digest: sbom.digest,
          size: Buffer.byteLength(sbom.body),
          artifactType: "application/spdx+json",
        },
      ],
    });
  });
});
