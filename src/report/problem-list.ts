import { code, formatNumber, LONGEST_MESSAGE } from "./report-text";
import { fitLines, SUMMARY_LIMIT_BYTES } from "./summary-budget";

const HEADLINE = "## The inputs are wrong; nothing was requested\n\n";

/** The step summary of a run whose inputs are wrong, in Markdown: as many of the problems as fit. */
export function renderProblemList(problems: readonly string[]): string {
  const lines = problems.map((problem) => `- ${code(problem, LONGEST_MESSAGE)}`);
  const { text } = fitLines(lines, problems.length, SUMMARY_LIMIT_BYTES - HEADLINE.length, moreProblems);
  return `${HEADLINE}${text}`;
}

function moreProblems(left: number): string {
  return `- … and ${formatNumber(left)} more; the log has them all.\n`;
}
