import fc from "fast-check";
import { runnerOutput } from "../../src/output/runner";
import { aPackage, aReport, aVersion } from "../support/report-builder";

/** What is written to the log while something is told. */
function written(work: () => void): string {
  const { write } = process.stdout;
  let text = "";
  process.stdout.write = (chunk: string | Uint8Array) => {
    text += chunk;
    return true;
  };
  try {
    work();
  } finally {
    process.stdout.write = write;
  }
  return text;
}

const HOSTILE = "x\n::stop-commands::pwned\r\n##[error]no\u2028::set-output name=a::b\u001b[31m";

describe("the log of a job", () => {
  it.each([
    ["a line", () => runnerOutput.info(HOSTILE)],
    ["a name", () => runnerOutput.showPackages(aReport({ packages: [aPackage({ name: HOSTILE })] }))],
    [
      "a tag",
      () =>
        runnerOutput.showPackages(
          aReport({ packages: [aPackage({ versions: [aVersion({ id: 1, tags: [HOSTILE] })] })] }),
        ),
    ],
    ["a warning", () => runnerOutput.warning(HOSTILE, { title: HOSTILE, file: HOSTILE })],
    ["an error", () => runnerOutput.error(HOSTILE, { title: HOSTILE })],
  ])("has %s of others as text, and takes no command from it", (_, work) => {
    const lines = written(work).split(/\r?\n/);
    for (const line of lines) {
      expect(line).not.toMatch(/##\[|\p{Cc}|\u2028/u);
      expect(line).toMatch(/^$|^(?!\s*::)|^::(group|endgroup|warning|error)[ :]/);
    }
  });

  it("has no command in it, whatever others wrote", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(":", "#", "[", "\n", "\r", " ", "a", "\u2029", "%") }),
        (text) => {
          const lines = written(() => runnerOutput.info(text))
            .trimEnd()
            .split(/\r?\n/);
          expect(lines).toHaveLength(1);
          expect(lines[0]).not.toMatch(/::|##\[/);
        },
      ),
    );
  });

  it("cuts lines that nobody would read: a digest of three megabytes", () => {
    const digest = `sha256:${"0".repeat(3_000_000)}`;
    expect(written(() => runnerOutput.info(digest)).length).toBeLessThan(5_000);
    expect(written(() => runnerOutput.error(digest)).length).toBeLessThan(5_000);
    expect(written(() => runnerOutput.warning("no\n".repeat(9_000))).length).toBeLessThan(1_000);
  });

  it("has titles and places of annotations", () => {
    const about = { title: "Wrong input: policy-file", file: "a,b.yml", line: 3, column: 7 };
    expect(written(() => runnerOutput.error("a.yml:3:7: unknown", about)).trimEnd()).toBe(
      "::error title=Wrong input%3A policy-file,file=a%2Cb.yml,line=3,col=7::a.yml:3:7: unknown",
    );
  });

  it("has nothing of the debug level where nobody debugs", () => {
    expect(written(() => runnerOutput.debug("retry"))).toBe("");
  });
});
