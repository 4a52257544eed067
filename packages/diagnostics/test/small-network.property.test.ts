import { runs } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkGradient } from "../src/check/check-gradient.ts";
import { networks, run, type Weights } from "./small-network.ts";

type Mistake = (gradient: Weights) => Weights;
const mistakes: Readonly<Record<string, Mistake>> = {
  "a sign": (g) => ({ ...g, b: g.b.map((value) => -value) }),
  "a factor 2": (g) => ({ ...g, v: g.v.map((value) => 2 * value) }),
  "one element off by 1e-3": (g) => ({ ...g, W: g.W.map((value, i) => (i === 0 ? value * 1.001 : value)) }),
  "two elements swapped": (g) => ({ ...g, v: Float64Array.of(...g.v.subarray(1), g.v[0]) }),
};
const names = ["W", "b", "v"] as const;

/** The mistake as a share of each input's largest derivative, over what the report says would have been seen. */
function visibility(right: Weights, wrong: Weights, resolution: (name: string) => number): number {
  return Math.max(
    ...names.map((name) => {
      const largest = Math.max(...right[name].map(Math.abs));
      const off = Math.max(...right[name].map((value, i) => Math.abs(value - wrong[name][i])));
      return off === 0 ? 0 : off / largest / resolution(name);
    }),
  );
}

describe("small networks, tanh and relu, in double precision and in float32, weights from 1 down to 1e-3", () => {
  test("a gradient by hand is not refused", () => {
    fc.assert(
      fc.property(networks, (network) => {
        const report = checkGradient(
          (x: Weights) => run(network, x).loss,
          (x) => run(network, x).gradient,
          network.weights,
        );
        expect(report.verdict).not.toBe("mismatch");
      }),
      runs(100),
    );
  });

  test.each(Object.entries(mistakes))("and %s is not accepted", (_, mistake) => {
    fc.assert(
      fc.property(networks, (network) => {
        const wrong = (x: Weights) => mistake(run(network, x).gradient);
        const { verdict, inputs } = checkGradient((x: Weights) => run(network, x).loss, wrong, network.weights);
        const resolution = (name: string) => inputs.find((input) => input.name === name)?.resolution ?? Infinity;
        const { gradient } = run(network, network.weights);
        if (visibility(gradient, wrong(network.weights), resolution) > 1) expect(verdict).not.toBe("match");
      }),
      runs(50),
    );
  });

  test("control: to a checker of fixed step and tolerances some are", () => {
    const accepts = (f: (x: Weights) => number, given: Weights, at: Weights) =>
      names.every((name) =>
        given[name].every((value, i) => {
          const moved = (by: number) => f({ ...at, [name]: at[name].map((x, j) => (i === j ? x + by : x)) });
          const numeric = (moved(1e-6) - moved(-1e-6)) / 2e-6;
          return Math.abs(value - numeric) <= 1e-5 + 1e-3 * Math.abs(numeric);
        }),
      );
    const found = fc.check(
      fc.property(networks, (network) => {
        const { gradient } = run(network, network.weights);
        const wrong = mistakes["a sign"](gradient);
        return (
          gradient.b.every((value) => value === 0) || !accepts((x) => run(network, x).loss, wrong, network.weights)
        );
      }),
      runs(200),
    );
    expect(found.failed).toBe(true);
  });
});
