import { writeFileSync } from "node:fs";
import { actionInputsText } from "./action-inputs";

writeFileSync(new URL("../src/inputs/action-inputs.ts", import.meta.url), actionInputsText());
