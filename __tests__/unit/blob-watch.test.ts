import { imageManifest } from "../../emulator/images";
import { Cancelled, PackageStopped } from "../../src/net/stop";
import { watchBlobs } from "../../src/prepare/blob-watch";
import type { ManifestAnswer, Repository } from "../../src/registry/registry";

/** A repository of these answers; what was asked for. */
function watching(answerOf: (digest: string) => ManifestAnswer) {
  const asked: string[] = [];
  const repository: Repository = {
    manifest: async (digest) => {
      asked.push(digest);
      return answerOf(digest);
    },
    exists: async () => true,
    putManifest: async () => "",
  };
  return { ...watchBlobs(repository), asked };
}

function found(seed: string): ManifestAnswer {
  const { digest, body, mediaType } = imageManifest(seed);
  return { kind: "found", digest, manifest: { kind: "image" }, raw: body, mediaType };
}

function many(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `image ${at}`);
}

describe("the blobs of a package", () => {
  it("are read of each manifest once, and not of those that others have read", async () => {
    const { repository, read, asked } = watching(found);
    await repository.manifest("a");
    const { blobs, unknown } = await read(["a", "b", "b"]);
    expect(asked).toEqual(["a", "b"]);
    expect([blobs.get("a"), blobs.get("b")]).toMatchObject([
      [{ size: 11 }, { size: 10 }],
      [{ size: 11 }, { size: 10 }],
    ]);
    expect(unknown).toBe(0);
  });

  it("are none of a manifest that the registry says not to have", async () => {
    const { read } = watching(() => ({ kind: "absent" }));
    expect(await read(["a"])).toMatchObject({ blobs: new Map([["a", []]]), unknown: 0 });
  });

  it("are one and the same where images share them", async () => {
    const { read } = watching(() => found("shared"));
    const { blobs } = await read(["a", "b"]);
    expect(blobs.get("a")?.[0]).toBe(blobs.get("b")?.[0]);
  });

  it("are not known of what cannot be read, and the others are", async () => {
    const { read } = watching((digest) => {
      if (digest === "b") throw new Error("No.");
      return found(digest);
    });
    const { blobs, unknown, why } = await read(["a", "b", "c"]);
    expect([...blobs.keys()]).toEqual(["a", "c"]);
    expect({ unknown, why }).toEqual({ unknown: 1, why: "No." });
  });

  it("are not asked for any more after ten failures", async () => {
    const { read, asked } = watching(() => {
      throw new Error("No.");
    });
    expect(await read(many(3_000))).toMatchObject({ unknown: 3_000, why: "No." });
    expect(asked.length).toBeLessThanOrEqual(10 + 16);
  });

  it("are not asked for any more once the registry wants a long wait: the package goes on", async () => {
    const { read, asked } = watching(() => {
      throw new PackageStopped("wait");
    });
    expect(await read(many(100))).toMatchObject({ unknown: 100, why: "wait" });
    expect(asked.length).toBeLessThanOrEqual(16);
  });

  it("are nothing to wait for in a cancelled job", async () => {
    const { read } = watching(() => {
      throw new Cancelled("cancelled");
    });
    await expect(read(many(3))).rejects.toThrow(Cancelled);
  });
});
