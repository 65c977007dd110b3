import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeFolder } from "../../scripts/remove-folder";
import { readSafely } from "../../src/inputs/safe-file";

const base = mkdtempSync(join(tmpdir(), "safe-file-"));
const [workspace, temp, outside] = ["workspace", "temp", "outside"].map((name) => join(base, name)) as [
  string,
  string,
  string,
];
for (const directory of [workspace, temp, outside]) mkdirSync(directory);
writeFileSync(join(workspace, "policy.yml"), "latest: always");
writeFileSync(join(temp, "report.json"), "{}");
writeFileSync(join(outside, "secret"), "s3cret");

afterAll(() => removeFolder(base));

const onUnix = process.platform === "win32" ? it.skip : it;

function read(path: string, most = 1_000_000): string {
  return readSafely(path, [workspace, temp], most).toString("utf8");
}

describe("a file that an input names", () => {
  it("is read where it is a plain one in the workspace or in RUNNER_TEMP", () => {
    expect(read(join(workspace, "policy.yml"))).toBe("latest: always");
    expect(read(join(temp, "report.json"))).toBe("{}");
    expect(read(join(workspace, "..", "temp", "report.json"))).toBe("{}");
  });

  it("is read through a link that stays in its places", () => {
    symlinkSync(join(temp, "report.json"), join(workspace, "link.json"));
    expect(read(join(workspace, "link.json"))).toBe("{}");
  });

  it("is refused elsewhere: by a path, by a link, and below a directory that is a link", () => {
    symlinkSync(join(outside, "secret"), join(workspace, "secret"));
    symlinkSync(outside, join(workspace, "deploy"));
    const paths = [join(outside, "secret"), join(workspace, "../outside/secret")];
    const links = [join(workspace, "secret"), join(workspace, "deploy", "secret")];
    for (const path of [...paths, ...links]) expect(() => read(path)).toThrow("it is not in the workspace");
  });

  it("is refused beside a workspace whose name it begins with", () => {
    mkdirSync(`${workspace}-2`);
    writeFileSync(join(`${workspace}-2`, "policy.yml"), "");
    expect(() => read(join(`${workspace}-2`, "policy.yml"))).toThrow("it is not in the workspace");
  });

  it("may be anywhere on a person's machine", () => {
    expect(readSafely(join(outside, "secret"), "anywhere", 100).toString("utf8")).toBe("s3cret");
  });

  it("is refused where it is a directory", () => {
    expect(() => read(workspace)).toThrow("it is a directory");
  });

  onUnix("is refused where it is a pipe, a socket or a device, without waiting for it", async () => {
    execFileSync("mkfifo", [join(workspace, "pipe")]);
    expect(() => read(join(workspace, "pipe"))).toThrow("it is a device, a pipe or a socket");
    const server = createServer().listen(join(workspace, "socket"));
    await new Promise((resolve) => server.once("listening", resolve));
    expect(() => read(join(workspace, "socket"))).toThrow();
    server.close();
    expect(() => readSafely("/dev/zero", "anywhere", 100)).toThrow("it is a device, a pipe or a socket");
  });

  it("is refused where it is larger than such a file is, also one that takes no room on the disk", () => {
    const large = join(workspace, "large");
    writeFileSync(large, "0123456789");
    expect(read(large, 10)).toBe("0123456789");
    expect(() => read(large, 9)).toThrow("it is larger than");
    truncateSync(large, 10_000_000_000);
    expect(() => read(large)).toThrow("it is larger than 1 MB");
  });

  (process.platform === "linux" ? it : it.skip)("is read whole where its size is not told", () => {
    const path = "/proc/self/status";
    expect(readSafely(path, "anywhere", 100_000).length).toBeGreaterThan(100);
    expect(readFileSync(path).length).toBeGreaterThan(100);
    expect(() => readSafely(path, "anywhere", 100)).toThrow("it is larger than");
  });
});
