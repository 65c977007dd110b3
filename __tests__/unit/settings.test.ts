import {
  DEFAULT_SETTINGS,
  parseMinutes,
  parseSetting,
  parseWholeNumber,
  type SettingName,
} from "../../src/policy/settings";

const HEX = "0123456789abcdef".repeat(4);

function settingOf(name: SettingName, text: string) {
  const parsed = parseSetting(name, text);
  if ("error" in parsed) throw new Error(parsed.error);
  return parsed.value;
}

function errorOf(name: SettingName, text: string): string {
  const parsed = parseSetting(name, text);
  return "error" in parsed ? parsed.error : "no error";
}

describe("the settings", () => {
  it("have the documented defaults", () => {
    expect(DEFAULT_SETTINGS).toEqual({
      repository: undefined,
      ifNotFound: "error",
      protect: new Set(),
      inUseFiles: [],
      inUseEnvironments: [],
      minKeep: 1,
      maxDelete: undefined,
      grace: { text: "1d", years: 0, months: 0, weeks: 0, days: 1, hours: 0, minutes: 0 },
      timestamp: "updated",
      timezone: "UTC",
      deleteBroken: "never",
      untag: false,
      deleteEmptyPackage: false,
    });
  });

  test.each([
    ["untag", "true", { untag: true }],
    ["untag", "True", { untag: true }],
    ["untag", "TRUE", { untag: true }],
    ["untag", "false", { untag: false }],
    ["delete-empty-package", "False", { deleteEmptyPackage: false }],
    ["delete-empty-package", "FALSE", { deleteEmptyPackage: false }],
    ["min-keep", "0", { minKeep: 0 }],
    ["min-keep", "12", { minKeep: 12 }],
    ["max-delete", "0", { maxDelete: { kind: "count", count: 0 } }],
    ["max-delete", "100", { maxDelete: { kind: "count", count: 100 } }],
    ["max-delete", "10%", { maxDelete: { kind: "percent", percent: 10 } }],
    ["max-delete", "0.5%", { maxDelete: { kind: "percent", percent: 0.5 } }],
    ["max-delete", "100%", { maxDelete: { kind: "percent", percent: 100 } }],
    ["grace", "0", { grace: undefined }],
    ["grace", "6h", { grace: { text: "6h", years: 0, months: 0, weeks: 0, days: 0, hours: 6, minutes: 0 } }],
    ["timestamp", "created", { timestamp: "created" }],
    ["timestamp", "updated", { timestamp: "updated" }],
    ["timezone", "Europe/Berlin", { timezone: "Europe/Berlin" }],
    ["timezone", "UTC", { timezone: "UTC" }],
    ["delete-broken", "ghost", { deleteBroken: "ghost" }],
    ["delete-broken", "partial", { deleteBroken: "partial" }],
    [
      "in-use-files",
      "deploy/**/*.yaml\n\n# more\ncompose.yml  # the old one\n",
      { inUseFiles: ["deploy/**/*.yaml", "compose.yml"] },
    ],
    [
      "in-use-files",
      '["deploy/**/*.yaml", compose.yml]',
      { inUseFiles: ["deploy/**/*.yaml", "compose.yml"] },
    ],
    ["repository", "Octo-Org/app.js", { repository: "Octo-Org/app.js" }],
    ["if-not-found", "warn", { ifNotFound: "warn" }],
  ] as const)("%s: %j", (name, text, value) => {
    expect(settingOf(name, text)).toEqual(value);
  });

  test.each([
    [`sha256:${HEX}\r\n\r\n123 # the first release\n`, [`sha256:${HEX}`, "123"]],
    [`sha512:${HEX}${HEX}`, [`sha512:${HEX}${HEX}`]],
    ["# none", []],
    ["v1.2.3, latest,,123\n,", ["v1.2.3", "latest", "123"]],
    ["{latest,v1.2.3}", ["{latest", "v1.2.3}"]],
  ])("protect: %j", (text, entries) => {
    expect(settingOf("protect", text).protect).toEqual(new Set(entries));
  });

  it("tell where each environment is written", () => {
    const at = (line: number, column: number) => ({ source: "in-use-environments", line, column });
    expect(settingOf("in-use-environments", "production\n  staging # too\n")).toEqual({
      inUseEnvironments: ["production", "staging"],
      environmentsAt: new Map([
        ["production", at(1, 1)],
        ["staging", at(2, 3)],
      ]),
    });
    expect(settingOf("in-use-environments", '["blue, green", red]').inUseEnvironments).toEqual([
      "blue, green",
      "red",
    ]);
  });

  it("know where the entries of protect stand", () => {
    expect(settingOf("protect", "v1.2.3, latest # both\n\n 123").protectAt).toEqual(
      new Map([
        ["v1.2.3", { source: "protect", line: 1, column: 1 }],
        ["latest", { source: "protect", line: 1, column: 9 }],
        ["123", { source: "protect", line: 3, column: 2 }],
      ]),
    );
  });

  test.each([
    ["untag", "maybe", '"maybe" is not a boolean: write true or false'],
    ["untag", "yes", '"yes" is not a boolean: write true or false'],
    ["untag", "tRUE", '"tRUE" is not a boolean: write true or false'],
    ["untag", "1", '"1" is not a boolean: write true or false'],
    ["min-keep", "-1", '"-1" is not a whole number of at least 0'],
    ["min-keep", "1.5", '"1.5" is not a whole number of at least 0'],
    ["min-keep", "1e3", '"1e3" is not a whole number of at least 0'],
    ["min-keep", "99999999999999999999", '"99999999999999999999" is not a whole number of at least 0'],
    ["max-delete", "0%", '"0%" is not a percentage above 0% and up to 100%'],
    ["max-delete", "101%", '"101%" is not a percentage above 0% and up to 100%'],
    ["max-delete", "-5", '"-5" is neither a whole number nor a percentage: write 100 or 10%'],
    ["max-delete", "ten", '"ten" is neither a whole number nor a percentage: write 100 or 10%'],
    ["timestamp", "pushed", 'unknown value "pushed": write one of updated, created'],
    ["timestamp", "create", 'unknown value "create", did you mean "created"?'],
    [
      "timezone",
      "Mars/Phobos",
      '"Mars/Phobos" is not a known time zone: write an IANA name such as UTC or Europe/Berlin',
    ],
    [
      "timezone",
      "+01:00",
      '"+01:00" is not a known time zone: write an IANA name such as UTC or Europe/Berlin',
    ],
    ["delete-broken", "true", 'unknown value "true": write one of never, ghost, partial'],
    [
      "grace",
      "1",
      '"1": 1 has no unit: write a duration such as 90m, 36h, 14d, 2w, 6mo, 1y or 1w 2d; 0 switches it off',
    ],
    ["protect", "latest\n123\nsha256:abc", '"sha256:abc" is not a digest: write it in full'],
    [
      "in-use-files",
      `deploy/*.yaml\n${"x".repeat(257)}`,
      "a glob has at most 256 characters, and this one has 257: write a shorter one",
    ],
    ["protect", "v1.*, v2", '"v1.*": tags are literal here, for a glob write a line such as "v1.*: always"'],
    [
      "protect",
      "v1 v2",
      '"v1 v2" is not a digest, version id or tag: write one per line, a tag without the name of its image',
    ],
    [
      "protect",
      "acme/app:v1",
      '"acme/app:v1" is not a digest, version id or tag: write one per line, a tag without the name of its image',
    ],
    ["repository", "app", '"app" is not a repository: write owner/name, such as octo-org/app'],
    [
      "repository",
      "https://github.com/octo-org/app",
      '"https://github.com/octo-org/app" is not a repository: write owner/name, such as octo-org/app',
    ],
    ["if-not-found", "ignore", 'unknown value "ignore": write one of error, warn'],
  ] as const)("%s: %j is refused", (name, text, message) => {
    expect(errorOf(name, text)).toBe(message);
  });
});

describe("numbers", () => {
  it("are whole and large enough, or minutes with fractions", () => {
    expect(parseWholeNumber("1", 1)).toEqual({ value: 1 });
    expect(parseWholeNumber("0", 1)).toEqual({ error: '"0" is not a whole number of at least 1' });
    expect(parseMinutes("7.5")).toEqual({ value: 7.5 });
    expect(parseMinutes("30")).toEqual({ value: 30 });
    expect(parseMinutes("0")).toEqual({ error: '"0" is not a number of minutes above 0: write 30 or 7.5' });
    expect(parseMinutes("-1")).toEqual({ error: '"-1" is not a number of minutes above 0: write 30 or 7.5' });
    expect(parseMinutes("1h")).toEqual({ error: '"1h" is not a number of minutes above 0: write 30 or 7.5' });
  });
});
