import { inputs, keep } from "./bring-about";
import type { Message } from "./message";

/** What is wrong in a policy's lines. */
export const POLICIES: readonly Message[] = [
  {
    when: "a policy without lines",
    how: () => keep("# nothing"),
    says: 'keep:1:1: the policy has no lines: a policy has lines of "key: what to keep", such as "latest: always"',
  },
  {
    when: "a policy that is a list",
    how: () => keep("- latest: always"),
    says: 'keep:1:1: a list is not a policy: a policy has lines of "key: what to keep", such as "latest: always"',
  },
  {
    when: "a policy that is a word",
    how: () => keep("always"),
    says: 'keep:1:1: "always" is not a policy: a policy has lines of "key: what to keep", such as "latest: always"',
  },
  {
    when: "a mistyped value",
    how: () => keep("latest: alway"),
    says: 'keep:1:9: unknown word "alway", did you mean "always"?',
  },
  {
    when: "a line without a value",
    how: () => keep("latest:"),
    says: "keep:1:1: this line does not say what to keep: write always, never, follow, a number, a duration such as 14d, or a mapping such as {last: 10}",
  },
  {
    when: "a value that is true",
    how: () => keep("latest: true"),
    says: 'keep:1:9: "true" does not say what to keep: to keep all, write always',
  },
  {
    when: "a value that is false",
    how: () => keep("latest: false"),
    says: 'keep:1:9: "false" does not say what to keep: to keep nothing, write never',
  },
  {
    when: "a value that is a list",
    how: () => keep("latest: [3]"),
    says: "keep:1:9: a list does not say what to keep: write always, never, follow, a number, a duration such as 14d, or a mapping such as {last: 10}",
  },
  {
    when: "a mistyped word",
    how: () => keep("pr-*: {lst: 3}"),
    says: 'keep:1:8: unknown word "lst", did you mean "last"?',
  },
  {
    when: "an unknown word",
    how: () => keep("pr-*: {banana: 3}"),
    says: 'keep:1:8: unknown word "banana": write one of always, within, while, last, highest, hourly, daily, weekly, monthly, yearly, per, except, max-age, only-while, follow',
  },
  {
    when: "a word without a colon",
    how: () => keep("pr-*: {last 3}"),
    says: 'keep:1:8: unknown word "last 3": write a colon and a space, as in last: 3',
  },
  {
    when: "never in a mapping",
    how: () => keep("pr-*: {never: true}"),
    says: "keep:1:8: never stands alone, not in a mapping: write it as the whole value of the line",
  },
  {
    when: "always: false",
    how: () => keep("pr-*: {always: false}"),
    says: "keep:1:16: always: false keeps nothing: leave the word out, or write never",
  },
  {
    when: "a mapping that keeps nothing",
    how: () => keep("semver: {per: minor}"),
    says: "keep:1:9: this keeps nothing: add a word such as last: 10, or write never (words: always, within, while, last, highest, hourly, daily, weekly, monthly, yearly)",
  },
  {
    when: "a word as the whole value",
    how: () => keep("pr-*: last"),
    says: 'keep:1:7: "last" does not say how many or how long: write {last: 10}',
  },
  {
    when: "a word as a key",
    how: () => keep("keep-last: 5"),
    says: 'keep:1:1: "keep-last" is not a tag here: write "rest: 5"; for a tag of that name write /keep-last/',
  },
  {
    when: "modifiers and bounds as keys",
    how: () => keep("per: minor\nwhile: branch\nonly-while: branch"),
    says: `keep:1:1: "per" is not a tag here: write "semver: {last: 3, per: minor}"; for a tag of that name write /per/
keep:2:1: "while" is not a tag here: write "rest: {while: branch}"; for a tag of that name write /while/
keep:3:1: "only-while" is not a tag here: write "rest: {last: 10, only-while: branch}"; for a tag of that name write /only-while/`,
  },
  {
    when: "what another cleaner deletes as keys",
    how: () =>
      keep(
        "delete-untagged: true\ndelete-ghost-images: true\ndelete-partial-images: true\ndelete-only-pre-release-versions: true",
      ),
    says: `keep:1:1: "delete-untagged" is not a tag here: write "untagged: never"; for a tag of that name write /delete-untagged/
keep:2:1: "delete-ghost-images" is not a tag here: write "delete-broken: ghost" next to keep, not in it; for a tag of that name write /delete-ghost-images/
keep:3:1: "delete-partial-images" is not a tag here: write "delete-broken: partial" next to keep, not in it; for a tag of that name write /delete-partial-images/
keep:4:1: "delete-only-pre-release-versions" is not a tag here: write "prerelease: never"; for a tag of that name write /delete-only-pre-release-versions/`,
  },
  {
    when: "an input as a key",
    how: () => keep("min-keep: 5"),
    says: 'keep:1:1: "min-keep" is not a tag here: write it next to keep, not in it; for a tag of that name write /min-keep/',
  },
  {
    when: "a count of zero",
    how: () => keep("pr-*: 0"),
    says: "keep:1:7: 0 is not a count: write at least 1; to keep nothing, write never",
  },
  {
    when: "a count with a fraction",
    how: () => keep("pr-*: 1.5"),
    says: 'keep:1:7: last takes a plain whole number of at least 1, not "1.5"',
  },
  {
    when: "a count in quotes",
    how: () => keep('pr-*: {last: "3"}'),
    says: 'keep:1:14: "3" is a text, and a count is a number: drop the quotes',
  },
  {
    when: "a time as a count",
    how: () => keep("pr-*: {last: 14d}"),
    says: 'keep:1:14: last takes a plain whole number of at least 1, not "14d"; for a time write within: 14d',
  },
  {
    when: "a duration without a unit",
    how: () => keep("pr-*: {within: 14}"),
    says: 'keep:1:16: "14": 14 has no unit: write a duration such as 90m, 36h, 14d, 2w, 6mo, 1y or 1w 2d',
  },
  {
    when: "a duration with an unknown unit",
    how: () => keep("pr-*: 14x"),
    says: 'keep:1:7: "14x": unknown unit "x": write a duration such as 90m, 36h, 14d, 2w, 6mo, 1y or 1w 2d',
  },
  {
    when: "a duration with an upper-case unit",
    how: () => keep("pr-*: 14D"),
    says: 'keep:1:7: "14D": unknown unit "D", units are lower-case: write a duration such as 90m, 36h, 14d, 2w, 6mo, 1y or 1w 2d',
  },
  {
    when: "a duration of zero",
    how: () => keep("pr-*: 0d"),
    says: 'keep:1:7: "0d": 0 days is not a duration: write a duration such as 90m, 36h, 14d, 2w, 6mo, 1y or 1w 2d',
  },
  {
    when: "a duration beyond all dates",
    how: () => keep("pr-*: 999999y"),
    says: 'keep:1:7: "999999y" reaches back beyond the earliest date there is: write a shorter duration',
  },
  {
    when: "a duration with a unit twice",
    how: () => keep("pr-*: 1d 2d"),
    says: 'keep:1:7: "1d 2d" names days twice: add them up',
  },
  {
    when: "while with something unknown",
    how: () => keep("pr-*: {while: banana}"),
    says: 'keep:1:15: while knows no "banana": write one of pull-request, branch, release, git-tag',
  },
  {
    when: "while with what others call a pull request",
    how: () => keep("pr-*: {while: pr}"),
    says: 'keep:1:15: while knows no "pr", did you mean "pull-request"?',
  },
  {
    when: "while without a value",
    how: () => keep("pr-*: {while: }"),
    says: "keep:1:8: while names nothing: write one of pull-request, branch, release, git-tag",
  },
  {
    when: "while with a list in its list",
    how: () => keep("pr-*: {while: [[branch]]}"),
    says: "keep:1:16: while takes no list: write one of pull-request, branch, release, git-tag",
  },
  {
    when: "while on untagged",
    how: () => keep("untagged: {while: branch}"),
    says: "keep:1:12: an untagged line does not take while, its versions have no tags to name a pull request, branch, release or tag: leave it out",
  },
  {
    when: "while on a glob with several *",
    how: () => keep('"*-pr-*": {while: branch}'),
    says: 'keep:1:12: "*-pr-*" has more than one *, and it is not clear which of them names the pull request, branch, release or tag: write a /regex/ with a group (?<name>…)',
  },
  {
    when: "while on a regex with several groups",
    how: () => keep("/(a|b)-(.*)/: {while: branch}"),
    says: 'keep:1:16: the regex "/(a|b)-(.*)/" has 2 groups, and it is not clear which of them names the pull request, branch, release or tag: call that one (?<name>…)',
  },
  {
    when: "a living thing as the whole value",
    how: () => keep("pr-*: pull-request"),
    says: 'keep:1:7: "pull-request" needs the word while: write {while: pull-request}',
  },
  {
    when: "while as the whole value",
    how: () => keep("pr-*: while"),
    says: 'keep:1:7: "while" does not say as long as what: write {while: pull-request}',
  },
  {
    when: "only-while alone",
    how: () => keep("pr-*: {only-while: branch}"),
    says: "keep:1:7: this keeps nothing: only-while is a bound, add a word such as last: 10, or write while: pull-request (words: always, within, while, last, highest, hourly, daily, weekly, monthly, yearly)",
  },
  {
    when: "max-age alone",
    how: () => keep("pr-*: {max-age: 90d}"),
    says: "keep:1:7: this keeps nothing: max-age is a bound, add a word such as last: 10, or write within: 14d (words: always, within, while, last, highest, hourly, daily, weekly, monthly, yearly)",
  },
  {
    when: "max-age with a list",
    how: () => keep("pr-*: {last: 1, max-age: [90d]}"),
    says: "keep:1:26: max-age takes one duration: write max-age: 90d",
  },
  {
    when: "follow alone in a mapping",
    how: () => keep("sha-*: {follow: true}"),
    says: "keep:1:8: this keeps nothing: write always: true beside follow, or follow as the whole value of the line (words: always, within, while, last, highest, hourly, daily, weekly, monthly, yearly)",
  },
  {
    when: "follow: false",
    how: () => keep("sha-*: {last: 1, follow: false}"),
    says: "keep:1:26: follow takes true alone: write follow: true, or leave it out",
  },
  {
    when: "follow on rest",
    how: () => keep("rest: follow"),
    says: "keep:1:7: a rest line cannot follow: its tags are those that no other line matches; name them in a line of their own",
  },
  {
    when: "follow on untagged",
    how: () => keep("untagged: follow"),
    says: "keep:1:11: an untagged line cannot follow: its versions have no other tags that decide; write always, never or a word",
  },
  {
    when: "highest on a glob",
    how: () => keep("v*: {highest: 3}"),
    says: "keep:1:6: highest ranks by SemVer: only semver and prerelease lines take it, write last instead",
  },
  {
    when: "per on a glob",
    how: () => keep("v*: {last: 3, per: minor}"),
    says: "keep:1:15: per needs something to group by: a semver or prerelease line, or a /regex/ with a group (?<name>…)",
  },
  {
    when: "per with a mistyped part",
    how: () => keep("semver: {last: 3, per: miner}"),
    says: 'keep:1:24: unknown SemVer line "miner", did you mean "minor"?',
  },
  {
    when: "per without its group",
    how: () => keep('"/(?<branch>.+)-1/": {last: 1, per: brunch}'),
    says: 'keep:1:37: the regex has no group "brunch", did you mean "branch"?',
  },
  {
    when: "except with a reserved word",
    how: () => keep("v*: {last: 1, except: rest}"),
    says: 'keep:1:23: except does not take a reserved word: for the tag "rest" write /rest/',
  },
  {
    when: "except on untagged",
    how: () => keep("untagged: {last: 1, except: v*}"),
    says: "keep:1:21: an untagged line does not take except: its versions have no tags to leave out",
  },
  {
    when: "untagged on npm",
    how: () => keep("untagged: never", "npm"),
    says: "keep:1:1: untagged is for container and docker packages: every version of type npm has a tag; remove this line",
  },
  {
    when: "a duplicate key",
    how: () => keep("v*: 3\nv*: 4"),
    says: 'keep:2:1: duplicate key "v*": it stands on line 1 already, remove one of them',
  },
  {
    when: "an unquoted *",
    how: () => keep("*-dev: 7d"),
    says: 'keep:1:1: quote this key: "*-dev": in YAML an unquoted * begins an alias',
  },
  {
    when: "an unquoted {",
    how: () => keep("{a,b}: 7d"),
    says: 'keep:1:1: quote this key: "{a,b}": in YAML an unquoted { begins a mapping',
  },
  {
    when: "two colons on one line",
    how: () => keep("pr-*: last: 3"),
    says: "keep:1:7: two colons on one line: write a mapping in braces, as in {last: 3}, or quote the value",
  },
  {
    when: "a tab",
    how: () => keep("pr-*:\n\tlast: 3"),
    says: "keep:1:1: this line does not say what to keep: write always, never, follow, a number, a duration such as 14d, or a mapping such as {last: 10}\nkeep:2:1: indent with spaces: YAML allows no tabs here",
  },
  {
    when: "an open quote",
    how: () => keep('"pr-*: 3'),
    says: "keep:1:1: this quote is not closed: close it after its text",
  },
  {
    when: "an open brace",
    how: () => keep("pr-*: {last: 3\nv*: 4"),
    says: "keep:2:1: a { is not closed before this: close it with }",
  },
  {
    when: "no colon",
    how: () => keep("latest always"),
    says: 'keep:1:1: "latest always" is not a policy: a policy has lines of "key: what to keep", such as "latest: always"',
  },
  {
    when: "an invalid regex",
    how: () => keep("/(/: 3"),
    says: 'keep:1:1: the regex "/(/" cannot be parsed: missing closing ): `(`',
  },
  {
    when: "a regex with look-around",
    how: () => keep('"/(?!v).*/": 3'),
    says: 'keep:1:1: the regex "/(?!v).*/" cannot be parsed: invalid or unsupported Perl syntax: `(?!` (the engine is RE2, whose time is linear: it has no lookaheads, lookbehinds or backreferences)',
  },
  {
    when: "a regex with flags behind it",
    how: () => keep("/pr/i: 3"),
    says: 'keep:1:1: "/pr/i" begins with / and does not end with it: write flags inside, as in /(?i)pr/',
  },
  {
    when: "a glob that is too complex",
    how: () => keep('"*a*!(b)*c*": 3'),
    says: 'keep:1:1: the glob "*a*!(b)*c*" is too complex: list what a simpler one must not match under except',
  },
  {
    when: "a second document",
    how: () => keep("v*: 3\n---\nv*: 4"),
    says: "keep:2:1: only one YAML document is read: remove what follows",
  },
  {
    when: "a merge key",
    how: () => keep("<<: 3"),
    says: "keep:1:1: merge keys (<<) are not supported: write the entries out",
  },
  {
    when: "a count too large for a number",
    how: () => keep("pr-*: {last: 99999999999999999999}"),
    says: "keep:1:14: 99999999999999999999 is too large a count: write a smaller one",
  },
  {
    when: "a duration with a fraction",
    how: () => keep("pr-*: 1.5d"),
    says: 'keep:1:7: "1.5d": durations are whole numbers: write a duration such as 90m, 36h, 14d, 2w, 6mo, 1y or 1w 2d',
  },
  {
    when: "always with true in quotes",
    how: () => keep('pr-*: {always: "true"}'),
    says: "keep:1:16: always takes true: drop the quotes",
  },
  {
    when: "always with another value",
    how: () => keep("pr-*: {always: 3}"),
    says: 'keep:1:16: always takes true, not "3": write always: true',
  },
  {
    when: "per with two values",
    how: () => keep("semver: {last: 1, per: [minor, major]}"),
    says: "keep:1:24: per takes one name: write per: minor, or the name of a group",
  },
  {
    when: "per on untagged",
    how: () => keep("untagged: {last: 1, per: minor}"),
    says: "keep:1:21: an untagged line does not take per, its versions have no tags to group by: leave it out",
  },
  {
    when: "per with the name of nothing",
    how: () => keep('"/(?<branch>.+)-1/": {last: 1, per: x}'),
    says: 'keep:1:37: the regex has no group "x": name one, as in (?<x>[a-z]+)',
  },
  {
    when: "except without items",
    how: () => keep("v*: {last: 1, except: []}"),
    says: "keep:1:23: except names nothing: leave it out, or list globs",
  },
  {
    when: "except with a list in its list",
    how: () => keep("v*: {last: 1, except: [[rc]]}"),
    says: "keep:1:24: except takes globs and /regex/, no list: quote a glob with {…} or […]",
  },
  {
    when: "except without a value",
    how: () => keep('v*: {last: 1, except: ""}'),
    says: 'keep:1:23: except names nothing here: write a glob, as in except: "*-rc*"',
  },
  {
    when: "an empty glob",
    how: () => keep('"": 3'),
    says: "keep:1:1: an empty glob matches nothing: write a name, or a glob such as pr-*",
  },
  {
    when: "a glob that is too long",
    how: () => keep(`${"a".repeat(300)}: 1`),
    says: "keep:1:1: a glob has at most 256 characters, and this one has 300: write a shorter one, or a /regex/",
  },
  {
    when: "a glob with too many brackets",
    how: () => keep(`"${"[".repeat(50)}": 1`),
    says: `keep:1:1: the glob "${"[".repeat(50)}" has more than 40 brackets: write a simpler one, or a /regex/`,
  },
  {
    when: "a glob that comes to too much",
    how: () => keep(`"{1..100}${"x".repeat(60)}": 1`),
    says: `keep:1:1: the glob "{1..100}${"x".repeat(60)}" has more than 5000 characters with its braces written out: write a /regex/`,
  },
  {
    when: "a regex that is too long",
    how: () => keep(`/${"a".repeat(600)}/: 1`),
    says: "keep:1:1: a regex has at most 500 characters, and this one has 600: write a shorter one",
  },
  {
    when: "a regex that repeats too much",
    how: () => keep("/(a{100}){100}/: 1"),
    says: 'keep:1:1: the regex "/(a{100}){100}/" comes to more than 1000 characters with its repetitions written out: write a simpler one',
  },
  {
    when: "more problems than are told",
    how: async () => (await inputs({ keep: "a: alway\n".repeat(40) })).split("\n").slice(50).join("\n"),
    says: "keep: 29 more problems are not listed: fix these, and run the action again",
  },
  {
    when: "a glob with too many alternatives",
    how: () => keep('"{1..2000}?": 3'),
    says: 'keep:1:1: the glob "{1..2000}?" has more than 100 alternatives: write a /regex/',
  },
  {
    when: "a key that is too long for YAML",
    how: () => keep(`${"a".repeat(2_000)}: 3`),
    says: "keep:1:1: YAML takes no key of more than 1,024 characters: write a shorter one",
  },
  {
    when: "a text behind a closing quote",
    how: () => keep('"pr-*" 3'),
    says: "keep:1:8: something follows where a text has ended: remove it, or quote all of it",
  },
  {
    when: "an empty regex",
    how: () => keep('"//": 3'),
    says: "keep:1:1: an empty regex matches nothing: write it between the slashes, as in /pr-[0-9]+/",
  },
  {
    when: "a regex without its second slash",
    how: () => keep('"/pr-[0-9]+": 3'),
    says: 'keep:1:1: "/pr-[0-9]+" begins with / and does not end with it: a regex is written as in /pr-[0-9]+/',
  },
  {
    when: "an unquoted &",
    how: () => keep("&a: 3"),
    says: 'keep:1:1: quote this key: "&a": in YAML an unquoted & begins an anchor',
  },
  {
    when: "an unquoted @",
    how: () => keep("@a: 3"),
    says: 'keep:1:1: quote this key: "@a": in YAML an unquoted @ is reserved',
  },
  {
    when: "an unquoted ,",
    how: () => keep(",a: 3"),
    says: 'keep:1:1: quote this key: ",a": in YAML an unquoted , separates items',
  },
  {
    when: "an unquoted |",
    how: () => keep("|a: 3"),
    says: 'keep:1:1: quote this key: "|a": in YAML an unquoted | begins a block of text',
  },
  {
    when: "an unquoted >",
    how: () => keep(">a: 3"),
    says: 'keep:1:1: quote this key: ">a": in YAML an unquoted > begins a block of text',
  },
  {
    when: "an unquoted ?",
    how: () => keep("? a: 3"),
    says: 'keep:1:1: quote this key: "? a": in YAML an unquoted ? begins a key on lines of its own',
  },
  {
    when: "an unquoted * as a value",
    how: () => keep("pr-*: *x"),
    says: 'keep:1:7: quote this value: "*x": in YAML an unquoted * begins an alias, which is not supported here',
  },
  {
    when: "an unquoted [ in braces",
    how: () => keep("pr-*: {last: 3, except: v[0-9]*}"),
    says: 'keep:1:25: quote this key: "v[0-9]*": in YAML an unquoted [ inside of brackets begins a list',
  },
  {
    when: "a key that is a list",
    how: () => keep("pr-*: {[a]: 3}"),
    says: 'keep:1:8: quote this key: "[a]": in YAML an unquoted [ begins a list',
  },
  {
    when: "a text of many megabytes",
    how: () => keep("a: 3\n".repeat(300_000)),
    says: "keep: the text is longer than 100000 characters: split it up",
  },
  {
    when: "a control character",
    how: () => keep("pr-*: 3\u0007"),
    says: "keep: the text contains a control character: remove it",
  },
  {
    when: "brackets in brackets without end",
    how: () => keep(`pr-*: ${"[".repeat(500)}${"]".repeat(500)}`),
    says: "keep:1:56: this is nested more than 50 deep: write it simpler",
  },
  {
    when: "an escape that YAML does not know",
    how: () => keep('"/pr-\\d+/": 3'),
    says: "keep:1:6: in double quotes YAML reads \\ as an escape: use single quotes, or double each \\",
  },
  {
    when: "a key without its colon",
    how: () => keep("latest: always\nnightly"),
    says: 'keep:2:1: this is not "key: value": write a colon and a space after the key',
  },
  {
    when: "an open bracket",
    how: () => keep("pr-*: {last: 3, except: [a\nv*: 4"),
    says: "keep:2:1: a [ is not closed before this: close it with ]",
  },
  {
    when: "lines at different columns",
    how: () => keep("pr-*:\n    last: 3\n  within: 3d"),
    says: "keep:3:1: lines that belong together begin at the same column: indent this one like the others",
  },
  {
    when: "a closing brace too many",
    how: () => keep("pr-*: {last: 3}}"),
    says: "keep:1:16: this } closes nothing: remove it, or open it before",
  },
  {
    when: "a directive",
    how: () => keep("%YAML 1.2\n---\npr-*: 3"),
    says: "keep:1:1: YAML directives are not supported: remove this line",
  },
  {
    when: "a line further to the right",
    how: () => keep("latest: always\n  pr-*: 14d"),
    says: "keep:2:3: lines that belong together begin at the same column: indent this one like the others",
  },
  {
    when: "a line further to the left",
    how: () => keep("  latest: always\n pr-*: 14d"),
    says: "keep:2:2: lines that belong together begin at the same column: indent this one like the others",
  },
  {
    when: "a comma that is missing",
    how: () => keep("semver: {highest: 2 per: minor}"),
    says: "keep:1:19: in braces, put commas between the words: write it as in {last: 3, within: 14d}",
  },
  {
    when: "a comma too many",
    how: () => keep("pr-*: {last: 3,, within: 3d}"),
    says: "keep:1:16: this is not YAML (Unexpected , in flow map): check the line",
  },
];
