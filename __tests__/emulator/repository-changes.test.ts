import type { TokenData } from "../../emulator/data";
import type { Emulator } from "../../emulator/server";
import { validateResponse } from "../support/openapi";
import { answered, PAT, type Reply, reply, start } from "./fixture";

const APP = "/repos/acme/app";
const SHA = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d";
const JOB: TokenData = { kind: "github-token", token: "job", repository: "acme/app", packages: "none" };

function startApp(tokens: readonly TokenData[] = []): Promise<Emulator> {
  const pat: TokenData = { kind: "pat", token: PAT, login: "mona", scopes: ["repo"] };
  return start({ repositories: [{ fullName: "acme/app", branches: ["main"] }], tokens: [pat, ...tokens] });
}

async function send(
  emulator: Emulator,
  method: string,
  path: string,
  body?: object,
  token = PAT,
): Promise<Reply> {
  const headers = { authorization: `Bearer ${token}` };
  const text = body === undefined ? null : JSON.stringify(body);
  return reply(await fetch(`${emulator.url}${APP}${path}`, { method, headers, body: text }));
}

function namesOf(emulator: Emulator): { branches: string[]; tags: string[]; releases: string[] } {
  const { branches, tags, releases } = emulator.repository("acme/app");
  return {
    branches: branches.map(({ name }) => name),
    tags: tags.map(({ name }) => name),
    releases: releases.map(({ tag }) => tag),
  };
}

describe("a repository that is changed over the API", () => {
  it("gets branches and git tags, once each, and loses them", async () => {
    const emulator = await startApp();
    for (const ref of ["refs/heads/feature/a", "refs/tags/v1"]) {
      const made = await send(emulator, "POST", "/git/refs", { ref, sha: SHA });
      expect(made).toMatchObject({ status: 201, body: { ref, object: { sha: SHA } } });
      expect(validateResponse("POST", `${APP}/git/refs`, 201, made.body)).toEqual([]);
      const again = await send(emulator, "POST", "/git/refs", { ref, sha: SHA });
      expect(answered(again)).toBe("422 Reference already exists");
    }
    expect(namesOf(emulator)).toEqual({ branches: ["feature/a", "main"], tags: ["v1"], releases: [] });
    for (const ref of ["heads/feature/a", "tags/v1"]) {
      expect(answered(await send(emulator, "DELETE", `/git/refs/${ref}`))).toBe("204 done");
      expect(answered(await send(emulator, "DELETE", `/git/refs/${ref}`))).toBe(
        "422 Reference does not exist",
      );
    }
    expect(namesOf(emulator)).toEqual({ branches: ["main"], tags: [], releases: [] });
  });

  it("gets releases with their git tags, which outlive them", async () => {
    const emulator = await startApp();
    const made = await send(emulator, "POST", "/releases", { tag_name: "v1", prerelease: true });
    expect(made).toMatchObject({ status: 201, body: { tag_name: "v1", prerelease: true, draft: false } });
    expect(validateResponse("POST", `${APP}/releases`, 201, made.body)).toEqual([]);
    expect((await send(emulator, "POST", "/releases", { tag_name: "v1" })).status).toBe(422);
    expect((await send(emulator, "POST", "/releases", { tag_name: "v2", draft: true })).status).toBe(201);
    expect(namesOf(emulator)).toMatchObject({ tags: ["v1"], releases: ["v1", "v2"] });

    const found = await send(emulator, "GET", "/releases/tags/v1");
    const { id } = found.body as { id: number };
    expect(found).toMatchObject({ status: 200, body: { id, tag_name: "v1" } });
    expect((await send(emulator, "GET", "/releases/tags/v2")).status).toBe(404);
    expect(answered(await send(emulator, "DELETE", `/releases/${id}`))).toBe("204 done");
    expect((await send(emulator, "DELETE", `/releases/${id}`)).status).toBe(404);
    expect(namesOf(emulator)).toMatchObject({ tags: ["v1"], releases: ["v2"] });
  });

  it("is not changed without the right to push", async () => {
    const read: TokenData = { ...JOB, permissions: { contents: "read" } };
    const write: TokenData = { ...JOB, token: "writer", permissions: { contents: "write" } };
    const emulator = await startApp([read, write]);
    const ref = { ref: "refs/heads/x", sha: SHA };
    expect(answered(await send(emulator, "POST", "/git/refs", ref, "job"))).toBe(
      "403 Resource not accessible by integration",
    );
    expect(answered(await send(emulator, "DELETE", "/git/refs/heads/main", undefined, "job"))).toBe(
      "403 Resource not accessible by integration",
    );
    expect((await send(emulator, "POST", "/git/refs", ref, "writer")).status).toBe(201);
    expect(answered(await send(emulator, "POST", "/branches", {}, "writer"))).toBe("404 Not Found");
    expect(namesOf(emulator).branches).toEqual(["main", "x"]);
  });
});
