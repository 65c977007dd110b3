import { join } from "node:path";
import { build } from "esbuild";

/** Makes of `node scripts/x.ts` what the Node.js of this machine can run. */
export type Scripts = (command: string) => Promise<string>;

const RUNS_TYPESCRIPT = "typescript" in process.features && process.features.typescript !== false;

/** Node.js 20 does not run TypeScript: each script is bundled into a folder, once, and its bundle runs instead. */
export function createScripts(root: string, folder: string): Scripts {
  const bundles = new Map<string, Promise<string>>();
  const bundled = async (path: string) => {
    const outfile = join(folder, `script-${bundles.size}.mjs`);
    await build({ entryPoints: [join(root, path)], outfile, bundle: true, platform: "node", format: "esm" });
    return outfile;
  };
  return async (command) => {
    const [, path, rest] = /^node (scripts\/\S+\.ts)(.*)$/s.exec(command) ?? [];
    if (RUNS_TYPESCRIPT || path === undefined) return command;
    const bundle = bundles.get(path) ?? bundled(path);
    bundles.set(path, bundle);
    return `node ${JSON.stringify(await bundle)}${rest}`;
  };
}
