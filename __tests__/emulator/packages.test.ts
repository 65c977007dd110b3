import type { PackageData, VersionData } from "../../emulator/data";
import type { Emulator } from "../../emulator/server";
import { ask, image, type Reply, start } from "./fixture";

const APP = "/orgs/acme/packages/container/app";

function container(versions: VersionData[], more: Partial<PackageData> = {}): { packages: PackageData[] } {
  return { packages: [{ owner: "acme", type: "container", name: "app", versions, ...more }] };
}

function many(count: number): VersionData[] {
  return Array.from({ length: count }, (_, index) =>
    image(`image ${index}`, [`t${index}`], `${count - index}d ago`),
  );
}

function ids({ body }: Reply): number[] {
  return (body as { id: number }[]).map(({ id }) => id);
}

async function messageOf(emulator: Emulator, method: string, path: string): Promise<string> {
  const { status, body } = await ask(emulator, method, path);
  return `${status} ${(body as { message: string } | undefined)?.message ?? "done"}`;
}

describe("a listing of versions", () => {
  it("shows 30 a page, the newest first, and links to the other pages", async () => {
    const emulator = await start(container(many(65)));
    const first = await ask(emulator, "GET", `${APP}/versions`);
    expect(ids(first)).toHaveLength(30);
    expect(ids(first).slice(0, 3)).toEqual([65, 64, 63]);
    expect(first.headers.get("link")).toBe(
      `<${emulator.url}${APP}/versions?page=2>; rel="next", <${emulator.url}${APP}/versions?page=3>; rel="last"`,
    );
    const last = await ask(emulator, "GET", `${APP}/versions?page=3`);
    expect(ids(last)).toEqual([5, 4, 3, 2, 1]);
    expect(last.headers.get("link")).toBe(
      `<${emulator.url}${APP}/versions?page=2>; rel="prev", <${emulator.url}${APP}/versions?page=1>; rel="first"`,
    );
  });

  it("shows at most 100 a page", async () => {
    const emulator = await start(container(many(101)));
    expect(ids(await ask(emulator, "GET", `${APP}/versions?per_page=500`))).toHaveLength(100);
  });

  it("has no links where all fits on one page, and nothing beyond the last one", async () => {
    const emulator = await start(container(many(2)));
    expect((await ask(emulator, "GET", `${APP}/versions?per_page=2`)).headers.get("link")).toBeNull();
    expect((await ask(emulator, "GET", `${APP}/versions?page=2`)).body).toEqual([]);
  });

  it("can come in an order of no meaning, the same on every page", async () => {
    const emulator = await start({ ...container(many(5)), listing: { order: "shuffled" } });
    const whole = ids(await ask(emulator, "GET", `${APP}/versions`));
    const pages = [
      ...ids(await ask(emulator, "GET", `${APP}/versions?per_page=3`)),
      ...ids(await ask(emulator, "GET", `${APP}/versions?per_page=3&page=2`)),
    ];
    expect(pages).toEqual(whole);
    expect(whole).not.toEqual([5, 4, 3, 2, 1]);
    expect([...whole].sort()).toEqual([1, 2, 3, 4, 5]);
  });

  it("can link by the organization's id, and such a link works", async () => {
    const emulator = await start({ ...container(many(3)), listing: { organizationLinks: true } });
    const { headers } = await ask(emulator, "GET", `${APP}/versions?per_page=2`);
    const next = `/organizations/1001/packages/container/app/versions?per_page=2&page=2`;
    expect(headers.get("link")).toContain(`<${emulator.url}${next}>; rel="next"`);
    expect(ids(await ask(emulator, "GET", next))).toEqual([1]);
  });

  it("can ignore that the deleted ones are asked for", async () => {
    const emulator = await start({ listing: { ignoreState: true } });
    const { body } = await ask(emulator, "GET", `${APP}/versions?state=deleted`);
    expect((body as { id: number }[]).map(({ id }) => id)).toEqual([5, 3, 2, 1]);
    expect(body).not.toContainEqual(expect.objectContaining({ deleted_at: expect.anything() }));
  });

  it("can lag a number of listings behind", async () => {
    const emulator = await start({ ...container(many(3)), lag: { listings: 1 } });
    expect(ids(await ask(emulator, "GET", `${APP}/versions`))).toEqual([3, 2, 1]);
    await ask(emulator, "DELETE", `${APP}/versions/2`);
    expect(ids(await ask(emulator, "GET", `${APP}/versions`))).toEqual([3, 2, 1]);
    expect(ids(await ask(emulator, "GET", `${APP}/versions`))).toEqual([3, 1]);
  });

  it("can lag some time behind, until the lag is taken away", async () => {
    const emulator = await start({ ...container(many(3)), lag: { ms: 3_600_000 } });
    await ask(emulator, "DELETE", `${APP}/versions/2`);
    expect(ids(await ask(emulator, "GET", `${APP}/versions`))).toEqual([3, 2, 1]);
    expect(await messageOf(emulator, "DELETE", `${APP}/versions/2`)).toBe("404 Package version not found.");
    emulator.lag = undefined;
    expect(ids(await ask(emulator, "GET", `${APP}/versions`))).toEqual([3, 1]);
  });

  it("names tags the way each type does", async () => {
    const emulator = await start();
    const app = await ask(emulator, "GET", `${APP}/versions/3`);
    expect(app.body).toMatchObject({ metadata: { package_type: "container", container: { tags: ["v1"] } } });
    const old = await ask(emulator, "GET", "/orgs/acme/packages/docker/old/versions/21");
    expect(old.body).toMatchObject({ metadata: { docker: { tag: ["1", "latest"], tags: ["1", "latest"] } } });
  });
});

describe("a listing of packages", () => {
  it("needs a package type that exists", async () => {
    const emulator = await start();
    expect((await ask(emulator, "GET", "/orgs/acme/packages")).status).toBe(422);
    expect((await ask(emulator, "GET", "/orgs/acme/packages?package_type=gradle")).status).toBe(422);
  });

  it("ends at 10,000 packages", async () => {
    const emulator = await start();
    const path = "/orgs/acme/packages?package_type=npm&per_page=100&page=";
    expect((await ask(emulator, "GET", `${path}100`)).status).toBe(200);
    expect(await messageOf(emulator, "GET", `${path}101`)).toBe(
      "400 The value of `per_page` multiplied by `page` cannot be greater than 10000.",
    );
  });

  it("shows a user's public packages to everyone, and the private ones below /user", async () => {
    const emulator = await start();
    const names = async (path: string) =>
      ((await ask(emulator, "GET", path)).body as { name: string }[]).map(({ name }) => name);
    expect(await names("/users/mona/packages?package_type=container")).toEqual(["site"]);
    expect(await names("/user/packages?package_type=container")).toEqual(["secret", "site"]);
    expect(await names("/user/packages?package_type=container&visibility=private")).toEqual(["secret"]);
  });
});

describe("a package's name", () => {
  const slashed = { name: "repo/image", versions: [image("a", ["a"]), image("b", ["b"])] };

  it("is one encoded segment of the path", async () => {
    const emulator = await start(container(slashed.versions, slashed));
    expect(ids(await ask(emulator, "GET", "/orgs/acme/packages/container/repo%2Fimage/versions"))).toEqual([
      2, 1,
    ]);
    expect(await messageOf(emulator, "GET", "/orgs/acme/packages/container/repo/image/versions")).toBe(
      "404 Not Found",
    );
  });

  it("stays encoded in URLs", async () => {
    const emulator = await start(container(slashed.versions, slashed));
    const { body } = await ask(emulator, "GET", "/orgs/acme/packages/container/repo%2Fimage");
    expect(body).toMatchObject({
      name: "repo/image",
      url: `${emulator.url}/orgs/acme/packages/container/repo%2Fimage`,
      html_url: "https://github.com/orgs/acme/packages/container/package/repo%2Fimage",
      version_count: 2,
    });
  });

  it("may have an npm scope", async () => {
    const { body } = await ask(await start(), "GET", "/orgs/acme/packages/npm/@acme%2Ftools");
    expect(body).toMatchObject({ name: "@acme/tools", package_type: "npm", version_count: 2 });
  });
});

describe("deleting a version", () => {
  it("takes it out of the listing and puts it among the deleted ones", async () => {
    const emulator = await start();
    expect(await messageOf(emulator, "DELETE", `${APP}/versions/3`)).toBe("204 done");
    expect(ids(await ask(emulator, "GET", `${APP}/versions`))).toEqual([5, 2, 1]);
    expect(ids(await ask(emulator, "GET", `${APP}/versions?state=deleted`))).toEqual([4, 3]);
    expect(emulator.activeIds("app")).toEqual([1, 2, 5]);
    expect(await messageOf(emulator, "GET", `${APP}/versions/3`)).toBe("404 Package version not found.");
    expect(await messageOf(emulator, "DELETE", `${APP}/versions/3`)).toBe("404 Package version not found.");
  });

  it("is refused for more than 5,000 downloads of a public package", async () => {
    const versions = [
      { ...image("a", ["a"]), downloads: 5001 },
      { ...image("b", ["b"]), downloads: 5000 },
      image("c", ["c"]),
    ];
    const open = await start(container(versions, { visibility: "public" }));
    expect(await messageOf(open, "DELETE", `${APP}/versions/1`)).toBe(
      "400 Publicly visible package versions with more than 5000 downloads cannot be deleted. Contact GitHub support for further assistance.",
    );
    expect(await messageOf(open, "DELETE", `${APP}/versions/2`)).toBe("204 done");
    const hidden = await start(container(versions, { visibility: "private" }));
    expect(await messageOf(hidden, "DELETE", `${APP}/versions/1`)).toBe("204 done");
  });

  it("is refused for the last tagged version of a container", async () => {
    const emulator = await start(container([image("a", []), image("b", ["b"])]));
    expect(await messageOf(emulator, "DELETE", `${APP}/versions/2`)).toBe(
      "400 You cannot delete the last tagged version of a package. You must delete the package instead.",
    );
    expect(emulator.activeIds("app")).toEqual([1, 2]);
  });

  it("is refused for the last version", async () => {
    const emulator = await start(container([image("a", ["a"])]));
    expect(await messageOf(emulator, "DELETE", `${APP}/versions/1`)).toBe(
      "400 You cannot delete the last version of a package. You must delete the package instead.",
    );
  });

  it("answers an error with all three fields", async () => {
    const { body } = await ask(await start(), "DELETE", `${APP}/versions/77`);
    expect(body).toEqual({
      message: "Package version not found.",
      documentation_url: "https://docs.github.com/rest/packages/packages",
      status: "404",
    });
  });
});

describe("restoring a version", () => {
  it("brings it back with its tags", async () => {
    const emulator = await start();
    expect(await messageOf(emulator, "POST", `${APP}/versions/4/restore`)).toBe("204 done");
    const { body } = await ask(emulator, "GET", `${APP}/versions/4`);
    expect(body).toMatchObject({ id: 4, metadata: { container: { tags: ["pr-1"] } } });
    expect(body).not.toHaveProperty("deleted_at");
  });

  it("leaves a tag with the version that took it meanwhile", async () => {
    const taken = { ...image("a", ["x", "y"]), deletedAt: "1d ago" };
    const emulator = await start(container([taken, image("b", ["x"])]));
    await ask(emulator, "POST", `${APP}/versions/1/restore`);
    expect(emulator.package("app").versions.map(({ tags }) => tags)).toEqual([["y"], ["x"]]);
  });

  it("is refused after 30 days", async () => {
    const versions = [
      { ...image("a", ["a"], "90d ago"), deletedAt: "31d ago" },
      { ...image("b", ["b"], "90d ago"), deletedAt: "29d ago" },
      image("c", ["c"]),
    ];
    const emulator = await start(container(versions));
    expect(await messageOf(emulator, "POST", `${APP}/versions/1/restore`)).toBe(
      "404 Package version not found.",
    );
    expect(await messageOf(emulator, "POST", `${APP}/versions/2/restore`)).toBe("204 done");
  });

  it("is refused when a version of that name was published again", async () => {
    const emulator = await start(
      container([{ ...image("a", ["a"]), deletedAt: "1d ago" }, image("a", ["b"])]),
    );
    expect(await messageOf(emulator, "POST", `${APP}/versions/1/restore`)).toBe(
      "404 Package version not found.",
    );
  });

  it("is refused for a version that was never deleted", async () => {
    expect(await messageOf(await start(), "POST", `${APP}/versions/3/restore`)).toBe(
      "404 Package version not found.",
    );
  });
});

describe("a package as a whole", () => {
  it("goes and comes back with the versions that it had", async () => {
    const emulator = await start();
    expect(await messageOf(emulator, "DELETE", APP)).toBe("204 done");
    expect(await messageOf(emulator, "GET", `${APP}/versions`)).toBe("404 Package not found.");
    expect(emulator.activeIds("app")).toEqual([]);
    expect(await messageOf(emulator, "POST", `${APP}/restore`)).toBe("204 done");
    expect(emulator.activeIds("app")).toEqual([1, 2, 3, 5]);
  });

  it("stays when a public version has more than 5,000 downloads", async () => {
    const versions = [{ ...image("a", ["a"]), downloads: 5001 }];
    const emulator = await start(container(versions, { visibility: "public" }));
    expect((await ask(emulator, "DELETE", APP)).status).toBe(400);
    expect(emulator.activeIds("app")).toEqual([1]);
  });

  it("does not come back when its name is taken again, or after 30 days", async () => {
    const deleted = { owner: "acme", type: "container", versions: [image("a", ["a"])] } as const;
    const emulator = await start({
      packages: [
        { ...deleted, versions: [image("a", ["a"])], name: "taken", deletedAt: "1d ago" },
        { ...deleted, versions: [image("b", ["b"])], name: "taken" },
        { ...deleted, versions: [image("c", ["c"])], name: "late", deletedAt: "31d ago" },
      ],
    });
    const restore = (name: string) =>
      messageOf(emulator, "POST", `/orgs/acme/packages/container/${name}/restore`);
    expect(await restore("taken")).toBe("404 Package not found.");
    expect(await restore("late")).toBe("404 Package not found.");
  });
});

describe("on GitHub Enterprise Server", () => {
  it("has the API below /api/v3, and URLs with it", async () => {
    const emulator = await start({ apiPath: "/api/v3", limits: { primary: false } });
    const { body, headers } = await ask(emulator, "GET", APP);
    expect(emulator.url).toBe(`${emulator.registryUrl}/api/v3`);
    expect(body).toMatchObject({ url: `${emulator.registryUrl}/api/v3${APP}` });
    expect(headers.get("x-ratelimit-limit")).toBeNull();
  });
});
