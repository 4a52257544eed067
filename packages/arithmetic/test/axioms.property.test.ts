import { inverses, rationals, ring } from "./laws/axioms.ts";
import { testLaws } from "./laws/law.ts";

testLaws("Axioms", [ring, inverses, rationals]);
