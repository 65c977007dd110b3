import type { EmulatorData } from "../../emulator/data";
import type { Emulator } from "../../emulator/server";
import { validateRequest, validateResponse } from "../support/openapi";
import { acme, ask, GITHUB_TOKEN, start } from "./fixture";

/** Every packages operation, for each of the three prefixes: a container package with an active and a deleted version. */
const OWNERS = [
  { prefix: "/orgs/acme", name: "app", active: 5, deleted: 4 },
  { prefix: "/users/mona", name: "site", active: 101, deleted: 103 },
  { prefix: "/user", name: "site", active: 101, deleted: 103 },
];

describe.each(OWNERS)(
  "the packages API below $prefix, by the official description",
  ({ prefix, name, active, deleted }) => {
    const one = `${prefix}/packages/container/${name}`;
    const OPERATIONS: readonly (readonly [method: string, path: string, status: number])[] = [
      ["GET", `${prefix}/packages?package_type=container`, 200],
      ["GET", `${prefix}/packages?package_type=npm&page=1&per_page=100&visibility=public`, 200],
      ["GET", one, 200],
      ["GET", `${one}/versions`, 200],
      ["GET", `${one}/versions?state=deleted&per_page=100&page=1`, 200],
      ["GET", `${one}/versions/${active}`, 200],
      ["DELETE", `${one}/versions/${active}`, 204],
      ["POST", `${one}/versions/${deleted}/restore`, 204],
      ["DELETE", one, 204],
      ["GET", `${prefix}/packages/container/unheard-of`, 404],
      ["GET", `${prefix}/packages/container/unheard-of/versions`, 404],
      ["GET", `${one}/versions/999999`, 404],
      ["DELETE", `${one}/versions/999999`, 404],
      ["POST", `${one}/versions/999999/restore`, 404],
      ["DELETE", `${prefix}/packages/container/unheard-of`, 404],
      ["POST", `${prefix}/packages/container/unheard-of/restore`, 404],
      ["GET", `${prefix}/packages?package_type=container&page=101&per_page=100`, 400],
    ];

    test.each(OPERATIONS)("%s %s answers %i", async (method, path, status) => {
      const emulator = await start(numbered());
      await expectConforming(emulator, method, path, status);
    });

    it("restores a package that was deleted as a whole", async () => {
      const emulator = await start(numbered());
      await expectConforming(emulator, "DELETE", one, 204);
      await expectConforming(emulator, "GET", one, 404);
      await expectConforming(emulator, "POST", `${one}/restore`, 204);
      await expectConforming(emulator, "GET", one, 200);
    });

    it("refuses a token that it does not know", async () => {
      const emulator = await start();
      const answer = await ask(emulator, "GET", `${one}/versions`, "nonsense");
      expect(answer.status).toBe(401);
      expect(validateResponse("GET", `${one}/versions`, 401, answer.body)).toEqual([]);
    });
  },
);

describe("accounts, by the official description", () => {
  test.each([
    ["/users/acme", 200],
    ["/users/mona", 200],
    ["/users/nobody", 404],
    ["/user", 200],
  ])("GET %s answers %i", async (path, status) => {
    await expectConforming(await start(), "GET", path, status);
  });

  it("GET /user answers 403 to a GITHUB_TOKEN", async () => {
    const { status, body } = await ask(await start(), "GET", "/user", GITHUB_TOKEN);
    expect(status).toBe(403);
    expect(validateResponse("GET", "/user", 403, body)).toEqual([]);
  });
});

describe("the address of the container registry", () => {
  const path = "/packages/container-registry-url";

  it("is told where the data say so, to everyone", async () => {
    const server = await start({ apiPath: "/api/v3", containerRegistryUrl: true });
    await expectConforming(server, "GET", path, 200);
    expect((await ask(server, "GET", path, null)).body).toEqual({ url: server.registryUrl });
    const cloud = await start({ containerRegistryUrl: "https://containers.acme.ghe.com" });
    expect((await ask(cloud, "GET", path)).body).toEqual({ url: "https://containers.acme.ghe.com" });
    expect(validateRequest("GET", `/api/v3${path}`)).toEqual([]);
  });

  it("is nowhere otherwise", async () => {
    await expectConforming(await start(), "GET", path, 404);
  });
});

describe("other package types, by the official description", () => {
  test.each([
    "/orgs/acme/packages?package_type=docker",
    "/orgs/acme/packages/docker/old/versions",
    "/orgs/acme/packages/docker/old/versions/21",
    "/orgs/acme/packages/npm/%40acme%2Ftools",
    "/orgs/acme/packages/npm/%40acme%2Ftools/versions?state=deleted",
    "/orgs/acme/packages/npm/%40acme%2Ftools/versions/11",
  ])("GET %s", async (path) => {
    await expectConforming(await start(), "GET", path, 200);
  });
});

describe("the judge", () => {
  it("finds what is missing in an answer", () => {
    const body = { id: 1, name: "sha256:0", url: "x", package_html_url: "y", created_at: "yesterday" };
    expect(validateResponse("GET", "/orgs/acme/packages/container/app/versions/1", 200, body)).toEqual([
      "GET /orgs/{org}/packages/{package_type}/{package_name}/versions/{package_version_id} 200: body must have required property 'updated_at'",
      'GET /orgs/{org}/packages/{package_type}/{package_name}/versions/{package_version_id} 200: /created_at must match format "date-time"',
    ]);
  });

  it("finds statuses and bodies that an operation does not have", () => {
    const path = "/user/packages/npm/a/versions/1";
    expect(validateResponse("DELETE", path, 202, undefined)).toEqual([
      "DELETE /user/packages/{package_type}/{package_name}/versions/{package_version_id} 202: no such status",
    ]);
    expect(validateResponse("DELETE", path, 204, {})).toEqual([
      "DELETE /user/packages/{package_type}/{package_name}/versions/{package_version_id} 204: has a body",
    ]);
  });

  it("finds unknown paths, unknown parameters and wrong types in a request", () => {
    expect(validateRequest("GET", "/orgs/acme/packages/container/a/b/c")).toEqual([
      "GET /orgs/acme/packages/container/a/b/c: no such operation",
    ]);
    expect(validateRequest("GET", "/orgs/acme/packages/container/app/versions?sort=asc")).toEqual([
      "GET /orgs/{org}/packages/{package_type}/{package_name}/versions: unknown query parameter sort",
    ]);
    expect(validateRequest("DELETE", "/orgs/acme/packages/container/app/versions/latest")).toEqual([
      "DELETE /orgs/{org}/packages/{package_type}/{package_name}/versions/{package_version_id} package_version_id: body must be integer",
    ]);
    expect(validateRequest("GET", "/orgs/acme/packages")).toEqual([
      "GET /orgs/{org}/packages package_type: missing",
    ]);
  });

  it("accepts paging for a user's versions, and paths below an organization's id", () => {
    expect(
      validateRequest(
        "GET",
        "/users/mona/packages/container/site/versions?page=2&per_page=100&state=deleted",
      ),
    ).toEqual([]);
    expect(validateRequest("GET", "/organizations/1001/packages/container/app/versions?page=2")).toEqual([]);
  });
});

/** The fixture, with the ids of mona's public package in the open. */
function numbered(): EmulatorData {
  const data = acme();
  for (const [index, version] of (data.packages[3]?.versions ?? []).entries()) version.id = 101 + index;
  return data;
}

async function expectConforming(
  emulator: Emulator,
  method: string,
  path: string,
  status: number,
): Promise<void> {
  const answer = await ask(emulator, method, path);
  expect(answer.status).toBe(status);
  expect(validateRequest(method, path)).toEqual([]);
  expect(validateResponse(method, path, status, answer.body)).toEqual([]);
}
