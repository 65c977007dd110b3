import type { Facts } from "../facts";
import { differences, inOneLine } from "./differences";
import { proveLocally } from "./local";

/** Warns of each difference between the facts in `E2E_FACTS` and what the local GitHub does. None makes it fail. */
async function compare(): Promise<void> {
  const recorded = JSON.parse(process.env.E2E_FACTS ?? "") as Facts;
  const { facts } = await proveLocally();
  const found = differences(recorded, facts).map(inOneLine);
  for (const text of found)
    console.log(`::warning title=The local GitHub differs::${text.replaceAll("%", "%25")}`);
  console.log(`Differences: ${found.length}.`);
}

await compare();
