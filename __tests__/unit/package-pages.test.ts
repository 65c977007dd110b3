import { marked } from "marked";
import { packagePages } from "../../src/report/package-pages";
import { messageMarkdown } from "../../src/report/report-text";
import { renderSummary } from "../../src/report/summary";
import { aPackage, aReport, aVersion } from "../support/report-builder";

const ORGANIZATION = packagePages({
  serverUrl: "https://github.com",
  owner: "octo-org",
  isOrganization: true,
});

describe("the pages of packages", () => {
  it("are those of GitHub's API, of organizations and of users", () => {
    const app = { type: "container", name: "app" } as const;
    expect(ORGANIZATION.ofPackage(app)).toBe(
      "https://github.com/orgs/octo-org/packages/container/package/app",
    );
    expect(ORGANIZATION.ofVersion(app, 836)).toBe(
      "https://github.com/orgs/octo-org/packages/container/app/836",
    );
    const user = packagePages({ serverUrl: "https://ghe.example/", owner: "octocat", isOrganization: false });
    expect(user.ofVersion(app, 7)).toBe("https://ghe.example/users/octocat/packages/container/app/7");
    expect(user.ofSettings(app)).toBe("https://ghe.example/users/octocat/packages/container/app/settings");
  });

  it("have names with a slash in one piece, and npm's without their scope", () => {
    expect(ORGANIZATION.ofPackage({ type: "container", name: "shop/api" })).toMatch(/\/package\/shop%2Fapi$/);
    expect(ORGANIZATION.ofPackage({ type: "npm", name: "@octo-org/ui" })).toMatch(/\/npm\/package\/ui$/);
  });

  it("stay one link, whatever a name has in it", () => {
    const page = ORGANIZATION.ofPackage({ type: "container", name: 'a) [x](http://evil) "<\ud800' });
    expect(page).toMatch(/^https:\/\/github\.com\/orgs\/octo-org\/packages\/container\/package\/[\w%.~-]+$/);
  });

  it("are linked to in the summary", () => {
    const report = aReport({ packages: [aPackage({ versions: [aVersion({ id: 12, tags: ["latest"] })] })] });
    const summary = renderSummary(report, { pages: ORGANIZATION });
    const address = "https://github.com/orgs/octo-org/packages/container";
    expect(summary).toContain(`| [<code>app</code>](${address}/package/app) | container |`);
    expect(summary).toContain(`| <code>latest</code> | [12](${address}/app/12) |`);
  });

  it("are linked to as they are in messages, where Markdown has its own use for the signs of a name", () => {
    const settings = ORGANIZATION.ofSettings({ type: "container", name: "my_app~*" });
    const text = messageMarkdown(`a_b: see the settings (${settings}).`);
    expect(text).toContain("a&#95;b: see");
    const [, href = ""] = /href="([^"]*)"/.exec(marked.parse(text, { async: false })) ?? [];
    expect(decodeURIComponent(href)).toBe(
      "https://github.com/orgs/octo-org/packages/container/my_app~*/settings",
    );
  });
});
