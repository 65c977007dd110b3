import { ANSWERS } from "./answers";
import { INPUTS } from "./inputs";
import type { Message } from "./message";
import { POLICIES } from "./policies";
import { PUSHES } from "./pushes";
import { RESTORATIONS } from "./restorations";
import { RUNS } from "./runs";

/** Each error and warning that the action can print. */
export const MESSAGES: readonly Message[] = [
  ...POLICIES,
  ...INPUTS,
  ...ANSWERS,
  ...RUNS,
  ...PUSHES,
  ...RESTORATIONS,
];
