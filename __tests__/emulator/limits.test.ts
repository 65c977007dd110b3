import { setTimeout as sleep } from "node:timers/promises";
import type { Emulator } from "../../emulator/server";
import { answered, ask, GITHUB_TOKEN, type Reply, reply, start } from "./fixture";

const APP = "/orgs/acme/packages/container/app";

function remaining({ headers }: Reply): string | null {
  return headers.get("x-ratelimit-remaining");
}

async function askTimes(emulator: Emulator, times: number, method = "GET"): Promise<string[]> {
  const answers: string[] = [];
  for (let count = 0; count < times; count++)
    answers.push(answered(await ask(emulator, method, `${APP}/versions/999`)));
  return answers;
}

describe("the primary rate limit", () => {
  it("is counted in every answer, for each token on its own", async () => {
    const emulator = await start();
    const first = await ask(emulator, "GET", APP);
    expect(Object.fromEntries([...first.headers].filter(([name]) => name.startsWith("x-ratelimit")))).toEqual(
      {
        "x-ratelimit-limit": "5000",
        "x-ratelimit-remaining": "4999",
        "x-ratelimit-used": "1",
        "x-ratelimit-resource": "core",
        "x-ratelimit-reset": first.headers.get("x-ratelimit-reset"),
      },
    );
    const reset = Number(first.headers.get("x-ratelimit-reset")) * 1000;
    expect(reset).toBeGreaterThan(Date.now() + 3_500_000);
    expect(remaining(await ask(emulator, "GET", `${APP}/nothing`))).toBe("4998");
    expect(remaining(await ask(emulator, "GET", APP, GITHUB_TOKEN))).toBe("999");
  });

  it("can jitter about the time of its reset", async () => {
    const emulator = await start({ limits: { primary: { resetJitterSeconds: 1 } } });
    const resets: number[] = [];
    for (let count = 0; count < 6; count++)
      resets.push(Number((await ask(emulator, "GET", APP)).headers.get("x-ratelimit-reset")));
    const [first = 0] = resets;
    expect(resets.map((reset) => reset - first)).toEqual([0, 1, -1, 0, 1, -1]);
  });

  it("refuses when nothing remains", async () => {
    const emulator = await start({ limits: { primary: { limit: 10, used: 9 } } });
    expect(remaining(await ask(emulator, "GET", APP))).toBe("0");
    const refused = await ask(emulator, "DELETE", `${APP}/versions/5`);
    expect(answered(refused)).toBe("403 API rate limit exceeded for user ID 1002.");
    expect(remaining(refused)).toBe("0");
    expect(emulator.violations).toMatchObject([
      { kind: "primary", method: "DELETE", path: `${APP}/versions/5` },
    ]);
    expect(emulator.activeIds("app")).toEqual([1, 2, 3, 5]);
  });
});

describe("the secondary rate limit", () => {
  it("allows 900 points a minute, of which a write takes five", async () => {
    const emulator = await start();
    const allowed = await askTimes(emulator, 180, "DELETE");
    expect(new Set(allowed)).toEqual(new Set(["404 Package version not found."]));
    const refused = await ask(emulator, "GET", APP);
    expect(answered(refused)).toBe(
      "403 You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
    );
    expect(refused.headers.get("retry-after")).toBe("60");
    expect(emulator.violations).toMatchObject([{ kind: "points" }]);
  });

  it("counts requests that do not wait as they were told", async () => {
    const emulator = await start({
      limits: { secondary: { points: 2, status: 429, retryAfterHeader: false } },
    });
    const answers = await askTimes(emulator, 4);
    expect(answers.map((text) => text.slice(0, 3))).toEqual(["404", "404", "429", "429"]);
    expect(emulator.violations.map(({ kind }) => kind)).toEqual(["points", "pause"]);
  });

  it("goes on after the pause", async () => {
    const emulator = await start({ limits: { secondary: { points: 1, retryAfterSeconds: 0 } } });
    const answers = await askTimes(emulator, 3);
    expect(answers.map((text) => text.slice(0, 3))).toEqual(["404", "403", "404"]);
  });

  it("allows a number of requests at once", async () => {
    const emulator = await start({ limits: { secondary: { concurrency: 2 } } });
    let release = () => {};
    const together = new Promise<void>((resolve) => {
      release = resolve;
    });
    emulator.onRequest(async (index) => {
      if (index === 3) release();
      await together;
    });
    const answers = await Promise.all([1, 2, 3].map(() => ask(emulator, "GET", APP)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 403]);
    expect(emulator.violations.map(({ kind }) => kind)).toEqual(["concurrency"]);
    expect(emulator.requests.map(({ inFlight }) => inFlight)).toEqual([1, 2, 3]);
  });

  it("allows 90 seconds of server time a minute, as far as it was answered", async () => {
    const emulator = await start({ latency: { read: 1_000 } });
    const askTogether = async (times: number) =>
      (await Promise.all(Array.from({ length: times }, () => ask(emulator, "GET", APP)))).map(
        ({ status }) => status,
      );
    expect(new Set(await askTogether(90))).toEqual(new Set([200]));
    expect(await askTogether(2)).toEqual([200, 200]);
    expect(answered(await ask(emulator, "DELETE", `${APP}/versions/5`))).toBe(
      "403 You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
    );
    expect(emulator.violations.map(({ kind }) => kind)).toEqual(["server-time"]);
  });

  it("counts the server time of a sliding window", async () => {
    const secondary = { serverSeconds: 0.1, windowSeconds: 0.2 };
    const emulator = await start({ latency: { read: 60 }, limits: { secondary } });
    for (let count = 0; count < 4; count++) {
      expect((await ask(emulator, "GET", APP)).status).toBe(200);
      await sleep(150);
    }
    expect(emulator.violations).toEqual([]);
  });

  it("counts what a fault delays, and can leave server time aside", async () => {
    const held = (delay: number) => [{ match: { count: "always" as const }, delay }];
    const counting = await start({ faults: held(60), limits: { secondary: { serverSeconds: 0.1 } } });
    expect((await askTimes(counting, 3)).at(-1)).toMatch(/^403 You have exceeded/);
    const free = await start({ faults: held(1_000), limits: { secondary: { serverSeconds: false } } });
    await Promise.all(Array.from({ length: 91 }, () => ask(free, "GET", APP)));
    free.faults.clear();
    expect((await ask(free, "GET", APP)).status).toBe(200);
    expect(free.violations).toEqual([]);
  });

  it("can be switched off", async () => {
    const emulator = await start({ limits: { secondary: false, primary: false } });
    await askTimes(emulator, 200, "DELETE");
    expect(emulator.violations).toEqual([]);
  });
});

describe("the registry's limits", () => {
  const MANIFEST = "/v2/acme/app/manifests/v1";
  const LIMITED = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";

  async function askRegistry(emulator: Emulator, path: string): Promise<unknown[]> {
    const { status, headers, body } = await reply(await fetch(`${emulator.registryUrl}${path}`));
    const { errors } = body as { errors?: { code: string; message: string }[] };
    return [status, headers.get("retry-after"), errors?.[0]?.code, errors?.[0]?.message];
  }

  it.each([
    ["registry-secondary-limit", undefined, [403, null, "DENIED", LIMITED]],
    ["registry-secondary-limit", 30, [403, "30", "DENIED", LIMITED]],
    [
      "registry-minute-limit",
      undefined,
      [429, null, "TOOMANYREQUESTS", "retry-after: 985.86µs, allowed: 44000/minute"],
    ],
    ["registry-denied", undefined, [403, null, "DENIED", "requested access to the resource is denied"]],
  ] as const)("answer once as the preset %s, retry-after %s, says", async (preset, retryAfter, expected) => {
    for (const [path, next] of [
      [MANIFEST, 401],
      ["/token?scope=repository:acme/app:pull", 403],
    ] as const) {
      const emulator = await start();
      emulator.faults.add({
        match: { path: path.replace(/\?.*/, "") },
        preset,
        ...(retryAfter !== undefined && { retryAfter }),
      });
      expect(await askRegistry(emulator, path)).toEqual(expected);
      expect((await askRegistry(emulator, path))[0]).toBe(next);
    }
  });

  it("can count requests, and those that come too soon", async () => {
    const registry = { points: 1, retryAfterSeconds: 60, status: 403 } as const;
    const emulator = await start({ registry: { challenge: false }, limits: { registry } });
    const answers = [];
    for (const path of [MANIFEST, MANIFEST, "/token"]) answers.push(await askRegistry(emulator, path));
    expect(answers).toEqual([
      [200, null, undefined, undefined],
      [403, "60", "DENIED", LIMITED],
      [403, "60", "DENIED", LIMITED],
    ]);
    expect(emulator.violations).toMatchObject([
      { kind: "registry", path: MANIFEST },
      { kind: "registry-pause", path: "/token" },
    ]);
    expect((await ask(emulator, "GET", APP)).status).toBe(200);
  });

  it("speak of 44,000 requests a minute unless told otherwise", async () => {
    const registry = { points: 1, retryAfterSeconds: 0, retryAfterHeader: false };
    const emulator = await start({ registry: { challenge: false }, limits: { registry } });
    await askRegistry(emulator, MANIFEST);
    expect((await askRegistry(emulator, MANIFEST)).slice(0, 3)).toEqual([429, null, "TOOMANYREQUESTS"]);
    expect((await askRegistry(emulator, MANIFEST))[0]).toBe(200);
  });
});
