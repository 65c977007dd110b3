import {
  basicAuthorization,
  isTrustedRealm,
  parseChallenge,
  parseToken,
  tokenUrl,
} from "../../src/registry/registry-auth";

describe("a registry's challenge", () => {
  it("names where a token comes from, and what for", () => {
    const header = 'Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:o/app:pull"';
    expect(parseChallenge(header)).toEqual({
      scheme: "bearer",
      realm: "https://ghcr.io/token",
      service: "ghcr.io",
      scope: "repository:o/app:pull",
    });
  });

  it("is read with spaces, other cases, commas in values and without quotes", () => {
    expect(
      parseChallenge('bearer Realm="https://r.io/t" , scope="repository:o/app:pull,push", service=r.io'),
    ).toEqual({
      scheme: "bearer",
      realm: "https://r.io/t",
      scope: "repository:o/app:pull,push",
      service: "r.io",
    });
  });

  it("is the bearer one of several", () => {
    expect(parseChallenge('Basic realm="r", Bearer realm="https://r.io/t"')).toEqual({
      scheme: "bearer",
      realm: "https://r.io/t",
    });
  });

  it("may ask for the token itself", () => {
    expect(parseChallenge('Basic realm="Registry Realm"')).toEqual({ scheme: "basic" });
  });

  it.each([null, "", "Bearer", 'Bearer service="r.io"', 'Digest realm="r"'])("is none in %p", (header) => {
    expect(parseChallenge(header)).toBeUndefined();
  });
});

describe("the address of a token", () => {
  it("has the service and the scope of the challenge", () => {
    const url = tokenUrl(
      { scheme: "bearer", realm: "https://r.io/t?x=1", service: "r.io", scope: "repository:o/app:pull" },
      "repository:o/other:pull",
    );
    expect(url.href).toBe("https://r.io/t?x=1&service=r.io&scope=repository%3Ao%2Fapp%3Apull");
  });

  it("has the scope of the request where the challenge has none", () => {
    const url = tokenUrl({ scheme: "bearer", realm: "https://r.io/t" }, "repository:o/app:pull");
    expect(url.href).toBe("https://r.io/t?scope=repository%3Ao%2Fapp%3Apull");
  });
});

describe("the GitHub token is shown", () => {
  it.each([
    ["https://ghcr.io/token", "https://ghcr.io/"],
    ["https://ghe.example.com/token", "https://containers.ghe.example.com/"],
    ["https://auth.registry.example.com/token", "https://registry.example.com/"],
    ["http://127.0.0.1:5000/token", "http://127.0.0.1:5000/"],
    ["https://localhost/token", "http://localhost/"],
  ])("to %p by %p", (realm, registry) => {
    expect(isTrustedRealm(new URL(realm), new URL(registry))).toBe(true);
  });

  it.each([
    ["https://evil.example/token", "https://ghcr.io/"],
    ["https://ghcr.io.evil.example/token", "https://ghcr.io/"],
    ["https://evilghcr.io/token", "https://ghcr.io/"],
    ["https://io/token", "https://ghcr.io/"],
    ["http://ghcr.io/token", "https://ghcr.io/"],
    ["http://127.0.0.1:6000/token", "http://127.0.0.1:5000/"],
    ["ftp://ghcr.io/token", "https://ghcr.io/"],
  ])("not to %p by %p", (realm, registry) => {
    expect(isTrustedRealm(new URL(realm), new URL(registry))).toBe(false);
  });

  it("as the password of any user", () => {
    expect(basicAuthorization("secret")).toBe("Basic eC1hY2Nlc3MtdG9rZW46c2VjcmV0");
  });
});

describe("a registry's token", () => {
  it("is used for most of its life", () => {
    expect(parseToken('{"token":"abc","expires_in":300}', 1_000)).toEqual({
      authorization: "Bearer abc",
      expires: 271_000,
    });
  });

  it("lives for a minute where nothing is said", () => {
    expect(parseToken('{"access_token":"abc"}', 0)).toEqual({ authorization: "Bearer abc", expires: 54_000 });
  });

  it.each(["", "{}", "null", "<html>", '{"token":""}', '{"token":"a\\r\\nb: c"}', '{"token":5}'])(
    "is not found in %p",
    (body) => {
      expect(parseToken(body, 0)).toBeUndefined();
    },
  );
});
