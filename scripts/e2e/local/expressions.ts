/** What `${{ }}` can name: `steps.push.outputs.package` by its segments. */
export type Contexts = Readonly<Record<string, unknown>>;

/**
 * Evaluates the expressions in a text of a workflow. Only names are known, as in `${{ env.E2E_KEEP }}`: a workflow that
 * calculates says so at once. What is not there is empty, as on GitHub, except for a context itself.
 *
 * @throws Error for an expression that is more than a name
 */
export function evaluate(text: string, contexts: Contexts): string {
  return text.replaceAll(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
    if (!/^[a-z]+(\.[\w-]+)+$/i.test(expression))
      throw new Error(`the expression ${expression} is not known here`);
    return lookUp(expression.split("."), contexts);
  });
}

/** Evaluates the texts of a mapping; other scalars become texts. */
export function evaluateAll(
  mapping: Readonly<Record<string, unknown>> | undefined,
  contexts: Contexts,
): Record<string, string> {
  const entries = Object.entries(mapping ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, evaluate(String(value), contexts)]));
}

function lookUp([context = "", ...path]: readonly string[], contexts: Contexts): string {
  if (!(context in contexts)) throw new Error(`there is no context ${context} here`);
  let value: unknown = contexts[context];
  for (const name of path) value = (value as Record<string, unknown> | undefined)?.[name];
  return value === undefined ? "" : String(value);
}
