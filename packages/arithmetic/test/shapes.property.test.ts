import { test } from "vitest";
import { subjects } from "./arithmetics.ts";
import { testLaws } from "./laws/law.ts";
import { operationsAreChecked, refusedBy, rowsAreChecked, shapesAreChecked } from "./laws/shapes.ts";

testLaws("Wrong calls", [shapesAreChecked, rowsAreChecked, operationsAreChecked]);

test.each(subjects)("$name: every wrong call of the list is refused", (subject) => {
  for (const call of refusedBy(subject)) shapesAreChecked.check(subject, call);
});
