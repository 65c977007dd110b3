import { transformSync } from "esbuild";

/** Jest's transformer of TypeScript: it removes the types, which `npm run typecheck` checks. */
export default {
  process(source, path) {
    const { code, map } = transformSync(source, {
      loader: "ts",
      format: "esm",
      target: "node20",
      sourcefile: path,
      sourcemap: true,
    });
    return { code, map };
  },
};
