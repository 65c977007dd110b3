/**
 * Texts of the sources that are no errors and no warnings of their own; `…` stands for what is filled in. Each is said
 * by another test than that of the messages.
 */
export const ELSEWHERE: readonly string[] = [
  // Parts of reasons of verdicts (spec/policy.md), in the report.
  "older than …",
  "older than …, the max-age",
  "pull request is open",
  "pull request is not open",
  "pull request unknown",
  "branch exists",
  "branch is gone",
  "release exists",
  "no release",
  "git tag exists",
  "no git tag",
  "restored with its package",
  "restored from …",
  "active already",
  // Why a version was not deleted, or does not come back, beside it in the report.
  "…: it was restored",
  "… stayed, and may need it: its manifest cannot be read",
  "what it is a part of stayed",
  "what it is a part of stays",
  "changed since it was reviewed",
  "not in the reviewed plan, in which it stays",
  "reviewed, and kept by the policy now",
  "changed since it was planned",
  "stays now: …",
  // The log, at info and debug level.
  ", … requests left this hour",
  "The output results leaves out … packages; the report file has them.",
  "Read … manifests of … container versions, … reads avoided.",
  "The hourly limit is down to its reserve: waiting … s for the reset.",
  "… failed and may be tried again: …",
  "GitHub asks to slow down (…: …). All requests pause for … s.",
  "The plan restores … of ….",
  // The summary of wrong inputs, which lists the messages.
  "## The inputs need mending; nothing was requested\n\n…\n",
  // Parts of messages that take more to bring about than this test has: a huge answer, a file that is gone again.
  "it was exchanged while it was opened",
  "it is a device, a pipe or a socket",
  "more than … files and directories are below it",
  "the answer is larger than 16 MiB",
  "it stored … in place of …",
  // Parts of YAML's own messages, by which they are known.
  "YAML stream",
  "Missing closing",
  "Implicit map keys",
  "end with a }",
  "end with a ]",
  "at node end",
  // What cannot be without a mistake in the program; the types ask for it.
  "there is no version at place … of the plan",
  "no verdict on version … (…)",
  "`highest` ranks only tags that are SemVer versions",
  "the plan of … needs a registry",
  "the plan asks for what was not listed: …",
  "nested too deeply",
  "the glob … is not understood: write a simpler one, or a /regex/",
  "is something else",
  'quote this key: a key is a text, as in "{a,b}": 3',
  "see the report",
  "the report says why",
];
