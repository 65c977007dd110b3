import type { Ghosts, PackageData } from "../../emulator/data";
import type { Emulator } from "../../emulator/server";
import { answered, ask, image, start } from "./fixture";

const APP = "/orgs/acme/packages/container/app/versions";
const REGISTRY = { challenge: false };

function haunted(ghosts?: Ghosts, first: Partial<PackageData["versions"][number]> = {}): Promise<Emulator> {
  const versions = [{ ...image("a", ["a"]), ...first }, image("b", ["b"]), image("c", ["c"])];
  const one: PackageData = { owner: "acme", type: "container", name: "app", versions };
  return start({ registry: REGISTRY, packages: [ghosts === undefined ? one : { ...one, ghosts }] });
}

async function ids(emulator: Emulator, query = ""): Promise<number[]> {
  const { body } = await ask(emulator, "GET", `${APP}${query}`);
  return (body as { id: number }[]).map(({ id }) => id);
}

async function manifest(emulator: Emulator, reference: string): Promise<string> {
  const response = await fetch(`${emulator.registryUrl}/v2/acme/app/manifests/${reference}`);
  const { errors } = (await response.json()) as { errors?: { code: string }[] };
  return `${response.status} ${errors?.[0]?.code ?? "found"}`;
}

describe("a deleted version that is a ghost", () => {
  it("is listed for ever, with its tags and without a time of deletion", async () => {
    const emulator = await haunted(true);
    await ask(emulator, "DELETE", `${APP}/1`);
    expect(emulator.activeIds("app")).toEqual([2, 3]);
    for (let count = 0; count < 5; count++) expect(await ids(emulator)).toEqual([3, 2, 1]);
    const { body } = await ask(emulator, "GET", APP);
    const ghost = (body as object[])[2];
    expect(ghost).toMatchObject({ id: 1, metadata: { container: { tags: ["a"] } } });
    expect(ghost).not.toHaveProperty("deleted_at");
    expect(await ids(emulator, "?state=deleted")).toEqual([1]);
  });

  it("is found nowhere else", async () => {
    const emulator = await haunted(true);
    await ask(emulator, "DELETE", `${APP}/1`);
    expect(answered(await ask(emulator, "GET", `${APP}/1`))).toBe("404 Package version not found.");
    expect(answered(await ask(emulator, "DELETE", `${APP}/1`))).toBe("404 Package version not found.");
    expect(await manifest(emulator, "a")).toBe("404 MANIFEST_UNKNOWN");
  });

  it("is found where the options say so, and still cannot be deleted", async () => {
    const emulator = await haunted({ get: true, manifest: true });
    await ask(emulator, "DELETE", `${APP}/1`);
    const { status, body } = await ask(emulator, "GET", `${APP}/1`);
    expect([status, "deleted_at" in (body as object)]).toEqual([200, false]);
    expect(answered(await ask(emulator, "DELETE", `${APP}/1`))).toBe("404 Package version not found.");
    expect(await manifest(emulator, "a")).toBe("200 found");
    expect(await manifest(emulator, emulator.package("app").versions[0]?.name ?? "")).toBe("200 found");
  });

  it("is gone after a number of listings", async () => {
    const emulator = await haunted({ listings: 2, get: true, manifest: true });
    await ids(emulator);
    await ask(emulator, "DELETE", `${APP}/1`);
    const seen = [await ids(emulator), await ids(emulator), await ids(emulator)];
    expect(seen).toEqual([
      [3, 2, 1],
      [3, 2, 1],
      [3, 2],
    ]);
    expect(answered(await ask(emulator, "GET", `${APP}/1`))).toBe("404 Package version not found.");
    expect(await manifest(emulator, "a")).toBe("404 MANIFEST_UNKNOWN");
  });

  it("is gone after some time", async () => {
    const emulator = await haunted({ ms: 3_600_000 }, { deletedAt: "59m ago" });
    expect(await ids(emulator)).toEqual([3, 2, 1]);
    expect(await ids(await haunted({ ms: 3_600_000 }, { deletedAt: "61m ago" }))).toEqual([3, 2]);
  });

  it("may be one version alone, or all but one", async () => {
    const one = await haunted(undefined, { deletedAt: "1d ago", ghost: true });
    await ask(one, "DELETE", `${APP}/2`);
    expect(await ids(one)).toEqual([3, 1]);
    const others = await haunted(true, { ghost: false });
    await ask(others, "DELETE", `${APP}/1`);
    await ask(others, "DELETE", `${APP}/2`);
    expect(await ids(others)).toEqual([3, 2]);
  });

  it("stays restorable, and is no ghost then", async () => {
    const emulator = await haunted(true);
    await ask(emulator, "DELETE", `${APP}/1`);
    expect((await ask(emulator, "POST", `${APP}/1/restore`)).status).toBe(204);
    expect(emulator.activeIds("app")).toEqual([1, 2, 3]);
    expect((await ask(emulator, "GET", `${APP}/1`)).status).toBe(200);
  });
});
