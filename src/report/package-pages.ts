import type { PackageRef } from "../model/package-version";

/** Whose packages they are, and on which server. */
export interface PagesOf {
  /** `GITHUB_SERVER_URL`. */
  readonly serverUrl: string;
  readonly owner: string;
  readonly isOrganization: boolean;
}

/** The addresses of the pages of packages and their versions. */
export interface PackagePages {
  readonly ofPackage: (pkg: PackageRef) => string;
  readonly ofVersion: (pkg: PackageRef, id: number) => string;
  /** Where an admin of the package gives repositories and people their roles. */
  readonly ofSettings: (pkg: PackageRef) => string;
}

/** Pages as GitHub's API names them (`html_url`). They are made here, since a list is not to be trusted with links. */
export function packagePages({ serverUrl, owner, isOrganization }: PagesOf): PackagePages {
  const kind = isOrganization ? "orgs" : "users";
  const packages = `${serverUrl.replace(/\/+$/, "")}/${kind}/${encoded(owner)}/packages`;
  // The pages of npm packages have the name without its scope.
  const nameOf = ({ type, name }: PackageRef) =>
    encoded(type === "npm" ? name.replace(/^@[^/]*\//, "") : name);
  return {
    ofPackage: (pkg) => `${packages}/${pkg.type}/package/${nameOf(pkg)}`,
    ofVersion: (pkg, id) => `${packages}/${pkg.type}/${nameOf(pkg)}/${id}`,
    ofSettings: (pkg) => `${packages}/${pkg.type}/${nameOf(pkg)}/settings`,
  };
}

/** Parentheses would end a link of Markdown, and half characters have no encoding. */
function encoded(text: string): string {
  const whole = text.replace(/\p{Cs}/gu, "\ufffd");
  return encodeURIComponent(whole).replace(/[()]/g, (sign) => (sign === "(" ? "%28" : "%29"));
}

/** Whether packages of a type have no rights of their own, but those of their repository. */
export function hasRightsOfRepository(type: string | undefined): boolean {
  return type === "maven" || type === "docker";
}

/** Where a repository gets a role on a package, in words; `settingsUrl` is the address of that page. */
export function actionsAccess(settingsUrl: string | undefined): string {
  return `"Manage Actions access" in the settings of the package${settingsUrl === undefined ? "" : ` (${settingsUrl})`}`;
}
