import type { TokenData } from "../../emulator/data";
import { NPM_PATH } from "../../emulator/npm-registry";
import type { Emulator } from "../../emulator/server";
import { answered, ask, GITHUB_TOKEN, PAT, type Reply, reply, start } from "./fixture";

const NAME = "@acme%2fnew";
const API = "/orgs/acme/packages/npm/new";

async function npm(
  emulator: Emulator,
  method: string,
  name: string,
  options: { readonly token?: string | null; readonly version?: string } = {},
): Promise<Reply> {
  const { token = GITHUB_TOKEN, version } = options;
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const body = version === undefined ? null : JSON.stringify({ versions: { [version]: {} } });
  return reply(await fetch(`${emulator.registryUrl}${NPM_PATH}${name}`, { method, headers, body }));
}

describe("the npm registry", () => {
  it("takes versions of a package, which a job's first one links to its repository", async () => {
    const emulator = await start();
    expect((await npm(emulator, "GET", NAME)).status).toBe(404);
    for (const version of ["1.0.0", "1.1.0"])
      expect((await npm(emulator, "PUT", NAME, { version })).status).toBe(200);
    expect((await npm(emulator, "GET", NAME)).body).toMatchObject({
      name: "@acme/new",
      "dist-tags": { latest: "1.1.0" },
      versions: { "1.0.0": { version: "1.0.0" }, "1.1.0": {} },
    });
    expect((await ask(emulator, "GET", API, GITHUB_TOKEN)).body).toMatchObject({
      name: "new",
      package_type: "npm",
      version_count: 2,
      repository: { full_name: "acme/app" },
    });
    const { id } = emulator.package("new", "npm").versions[0] ?? { id: 0 };
    expect(answered(await ask(emulator, "DELETE", `${API}/versions/${id}`, GITHUB_TOKEN))).toBe("204 done");
    expect((await npm(emulator, "GET", NAME)).body).not.toHaveProperty(["versions", "1.0.0"]);
  });

  it("takes none that is there, and none from who may not write", async () => {
    const reader: TokenData = {
      kind: "github-token",
      token: "reader",
      repository: "acme/app",
      packages: "read",
    };
    const writer: TokenData = { ...reader, token: "writer", packages: "write" };
    const other: TokenData = { ...writer, token: "other", repository: "acme/other" };
    const emulator = await start({ tokens: [reader, writer, other] });
    const statusOf = async (token: string | null, name = NAME) =>
      (await npm(emulator, "PUT", name, { token, version: "1.0.0" })).status;
    expect(await statusOf(null)).toBe(401);
    expect(await statusOf("nonsense")).toBe(401);
    expect(await statusOf("reader")).toBe(403);
    expect(await statusOf("writer", "@mona%2fnew")).toBe(403);
    expect(await statusOf("writer", "@nobody%2fnew")).toBe(404);
    expect(await statusOf("writer")).toBe(200);
    expect(await statusOf("writer")).toBe(409);
    expect(await statusOf("other")).toBe(403);
  });

  it("links nothing to what a person publishes", async () => {
    const emulator = await start();
    expect((await npm(emulator, "PUT", NAME, { token: PAT, version: "1.0.0" })).status).toBe(200);
    expect((await ask(emulator, "GET", API)).body).not.toHaveProperty("repository");
  });
});
