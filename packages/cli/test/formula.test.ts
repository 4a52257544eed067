import { mistakes } from "@gradproof/verification";
import { expect, test } from "vitest";
import { formula } from "../src/report/formula.ts";

test("every formula of the catalogue is typeset, with nothing left in it that is not", () => {
  const formulas = new Set(mistakes.flatMap(({ mistaken, right }) => [mistaken, right]));
  expect(formulas.size).toBeGreaterThan(100);
  for (const text of formulas) {
    const { markup } = formula(text);
    expect(markup).toMatch(/^<math .*<\/math>$/s);
    expect(markup).not.toMatch(/[_\\{}]|<annotation|mathcolor/);
    // Every letter of it is there, words and symbols, in that order.
    const letters = (shown: string) => shown.replaceAll("\u0302", "").replaceAll(/[^\p{L}]/gu, "");
    const markupText = markup.replaceAll("&lt;", "<").replaceAll("&gt;", ">");
    const expected = letters(text.replaceAll("ŷ", "y").replaceAll(/[Σᵀ]/g, ""));
    expect(letters(markupText.replaceAll(/<[^>]*>/g, "").replaceAll(/[∑Σ]/g, "")), text).toBe(expected);
  }
});

test("a fraction, a transpose and an index are what they should be", () => {
  const { markup } = formula("∂J/∂h_0 = W_hhᵀ δ_1");
  expect(markup).toMatch(/<mfrac>.*∂.*J.*∂.*<msub><mi>h<\/mi><mn>0<\/mn><\/msub>.*<\/mfrac>/s);
  expect(markup).toMatch(/<msubsup><mi>W<\/mi><mrow><mi>h<\/mi><mi>h<\/mi><\/mrow><mi mathvariant="normal">⊤<\/mi>/);
  expect(markup).toContain("<msub><mi>δ</mi><mn>1</mn></msub>");
});
