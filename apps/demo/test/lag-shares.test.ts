import { expect, test } from "vitest";
import { lagShares } from "../src/scenes/lags/lag-shares.ts";

const settings = { T: 8, H: 3, gain: 1, seed: 5, t: 8, k: 1 } as const;

test("a row of terms adds up to autodiff's gradient for the reading that is right, and for no other", () => {
  const rowsOf = (reading: Parameters<typeof lagShares>[0]["reading"]) =>
    lagShares({ ...settings, reading })
      .rows.map(({ same }) => (same ? "=" : "x"))
      .join("");
  expect(rowsOf("corrected")).toBe("========");
  expect(rowsOf("eq15")).toBe("=xxxxxxx");
  expect(rowsOf("eq14")).toBe("=xxxxxxx");
  // Two Jacobians in a row are needed for an order.
  expect(rowsOf("eq20")).toBe("==xxxxxx");
  expect(rowsOf("eq27")).toBe("=xxxxxxx");
});

test("with one hidden unit the order of the Jacobians cannot matter", () => {
  const { rows } = lagShares({ ...settings, H: 1, reading: "eq20" });
  expect(rows.every(({ same }) => same)).toBe(true);
});

test("in float64 the right rows differ by rounding, wrong ones by far more", () => {
  const worst = (reading: "corrected" | "eq14") =>
    Math.max(...lagShares({ ...settings, reading }).rows.map(({ relative }) => relative));
  // 8 terms of products of up to 7 matrices: some hundred roundings of 1.1e-16.
  expect(worst("corrected")).toBeLessThan(1e-13);
  expect(worst("eq14")).toBeGreaterThan(0.01);
});
