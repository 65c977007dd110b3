import { execFile } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { checkEqual, readReport } from "../check.ts";
import { type Context, namesOf, setOutputs } from "../context.ts";
import { observe } from "../facts.ts";
import { exchange, waitFor } from "../http.ts";
import { callPackage, listVersions, waitForDeleted } from "../packages.ts";

const execute = promisify(execFile);
const VERSIONS = ["1.0.0", "1.0.1", "1.1.0-rc.1"];

/** Step 9: publishes three versions, and asks for the package by both of its names. */
export async function publishNpm(context: Context): Promise<void> {
  const { npm, scopedNpm } = namesOf(context);
  setOutputs({ plain: npm, scoped: scopedNpm });
  for (const version of VERSIONS) await publish(context, scopedNpm, version);
  const { value: names } = await waitFor(`${scopedNpm} is found`, async () => {
    const plain = await nameIn(context, npm);
    const scoped = await nameIn(context, scopedNpm);
    return plain === undefined && scoped === undefined ? undefined : { plain, scoped };
  });
  observe(context, "npm", "the name that GitHub has for a package", {
    "asked without its scope": names.plain ?? "not found",
    "asked with its scope": names.scoped ?? "not found",
  });
  await checkVersions(context, VERSIONS);
}

/** Step 9, after a run that keeps the highest release. */
export async function checkNpmDeleted(context: Context): Promise<void> {
  checkEqual("the status", readReport().status, "complete");
  const kept = "1.0.1";
  await checkVersions(context, [kept]);
  const deleted = VERSIONS.filter((version) => version !== kept);
  await waitForDeleted(context, await knownName(context), deleted, "npm");
}

/** Step 9, after the others were restored. */
export async function checkNpmRestored(context: Context): Promise<void> {
  checkEqual("the status", readReport().status, "complete");
  await checkVersions(context, VERSIONS);
}

async function publish(context: Context, name: string, version: string): Promise<void> {
  const folder = mkdtempSync(join(context.temp, "npm-"));
  const { host, pathname } = new URL(context.npmUrl);
  const repository = `git+${context.serverUrl}/${context.repository}.git`;
  const description = "What the end-to-end workflow publishes and deletes.";
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name, version, description, repository }));
  const config = join(folder, ".npmrc");
  writeFileSync(config, `registry=${context.npmUrl}\n//${host}${pathname}:_authToken=\${NODE_AUTH_TOKEN}\n`);
  const options = [
    "--userconfig",
    config,
    "--ignore-scripts",
    "--tag",
    version.includes("-") ? "next" : "latest",
  ];
  const env = { ...process.env, NODE_AUTH_TOKEN: context.token };
  await execute("npm", ["publish", folder, ...options], { cwd: folder, env });
}

async function nameIn(context: Context, name: string): Promise<string | undefined> {
  const { status, json } = await callPackage(context, "GET", name, "", "npm");
  return status === 200 ? (json as { name: string }).name : undefined;
}

/** The spelling of the name that GitHub's API knows. */
async function knownName(context: Context): Promise<string> {
  const { npm, scopedNpm } = namesOf(context);
  return (await nameIn(context, npm)) === undefined ? scopedNpm : npm;
}

/** Waits until the versions that are both listed and in the registry are the expected ones: a list may show ghosts. */
async function checkVersions(context: Context, expected: readonly string[]): Promise<void> {
  const { scopedNpm } = namesOf(context);
  const name = await knownName(context);
  const what = `the versions of ${name} are ${expected.join(", ")}`;
  await waitFor(what, async () => {
    const listed = (await listVersions(context, name, { type: "npm" })).map((version) => version.name);
    const there = await published(context, scopedNpm);
    const both = listed.filter((version) => there.includes(version));
    return [...both].sort().join() === [...expected].sort().join() ? both : undefined;
  });
}

async function published(context: Context, name: string): Promise<string[]> {
  const url = new URL(name.replace("/", "%2f"), context.npmUrl);
  const { json } = await exchange(url, { headers: { authorization: `Bearer ${context.token}` } });
  return Object.keys((json as { versions?: object } | undefined)?.versions ?? {});
}
