import { answered, ask, PAT, reply, start } from "./fixture";

const APP = "/orgs/acme/packages/container/app";

describe("faults", () => {
  it("answer in place of the real thing, as often as they are meant to", async () => {
    const emulator = await start({
      faults: [
        {
          match: { method: "GET", path: "/versions", nth: 2, count: 2 },
          answer: { status: 502, body: "Bad Gateway", headers: { "retry-after": "1" } },
        },
      ],
    });
    const answers = [];
    for (let count = 0; count < 4; count++) answers.push(await ask(emulator, "GET", `${APP}/versions`));
    expect(answers.map(({ status }) => status)).toEqual([200, 502, 502, 200]);
    expect(answers[1]?.body).toBe("Bad Gateway");
    expect(answers[1]?.headers.get("retry-after")).toBe("1");
    expect(answers[1]?.headers.get("x-ratelimit-remaining")).toBe("4998");
  });

  it("can come after the work is done", async () => {
    const emulator = await start();
    emulator.faults.add({ match: { method: "DELETE" }, answer: { status: 500 }, processed: true });
    expect((await ask(emulator, "DELETE", `${APP}/versions/5`)).status).toBe(500);
    expect(answered(await ask(emulator, "DELETE", `${APP}/versions/5`))).toBe(
      "404 Package version not found.",
    );
  });

  it("can drop the connection, before or after the work", async () => {
    const emulator = await start();
    emulator.faults.add({ match: { method: "DELETE" }, drop: true });
    await expect(ask(emulator, "DELETE", `${APP}/versions/5`)).rejects.toThrow("fetch failed");
    expect(emulator.activeIds("app")).toEqual([1, 2, 3, 5]);
    emulator.faults.add({ match: { method: "DELETE" }, drop: true, processed: true });
    await expect(ask(emulator, "DELETE", `${APP}/versions/5`)).rejects.toThrow("fetch failed");
    expect(emulator.activeIds("app")).toEqual([1, 2, 3]);
    expect(emulator.requests.map(({ status }) => status)).toEqual([undefined, undefined]);
  });

  it("can answer with anything at all", async () => {
    const emulator = await start();
    const huge = "x".repeat(20_000_000);
    emulator.faults.add({ answer: { status: 200, body: huge, headers: { "Content-Type": "text/html" } } });
    const { headers, body } = await ask(emulator, "GET", `${APP}/versions`);
    expect([headers.get("content-type"), (body as string).length]).toEqual(["text/html", huge.length]);
    emulator.faults.add({ answer: { status: 200, body: { id: "none" } } });
    expect((await ask(emulator, "GET", `${APP}/versions`)).body).toEqual({ id: "none" });
    emulator.faults.add({ match: { path: "^/v2/" }, answer: { status: 200, body: [null] } });
    expect((await reply(await fetch(`${emulator.registryUrl}/v2/acme/app/manifests/v1`))).body).toEqual([
      null,
    ]);
  });

  it("can add pages without end to the real answer", async () => {
    const emulator = await start();
    const page = (number: number) => `<${emulator.url}${APP}/versions?page=${number}>`;
    const link = `${page(2)}; rel="next", ${page(999_999)}; rel="last"`;
    emulator.faults.add({ match: { path: "/versions", count: "always" }, headers: { Link: link } });
    const { headers, body } = await ask(emulator, "GET", `${APP}/versions`);
    expect(headers.get("link")).toBe(link);
    expect(headers.get("x-ratelimit-remaining")).toBe("4999");
    expect(body).toHaveLength(4);
  });

  it("can send a deletion elsewhere", async () => {
    const other = await start();
    const emulator = await start();
    const headers = { location: `${other.url}${APP}/versions/5` };
    emulator.faults.add({ match: { method: "DELETE" }, answer: { status: 307, headers } });
    expect((await ask(emulator, "DELETE", `${APP}/versions/5`)).status).not.toBe(307);
    expect(other.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `DELETE ${APP}/versions/5`,
    ]);
    expect(emulator.activeIds("app")).toEqual([1, 2, 3, 5]);
  });

  it("can change the real answer as a test likes", async () => {
    const emulator = await start();
    emulator.faults.add({
      match: { method: "GET", count: 2 },
      change: (answer, { path }) => ({ ...answer, status: 203, body: [answer.status, path] }),
    });
    const { status, body } = await ask(emulator, "GET", APP);
    expect([status, body]).toEqual([203, [200, APP]]);
    emulator.faults.add({ match: { method: "DELETE" }, change: () => ({ status: 200, body: "surprise" }) });
    const deletion = await ask(emulator, "DELETE", `${APP}/versions/5`);
    expect([deletion.status, deletion.body, emulator.activeIds("app")]).toEqual([200, "surprise", [1, 2, 3]]);
  });

  it("can cut a body in the middle", async () => {
    const emulator = await start();
    emulator.faults.add({ cutBody: true });
    await expect(ask(emulator, "GET", `${APP}/versions`)).rejects.toThrow("terminated");
    expect((await ask(emulator, "GET", `${APP}/versions`)).status).toBe(200);
  });

  it("can hold an answer back, always, until they are cleared", async () => {
    const emulator = await start();
    emulator.faults.add({ match: { count: "always" }, delay: 50, answer: { status: 503 } });
    await ask(emulator, "GET", APP);
    const [held] = emulator.requests;
    expect((held?.endedAt ?? 0) - (held?.time ?? 0)).toBeGreaterThanOrEqual(45);
    expect((await ask(emulator, "GET", APP)).status).toBe(503);
    emulator.faults.clear();
    expect((await ask(emulator, "GET", APP)).status).toBe(200);
  });
});

describe("the request log", () => {
  it("keeps what was asked and what was answered", async () => {
    const emulator = await start();
    await ask(emulator, "GET", "/orgs/acme/packages/npm/@acme%2Ftools/versions?page=1");
    expect(emulator.requests).toMatchObject([
      {
        index: 1,
        method: "GET",
        path: "/orgs/acme/packages/npm/@acme%2Ftools/versions?page=1",
        headers: { authorization: `Bearer ${PAT}` },
        body: "",
        inFlight: 1,
        status: 200,
      },
    ]);
  });

  it("tells listeners of a request before it is answered", async () => {
    const emulator = await start();
    const seen: string[] = [];
    const stop = emulator.onRequest(async (index, { method, status }) => {
      seen.push(`${index} ${method} ${status} ${emulator.activeIds("app").length}`);
    });
    await ask(emulator, "DELETE", `${APP}/versions/5`);
    await ask(emulator, "GET", APP);
    stop();
    await ask(emulator, "GET", APP);
    expect(seen).toEqual(["1 DELETE undefined 4", "2 GET undefined 3"]);
  });
});
