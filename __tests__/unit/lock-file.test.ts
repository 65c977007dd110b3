import { readFileSync } from "node:fs";

interface Entry {
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
}

const lock = JSON.parse(readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8")) as {
  packages: Record<string, Entry>;
};
const entries = Object.entries(lock.packages).filter(([path]) => path !== "");

/** Programs of other systems for two tools of development: each entry is the same program, built for one system. */
const WITHOUT_INTEGRITY = {
  "@biomejs/cli":
    "android-arm64 android-x64 darwin-arm64 darwin-x64 linux-arm64-musl linux-x64-musl win32-arm64 win32-x64",
  "@unrs/resolver-binding":
    "android-arm-eabi android-arm64 darwin-arm64 darwin-x64 freebsd-x64 linux-arm-gnueabihf linux-arm-musleabihf " +
    "linux-loong64-gnu linux-loong64-musl linux-ppc64-gnu linux-riscv64-gnu linux-riscv64-musl linux-s390x-gnu " +
    "openharmony-arm64 win32-arm64-msvc win32-ia32-msvc win32-x64-msvc",
};

it("names the entries of the lock file that have no integrity, and has it for all others", () => {
  const known = Object.entries(WITHOUT_INTEGRITY).flatMap(([name, systems]) =>
    systems.split(" ").map((system) => `node_modules/${name}-${system}`),
  );
  const lacking = entries.filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? ""));
  expect(lacking.map(([path]) => path)).toEqual(known);
  expect(lacking.filter(([, { dev, optional }]) => !dev || !optional)).toEqual([]);
});
