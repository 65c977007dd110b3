import type { PackageRef } from "../model/package-version";

/**
 * A name of an npm package, and how it reads with its owner's scope or without it: GitHub's API leaves the scope out,
 * and users know the package with it.
 */
export function npmSpellings(name: string, login: string): readonly [string, string] {
  const scope = `@${login}/`;
  const isScoped = name.toLowerCase().startsWith(scope.toLowerCase());
  return [name, isScoped ? name.slice(scope.length) : `${scope}${name}`];
}

/** The same package in the other spelling; undefined for types that have but one. */
export function otherSpelling({ type, name }: PackageRef, login: string): PackageRef | undefined {
  return type === "npm" ? { type, name: npmSpellings(name, login)[1] } : undefined;
}
