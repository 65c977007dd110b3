import { parseVersion } from "../../src/github/version-payload";

const entry = {
  id: 7,
  name: "sha256:aa",
  created_at: "2026-11-01T00:00:00Z",
  updated_at: "2026-11-02T00:00:00Z",
  metadata: { package_type: "container", container: { tags: ["latest", "1.0"] } },
};

describe("an entry of the Packages API", () => {
  it("is a version", () => {
    expect(parseVersion(entry, "container")).toEqual({
      id: 7,
      name: "sha256:aa",
      tags: ["latest", "1.0"],
      createdAt: "2026-11-01T00:00:00Z",
      updatedAt: "2026-11-02T00:00:00Z",
    });
  });

  it("was updated when it was created, where nothing else is said", () => {
    const { updated_at: _, ...rest } = entry;
    expect(parseVersion(rest, "container").updatedAt).toBe("2026-11-01T00:00:00Z");
    expect(parseVersion({ ...rest, updated_at: null }, "container").updatedAt).toBe("2026-11-01T00:00:00Z");
  });

  it("has no tags where its list of tags is empty", () => {
    const metadata = { container: { tags: [] } };
    expect(parseVersion({ ...entry, metadata }, "container").tags).toEqual([]);
  });

  it("has each tag once", () => {
    const metadata = { container: { tags: ["a", "b", "a"] } };
    expect(parseVersion({ ...entry, metadata }, "container").tags).toEqual(["a", "b"]);
  });

  it.each([
    [undefined, undefined],
    [null, undefined],
    [{}, undefined],
    [{ container: null }, undefined],
    [{ container: {} }, undefined],
    [{ container: { tags: null } }, null],
    [{ container: { tags: "latest" } }, "latest"],
    [{ container: { tags: { 0: "latest" } } }, { 0: "latest" }],
  ])("is not taken for untagged where its metadata is %j", (metadata, tags) => {
    expect(() => parseVersion({ ...entry, metadata }, "container")).toThrow(
      `version 7: its tags are ${JSON.stringify(tags) ?? "nothing"}, which is not a list of tags`,
    );
  });

  it("says when it was deleted", () => {
    const deleted = { ...entry, deleted_at: "2026-11-03T00:00:00Z" };
    expect(parseVersion(deleted, "container").deletedAt).toBe("2026-11-03T00:00:00Z");
    expect(parseVersion({ ...entry, deleted_at: null }, "container")).not.toHaveProperty("deletedAt");
  });

  it.each([
    [{ docker: { tag: ["a", "b"] } }, ["a", "b"]],
    [{ docker: { tag: "a" } }, ["a"]],
    [{ docker: { tags: ["a"] } }, ["a"]],
    [{ docker: { tags: "a" } }, ["a"]],
    [{ docker: { tag: ["a"], tags: [] } }, ["a"]],
    [{ docker: { tag: "a", tags: ["a", "b"] } }, ["a", "b"]],
  ])("of type docker with metadata %j has the tags %j", (metadata, tags) => {
    expect(parseVersion({ ...entry, metadata }, "docker").tags).toEqual(tags);
  });

  it("of any other type has its name as its one tag", () => {
    expect(parseVersion({ ...entry, name: "1.4.2", metadata: { package_type: "npm" } }, "npm").tags).toEqual([
      "1.4.2",
    ]);
  });

  it.each([
    [{ id: 0 }, "a version has the id 0, which is not a positive whole number"],
    [{ id: "7" }, 'a version has the id "7", which is not a positive whole number'],
    [{ id: 2 ** 53 }, "a version has the id 9007199254740992, which is not a positive whole number"],
    [{ name: "" }, "version 7 has no name"],
    [{ created_at: undefined }, "version 7: created_at is nothing, which is not a date"],
    [{ updated_at: "yesterday" }, 'version 7: updated_at is "yesterday", which is not a date'],
    [{ metadata: { container: { tags: [1] } } }, "version 7: its tags are [1], which is not a list of tags"],
    [{ metadata: { container: { tags: {} } } }, "version 7: its tags are {}, which is not a list of tags"],
    [
      { metadata: { container: { tags: ["a".repeat(500), 1] } } },
      `["${"a".repeat(118)}…, which is not a list of tags`,
    ],
    [{ metadata: "none" }, 'version 7: metadata is "none", which is not an object'],
  ])("with %j makes no sense", (change, message) => {
    expect(() => parseVersion({ ...entry, ...change }, "container")).toThrow(message);
  });

  it("that is no object makes no sense", () => {
    expect(() => parseVersion(null, "npm")).toThrow("an entry of the list is not an object");
  });
});
