import { actionInputs } from "../../scripts/action-inputs";
import { ACTION_INPUTS, VERSION } from "../../src/inputs/action-inputs";

it("is what action.yml and package.json say: if not, run `npm run inputs` and commit what it writes", () => {
  expect({ version: VERSION, inputs: ACTION_INPUTS }).toEqual(actionInputs());
});
