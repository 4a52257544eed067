import { liftIsExact, liftRefuses, ratios, sameness } from "./laws/conversions.ts";
import { testLaws } from "./laws/law.ts";

testLaws("Conversions", [liftIsExact, liftRefuses, sameness, ratios]);
