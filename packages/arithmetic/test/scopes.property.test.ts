import { testLaws } from "./laws/law.ts";
import { lifetimes, resultsStay, reuse } from "./laws/scopes.ts";

testLaws("Scopes", [lifetimes, reuse, resultsStay]);
