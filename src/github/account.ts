import { type PackagePages, packagePages } from "../report/package-pages";

/** Whose packages they are. `self`: the account that the token belongs to, which also shows its private packages. */
export interface Account {
  readonly login: string;
  readonly kind: "org" | "user" | "self";
}

/** The addresses of the pages of an account's packages on the server at `serverUrl`. */
export function pagesOf({ login, kind }: Account, serverUrl: string): PackagePages {
  return packagePages({ serverUrl, owner: login, isOrganization: kind === "org" });
}
