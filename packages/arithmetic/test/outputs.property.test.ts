import { testLaws } from "./laws/law.ts";
import { mayBeAnInput, onlyTheOutput, poisonShows, writesAfresh } from "./laws/outputs.ts";

testLaws("Outputs", [onlyTheOutput, writesAfresh, mayBeAnInput, poisonShows]);
