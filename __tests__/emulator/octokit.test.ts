import { getOctokit } from "@actions/github";
import { GITHUB_TOKEN, image, PAT, start } from "./fixture";

describe("Octokit", () => {
  it("pages through all versions of a package", async () => {
    const versions = Array.from({ length: 250 }, (_, index) => image(`image ${index}`, [`t${index}`]));
    const emulator = await start({ packages: [{ owner: "acme", type: "container", name: "a/b", versions }] });
    const octokit = getOctokit(PAT, { baseUrl: emulator.url });
    const listed = await octokit.paginate(octokit.rest.packages.getAllPackageVersionsForPackageOwnedByOrg, {
      org: "acme",
      package_type: "container",
      package_name: "a/b",
      per_page: 100,
    });
    expect(listed).toHaveLength(250);
    expect(emulator.requests.map(({ path }) => path)).toEqual([
      "/orgs/acme/packages/container/a%2Fb/versions?per_page=100",
      "/orgs/acme/packages/container/a%2Fb/versions?per_page=100&page=2",
      "/orgs/acme/packages/container/a%2Fb/versions?per_page=100&page=3",
    ]);
  });

  it("deletes and restores a version", async () => {
    const emulator = await start();
    const octokit = getOctokit(GITHUB_TOKEN, { baseUrl: emulator.url });
    const version = {
      org: "acme",
      package_type: "container",
      package_name: "app",
      package_version_id: 5,
    } as const;
    await octokit.rest.packages.deletePackageVersionForOrg(version);
    expect(emulator.activeIds("app")).toEqual([1, 2, 3]);
    await octokit.rest.packages.restorePackageVersionForOrg(version);
    expect(emulator.activeIds("app")).toEqual([1, 2, 3, 5]);
  });

  it("reads the message of a refusal", async () => {
    const octokit = getOctokit("wrong", { baseUrl: (await start()).url });
    const refused = octokit.rest.users.getByUsername({ username: "acme" });
    await expect(refused).rejects.toMatchObject({
      status: 401,
      response: { data: { message: "Bad credentials" } },
    });
  });
});
