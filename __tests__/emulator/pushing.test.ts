import type { TokenData } from "../../emulator/data";
import { digestOf, imageManifest, MEDIA_TYPES } from "../../emulator/images";
import type { Emulator } from "../../emulator/server";
import { answered, ask, GITHUB_TOKEN, PAT, type Reply, reply, start } from "./fixture";

const READER: TokenData = {
  kind: "github-token",
  token: "reader",
  repository: "acme/app",
  packages: "read",
};

interface Sent {
  readonly body?: string;
  readonly type?: string;
  readonly token?: string;
  /** The repository that the registry is asked about. */
  readonly of?: string;
}

/** One request to the registry with a token for `of`. */
async function send(emulator: Emulator, method: string, path: string, sent: Sent = {}): Promise<Reply> {
  const { body = null, type = "application/octet-stream", token = GITHUB_TOKEN, of = "acme/new/app" } = sent;
  const basic = Buffer.from(`x:${token}`).toString("base64");
  const scope = `repository:${of}:pull,push`;
  const answer = await fetch(`${emulator.registryUrl}/token?scope=${scope}`, {
    headers: { authorization: `Basic ${basic}` },
  });
  const { token: bearer = "" } = (await answer.json()) as { token?: string };
  const headers = { authorization: `Bearer ${bearer}`, "content-type": type, accept: "*/*" };
  return reply(await fetch(new URL(path, emulator.registryUrl), { method, headers, body }));
}

function codeOf({ status, body }: Reply): string {
  return `${status} ${(body as { errors?: { code: string }[] } | undefined)?.errors?.[0]?.code ?? "done"}`;
}

/** An image whose config and layer are the texts "config" and "layer". */
function smallImage(): { body: string; blobs: readonly string[] } {
  const blob = (content: string) => ({
    mediaType: "text/plain",
    digest: digestOf(content),
    size: content.length,
  });
  const fields = { mediaType: MEDIA_TYPES.ociManifest, config: blob("config"), layers: [blob("layer")] };
  return { body: JSON.stringify({ schemaVersion: 2, ...fields }), blobs: ["config", "layer"] };
}

async function upload(emulator: Emulator, content: string, sent: Sent = {}): Promise<Reply> {
  const begun = await send(emulator, "POST", `/v2/${sent.of ?? "acme/new/app"}/blobs/uploads/`, sent);
  const location = begun.headers.get("location") ?? "";
  return send(emulator, "PUT", `${location}?digest=${digestOf(content)}`, { ...sent, body: content });
}

describe("blobs", () => {
  it("are uploaded whole, in pieces, or with the request that begins, and read again", async () => {
    const emulator = await start();
    const path = "/v2/acme/new/app/blobs";
    expect(codeOf(await upload(emulator, "whole"))).toBe("201 done");
    const begun = await send(emulator, "POST", `${path}/uploads/`);
    const location = begun.headers.get("location") ?? "";
    expect(begun.status).toBe(202);
    const first = await send(emulator, "PATCH", location, { body: "in " });
    expect([first.status, first.headers.get("range")]).toEqual([202, "0-2"]);
    await send(emulator, "PATCH", location, { body: "pieces" });
    expect(codeOf(await send(emulator, "PUT", `${location}?digest=${digestOf("in pieces")}`))).toBe(
      "201 done",
    );
    const once = `${path}/uploads/?digest=${digestOf("once")}`;
    expect(codeOf(await send(emulator, "POST", once, { body: "once" }))).toBe("201 done");

    for (const content of ["whole", "in pieces", "once"]) {
      const head = await send(emulator, "HEAD", `${path}/${digestOf(content)}`);
      expect([head.status, head.headers.get("content-length")]).toEqual([200, String(content.length)]);
      expect((await send(emulator, "GET", `${path}/${digestOf(content)}`)).body).toBe(content);
    }
  });

  it("are refused with another digest, elsewhere, and to who may not push", async () => {
    const emulator = await start({ tokens: [READER, { ...READER, token: GITHUB_TOKEN, packages: "write" }] });
    const uploads = "/v2/acme/new/app/blobs/uploads/";
    const location = (await send(emulator, "POST", uploads)).headers.get("location") ?? "";
    const other = location.replace("acme/new/app", "acme/other");
    const digest = digestOf("other");
    expect(codeOf(await send(emulator, "PUT", `${other}?digest=${digest}`, { of: "acme/other" }))).toBe(
      "404 BLOB_UPLOAD_UNKNOWN",
    );
    expect(codeOf(await send(emulator, "PUT", `${location}?digest=${digest}`, { body: "this" }))).toBe(
      "400 DIGEST_INVALID",
    );
    expect(codeOf(await send(emulator, "GET", `/v2/acme/new/app/blobs/${digest}`))).toBe("404 BLOB_UNKNOWN");
    expect(codeOf(await send(emulator, "POST", uploads, { token: "reader" }))).toBe("401 UNAUTHORIZED");
    expect(codeOf(await send(emulator, "DELETE", `/v2/acme/new/app/blobs/${digest}`))).toBe(
      "405 UNSUPPORTED",
    );
  });
});

describe("a package that is not there yet", () => {
  const path = "/v2/acme/new/app/manifests/v1";
  const api = "/orgs/acme/packages/container/new%2Fapp";

  it("is made by a job's push, private, linked to its repository, which administers it", async () => {
    const emulator = await start();
    const { body, blobs } = smallImage();
    const type = MEDIA_TYPES.ociManifest;
    expect(codeOf(await send(emulator, "PUT", path, { body, type }))).toBe("404 MANIFEST_BLOB_UNKNOWN");
    expect((await ask(emulator, "GET", api, GITHUB_TOKEN)).status).toBe(404);
    for (const blob of blobs) await upload(emulator, blob);
    expect(codeOf(await send(emulator, "PUT", path, { body, type }))).toBe("201 done");
    expect((await ask(emulator, "GET", api, GITHUB_TOKEN)).body).toMatchObject({
      name: "new/app",
      visibility: "private",
      version_count: 1,
      repository: { full_name: "acme/app" },
    });
    expect(answered(await ask(emulator, "DELETE", api, GITHUB_TOKEN))).toBe("204 done");
    expect(codeOf(await send(emulator, "PUT", path, { body, type }))).toBe("201 done");
    expect(answered(await ask(emulator, "POST", `${api}/restore`, GITHUB_TOKEN))).toBe(
      "404 Package not found.",
    );
  });

  it("is linked to nothing where a person pushes it", async () => {
    const emulator = await start();
    for (const blob of smallImage().blobs) await upload(emulator, blob, { token: PAT });
    const pushed = { body: smallImage().body, type: MEDIA_TYPES.ociManifest, token: PAT };
    expect(codeOf(await send(emulator, "PUT", path, pushed))).toBe("201 done");
    expect((await ask(emulator, "GET", api)).body).not.toHaveProperty("repository");
    expect((await ask(emulator, "GET", api, GITHUB_TOKEN)).status).toBe(404);
  });

  it("is not made for another owner, nor without the right to write", async () => {
    const emulator = await start({ tokens: [READER, { ...READER, token: "writer", packages: "write" }] });
    const pushed = { body: imageManifest("x").body, type: MEDIA_TYPES.ociManifest };
    const elsewhere = { ...pushed, token: "writer", of: "mona/new" };
    expect(codeOf(await send(emulator, "PUT", "/v2/mona/new/manifests/v1", elsewhere))).toBe(
      "401 UNAUTHORIZED",
    );
    expect(codeOf(await send(emulator, "PUT", path, { ...pushed, token: "reader" }))).toBe(
      "401 UNAUTHORIZED",
    );
  });
});
