import type { Line, Word } from "./policy";
import type { Problem } from "./problem";

/**
 * Counts that were probably meant as times: `14`, where the policy says `14d` as well and counts nothing else. Headline
 * policies such as `pr-*: 14d` beside `rest: 10` are none.
 */
export function countHints(lines: readonly Line[]): Problem[] {
  const words = lines.flatMap((line) => line.words);
  const times = words.flatMap((word) => (word.word === "within" ? [word.duration.text] : []));
  return lines.flatMap((line) => {
    const count = line.words.find((word) => word.word === "last")?.count;
    const time = times.find((text) => Number.parseInt(text, 10) === count);
    if (count === undefined || time === undefined || words.some((word) => countsOther(word, count)))
      return [];
    const message = `"${line.key}" keeps ${count} versions (last: ${count}), beside ${time}: write ${time} if the time is meant`;
    return [{ ...line.at, message }];
  });
}

function countsOther(word: Word, count: number): boolean {
  return "count" in word && word.count !== count;
}
