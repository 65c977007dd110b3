import { surviveClosedPipes } from "./output/stdout";
import { runSession, type Session } from "./run/session";

surviveClosedPipes();
const session = await openSession(process.argv.slice(2), process.env);
if (session !== undefined) {
  await runSession(session);
  // A request that was given up may still hold a connection open: nobody waits for it.
  setTimeout(() => process.exit(), 2_000).unref();
}

/** A runner gives no arguments, and the inputs as `INPUT_…`. Only the modules of the one or the other are run. */
async function openSession(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Session | undefined> {
  const hasInputs = Object.keys(env).some((name) => name.startsWith("INPUT_"));
  if (args.length === 0 && (env.GITHUB_ACTIONS === "true" || hasInputs)) {
    const { jobSession } = await import(/* webpackMode: "eager" */ "./run/job-session");
    return jobSession(env);
  }
  const { commandLineSession } = await import(/* webpackMode: "eager" */ "./run/command-line-session");
  return commandLineSession(args, env);
}
