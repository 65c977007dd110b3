import fc from "fast-check";
import { Minimatch } from "minimatch";
import { compileGlob, compilePattern, compileRegex } from "../../src/policy/pattern";

function matches(glob: string, value: string): boolean {
  const compiled = compileGlob(glob);
  if ("error" in compiled) throw new Error(compiled.error);
  return compiled.value.matches(value);
}

function globError(glob: string): string {
  const compiled = compileGlob(glob);
  return "error" in compiled ? compiled.error : "no error";
}

function regex(text: string) {
  const compiled = compileRegex(text);
  if ("error" in compiled) throw new Error(compiled.error);
  return compiled.value;
}

function regexError(text: string): string {
  const compiled = compileRegex(text);
  return "error" in compiled ? compiled.error : "no error";
}

describe("a glob", () => {
  test.each([
    ["latest", "latest", true],
    ["latest", "latest-1", false],
    ["latest", "Latest", false],
    ["pr-*", "pr-7", true],
    ["pr-*", "pr-", true],
    ["pr-*", "xpr-7", false],
    ["*", "anything", true],
    ["**", "anything", true],
    ["*-rc*", "1.0-rc1", true],
    ["*-rc*", "-rc", true],
    ["a*a", "a", false],
    ["a*b*c", "a-b-c", true],
    ["a*b*c", "a-c-b", false],
    ["*", ".hidden", true],
    [".*", ".hidden", true],
    ["?hidden", ".hidden", true],
    ["v?.?", "v1.2", true],
    ["v?.?", "v1.22", false],
    ["v[0-9]*", "v1", true],
    ["v[0-9]*", "vx", false],
    ["v[!0-9]", "vx", true],
    ["{a,b}-*", "b-1", true],
    ["{a,b}-*", "c-1", false],
    ["{1..3}", "2", true],
    ["+(a|b)c", "abac", true],
    ["@(a|b)c", "bc", true],
    ["?(a)c", "c", true],
    ["!(latest)", "latest", false],
    ["!(latest)", "edge", true],
    ["v!(*-rc*|*-beta*)", "v1.0", true],
    ["v!(*-rc*|*-beta*)", "v1.0-rc1", false],
    ["!pr-*", "!pr-7", true],
    ["!pr-*", "edge", false],
    ["#1", "#1", true],
    ["\\*", "*", true],
    ["\\*", "x", false],
    ["1.10", "1.10", true],
    ["1.10", "1x10", false],
    ["a[", "a[", true],
    ["x{", "x{", true],
  ])("%s against %s: %s", (glob, value, expected) => {
    expect(matches(glob, value)).toBe(expected);
  });

  it("takes a slash as any other character, since package names are no paths", () => {
    expect(matches("@acme/*", "@acme/ui")).toBe(true);
    expect(matches("*", "team/app")).toBe(true);
    expect(matches("team?app", "team/app")).toBe(true);
    expect(matches("team/{app,web}", "team/web")).toBe(true);
    expect(matches("@acme/*", "@other/ui")).toBe(false);
  });

  it("has errors for what cannot be matched as it is meant", () => {
    expect(globError("")).toBe("an empty glob matches nothing: write a name, or a glob such as pr-*");
    expect(globError("{1..100000}")).toBe(
      'the glob "{1..100000}" has more than 100 alternatives: write a /regex/',
    );
    expect(globError("{a,b}".repeat(25))).toContain("has more than 100 alternatives");
    expect(globError("*!(*a*b*c*)*")).toBe(
      'the glob "*!(*a*b*c*)*" is too complex: list what a simpler one must not match under except',
    );
    expect(globError("!(+(a|aa))")).toContain("is too complex");
  });

  it("has a length that people write, and comes to little with its braces written out", () => {
    expect(matches("a".repeat(256), "a".repeat(256))).toBe(true);
    expect(globError("a".repeat(257))).toBe(
      "a glob has at most 256 characters, and this one has 257: write a shorter one, or a /regex/",
    );
    expect(matches("{1..100}", "100")).toBe(true);
    expect(globError(`{1..100}${"x".repeat(60)}`)).toContain(
      "has more than 5000 characters with its braces written out",
    );
    expect(matches("[0-9a-f]".repeat(32), "0123456789abcdef".repeat(2))).toBe(true);
  });

  it.each([
    ["[".repeat(41), "has more than 40 brackets"],
    ["[".repeat(500), "at most 256 characters"],
    ["*(".repeat(41) + ")".repeat(41), "has more than 40 brackets"],
    ["{a,".repeat(41) + "}".repeat(41), "has more than 40 brackets"],
    ["{a,b}".repeat(40), "has more than 100 alternatives"],
    ["{1..9}".repeat(40), "has more than 100 alternatives"],
    [`{${"a,".repeat(120)}b}`, "has more than 100 alternatives"],
    ["!(a)".repeat(2), "is too complex"],
    ["!(".repeat(20) + ")".repeat(20), "is too complex"],
    ["*a*!(*b*)", "is too complex"],
    [`!(${"a*|".repeat(20)}b)`, "is too complex"],
  ])("is refused before anything is made of it: %j", (glob, error) => {
    expect(globError(glob)).toContain(error);
  });

  it("takes no time to speak of for hostile globs and tags", () => {
    const tag = "a".repeat(128);
    expect(matches("*a*a*a*a*a*a*a*a*a*a*b", tag)).toBe(false);
    expect(matches("?*a*a*a*a*a*a*a*a*a*a*b", tag)).toBe(false);
    expect(matches("+(a|aa)+(a|aa)+(a|aa)b", tag)).toBe(false);
    expect(matches("*(*(*(a)))b", tag)).toBe(false);
  });

  it("agrees with minimatch on whatever is made of stars and plain characters", () => {
    const text = (characters: string) =>
      fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(text("ab.-*"), text("ab.-"), (glob, value) => {
        fc.pre(value !== "." && value !== "..");
        const options = { dot: true, nonegate: true, nocomment: true, noglobstar: true };
        expect(matches(glob, value)).toBe(new Minimatch(glob, options).match(value));
      }),
      { numRuns: 500 },
    );
  });

  it("agrees with minimatch on questions, classes and braces", () => {
    const piece = fc.constantFrom("a", "b", "*", "?", "[ab]", "[!a]", "{a,b}", "{a,}", "@(a|b)", "+(a)", ".");
    const glob = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(""));
    const value = fc.string({ unit: fc.constantFrom("a", "b", "-"), minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(glob, value, (text, tag) => {
        const options = { dot: true, nonegate: true, nocomment: true, noglobstar: true };
        expect(matches(text, tag)).toBe(new Minimatch(text, options).match(tag));
      }),
      { numRuns: 500 },
    );
  });

  it("never throws, whatever the text", () => {
    fc.assert(fc.property(fc.string(), (text) => void compilePattern(text)));
  });
});

describe("a regex", () => {
  test.each([
    ["/pr-[0-9]+/", "pr-7", true],
    ["/pr-[0-9]+/", "pr-7x", false],
    ["/pr-[0-9]+/", "xpr-7", false],
    ["/a|ab/", "ab", true],
    ["/(?i)pr-.*/", "PR-7", true],
    ["/rest/", "rest", true],
    ["/a/b/", "a/b", true],
  ])("%s against %s, whole: %s", (text, value, expected) => {
    expect(regex(text).matches(value)).toBe(expected);
  });

  it("captures named groups in both spellings", () => {
    expect(regex("/(?<branch>[a-z]+)-[0-9]+/").groups).toEqual(["branch"]);
    expect(regex("/(?<branch>[a-z]+)-[0-9]+/").capture("main-7", "branch")).toBe("main");
    expect(regex("/(?P<branch>[a-z]+)-[0-9]+/").capture("main-7", "branch")).toBe("main");
  });

  it("captures nothing where the group took no part, or nothing matches", () => {
    const optional = regex("/(?:(?<branch>[a-z]+)-)?[0-9]+/");
    expect(optional.capture("7", "branch")).toBeUndefined();
    expect(optional.capture("main", "branch")).toBeUndefined();
  });

  test.each([
    ["/(/", 'the regex "/(/" cannot be parsed: missing closing ): `(`'],
    ["/*/", 'the regex "/*/" cannot be parsed: missing argument to repetition operator: `*`'],
    ["//", "an empty regex matches nothing: write it between the slashes, as in /pr-[0-9]+/"],
    ["/pr", '"/pr" begins with / and does not end with it: a regex is written as in /pr-[0-9]+/'],
    ["/", '"/" begins with / and does not end with it: a regex is written as in /pr-[0-9]+/'],
    ["/pr-.*/i", '"/pr-.*/i" begins with / and does not end with it: write flags inside, as in /(?i)pr-.*/'],
  ])("%s is refused", (text, message) => {
    expect(regexError(text)).toBe(message);
  });

  test.each(["/(?=a)b/", "/(?!a)b/", "/(?<!a)b/", "/(?<=a)b/", "/(a)\\1/"])(
    "%s is refused with the reason",
    (text) => {
      expect(regexError(text)).toContain(
        "(the engine is RE2, whose time is linear: it has no lookaheads, lookbehinds or backreferences)",
      );
    },
  );

  it.each([
    [`/${"a".repeat(501)}/`, "a regex has at most 500 characters, and this one has 501: write a shorter one"],
    ...[
      "/((a{1000}){1000}){1000}/",
      "/(a?){1000}b{2}/",
      "/((ab|[a-z]{10}){10}){10}/",
      "/(?:\\pL{30}){40}/",
      "/a{2,}{1000}/",
    ].map((text) => [
      text,
      `the regex ${JSON.stringify(text)} comes to more than 1000 characters with its repetitions written out: write a simpler one`,
    ]),
  ])("is refused before anything is made of it: %s", (text, error) => {
    expect(regexError(text)).toBe(error);
  });

  it.each([
    "/[0-9a-f]{64}/",
    "/(?<branch>[a-z0-9-]{1,100})-[0-9a-f]{7,40}/",
    "/a{1000}/",
    "/\\({999}/",
    "/[)(]{999}/",
  ])("may repeat as people do: %s", (text) => {
    expect(regexError(text)).toBe("no error");
  });

  it("takes no time to speak of for hostile expressions", () => {
    expect(regex("/(a+)+b/").matches("a".repeat(5000))).toBe(false);
    expect(regex("/(a|aa)+b/").matches("a".repeat(5000))).toBe(false);
  });
});
