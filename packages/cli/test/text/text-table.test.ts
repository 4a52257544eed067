import { runs } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";
import { expect, test } from "vitest";
import { textTable } from "../../src/text/text-table.ts";

test("columns line up, right or left, and nothing trails", () => {
  const lines = textTable(
    [{ heading: "of" }, { heading: "σ", align: "right" }, { heading: "at" }],
    [
      ["Whh", "1.2", "[0, 1]"],
      ["x", { text: "10.5", paint: (text) => `<${text}>` }, ""],
    ],
  );
  expect(lines).toEqual(["  of      σ  at", "  Whh   1.2  [0, 1]", "  x    <10.5>"]);
});

test("every line has its columns at the same places", () => {
  const word = fc.stringMatching(/^[a-zσ]{1,12}$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(word, word), { minLength: 1 }), (rows) => {
      const lines = textTable([{ heading: "a" }, { heading: "b" }], rows);
      const starts = lines.map((line) => line.search(/\S+$/));
      expect(new Set(starts).size).toBe(1);
    }),
    runs(100),
  );
});
