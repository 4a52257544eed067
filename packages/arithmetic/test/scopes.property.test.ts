import { testLaws } from "./laws/law.ts";
import { lasting, lifetimes, resultsStay, reuse } from "./laws/scopes.ts";

testLaws("Scopes", [lifetimes, reuse, resultsStay, lasting]);
