import { type Emulator, startEmulator } from "../../emulator/server";
import { createGitHub } from "../../src/github/github";
import { askRegistryAddress, plainHttpWarning } from "../../src/github/registry-address";
import { virtualClock } from "../support/virtual-clock";

/** Where the container registry of a GitHub server is (spec/action.md). */

const SERVER = "https://git.example.org";
const GUESS = "https://containers.git.example.org";

const running: Emulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()));
});

async function ask(
  serverUrl: string,
  containerRegistryUrl?: string,
  answer?: { readonly status: number; readonly body?: unknown },
): Promise<string> {
  const emulator = await startEmulator({
    owners: [{ login: "mona", type: "User" }],
    tokens: [{ kind: "pat", token: "monas-token", login: "mona", scopes: ["read:packages"] }],
    packages: [],
    ...(containerRegistryUrl === undefined ? {} : { containerRegistryUrl }),
  });
  running.push(emulator);
  if (answer) emulator.faults.add({ match: { count: "always" }, answer });
  const github = createGitHub({
    token: "monas-token",
    baseUrl: emulator.url,
    deletesPerMinute: 170,
    rateLimitReserve: 100,
    log: { debug() {}, info() {}, warning() {} },
    clock: virtualClock(),
  });
  return askRegistryAddress(github, serverUrl);
}

it("is what an Enterprise Server or GHE.com says", async () => {
  expect(await ask(SERVER, "https://docker.git.example.org/")).toBe("https://docker.git.example.org");
  expect(await ask("https://octocorp.ghe.com", "https://containers.octocorp.ghe.com")).toBe(
    "https://containers.octocorp.ghe.com",
  );
});

it.each([401, 403, 404, 500])("is guessed where it answers %d", async (status) => {
  expect(await ask(SERVER, undefined, { status })).toBe(GUESS);
});

it.each(["", "ghcr", "ftp://docker.example.org", "https://user@docker.example.org", null, { url: GUESS }])(
  "is guessed where it says %j",
  async (url) => {
    expect(await ask(SERVER, undefined, { status: 200, body: { url } })).toBe(GUESS);
  },
);

it("is ghcr.io on github.com, which is not asked", async () => {
  expect(await ask("https://github.com", "https://docker.git.example.org")).toBe("https://ghcr.io");
  expect(running[0]?.requests).toEqual([]);
});

it.each([
  ["http://registry.example", true],
  ["http://127.0.0.1.example.org", true],
  ["https://registry.example", false],
  ["http://localhost:5000", false],
  ["http://127.0.0.1:5000", false],
  ["http://[::1]:5000", false],
])("is warned of without https unless it is this machine: %s", (address, isWarned) => {
  expect(plainHttpWarning(address) !== undefined).toBe(isWarned);
});
