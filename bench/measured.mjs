import { writeFileSync } from "node:fs";

// Runs the built action, and notes the most memory that it took.
process.on("exit", () =>
  writeFileSync(process.env.BENCH_MEMORY_FILE, `${process.resourceUsage().maxRSS / 1024}`),
);
await import("../dist/index.js");
