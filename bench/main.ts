import { type Bench, describe, isMet } from "./bench";
import { bundleBench } from "./bundle";
import { deletionsBench } from "./deletions";
import { listingBench } from "./listing";
import { livingBench } from "./living";
import { planBench } from "./plan";
import { readsBench } from "./reads";
import { scaleBench } from "./scale";
import { sizesBench } from "./sizes";
import { startupBench } from "./startup";

// `npm run bench` measures everything, in about five minutes; `npm run bench -- plan startup` only those named.
const BENCHES: readonly Bench[] = [
  bundleBench,
  startupBench,
  planBench,
  livingBench,
  readsBench,
  sizesBench,
  listingBench,
  scaleBench,
  deletionsBench,
];

const names = process.argv.slice(2);
const unknown = names.filter((name) => !BENCHES.some((bench) => bench.name === name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(", ")}. There are:`);
  for (const { name, about } of BENCHES) console.error(`  ${name}: ${about}`);
  process.exitCode = 1;
} else await runAll(BENCHES.filter(({ name }) => names.length === 0 || names.includes(name)));

async function runAll(benches: readonly Bench[]): Promise<void> {
  let missed = 0;
  console.log(`Node ${process.version} on ${process.platform} ${process.arch}`);
  for (const { name, about, run } of benches) {
    console.log(`${name}: ${about}`);
    for await (const measurement of run()) {
      console.log(describe(measurement));
      if (!isMet(measurement)) missed++;
    }
  }
  console.log(missed === 0 ? "All goals are met." : `${missed} goals are missed.`);
  if (missed > 0) process.exitCode = 1;
}
