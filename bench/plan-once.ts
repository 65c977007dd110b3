import { plan } from "../src/plan/plan";
import { benchPolicy, TEN_LINES } from "./policy";
import { multiPlatformImages, NOW, plainImages } from "./versions";

// Plans one package in a process of its own, and prints the milliseconds and the most memory that it took.
const [kind, count = "1000"] = process.argv.slice(2);
const { versions, images } =
  kind === "graph" ? multiPlatformImages(Number(count)) : plainImages(Number(count));
const policy = benchPolicy(TEN_LINES);
const start = performance.now();
const planning = plan({
  pkg: { type: "container", name: "app" },
  policy,
  versions,
  images,
  inUse: new Map(),
  now: NOW,
});
const milliseconds = performance.now() - start;
if (planning.kind !== "plan") throw new Error("the registry should have nothing left to tell");
const deleted = planning.plan.verdicts.filter(({ verdict }) => verdict === "delete").length;
const mebibytes = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ milliseconds, mebibytes, versions: versions.length, deleted }));
