import { checkGradient } from "../src/check/check-gradient.ts";
import { checkJvp } from "../src/check/check-jvp.ts";
import { checkVjp } from "../src/check/check-vjp.ts";
import type { ProductReport } from "../src/check/report.ts";
import { taylorTest } from "../src/taylor-test.ts";
import type { Checker } from "./verdict-table.ts";

/** Every check of a derivative against values of the function, as one of the table of known functions. */
export const checkers: readonly (readonly [name: string, checker: Checker])[] = [
  ["checkGradient", ({ f, at, options }, gradient) => judged(checkGradient(f, gradient, at, options))],
  [
    "checkVjp",
    ({ f, at, options }, gradient) => {
      const vjp = (x: Float64Array, c: Float64Array) => Array.from(gradient(x), (value) => c[0] * value);
      return judged(checkVjp((x: Float64Array) => [f(x)], vjp, at, { ...options, pairs: 2 }));
    },
  ],
  [
    "checkJvp",
    ({ f, at, options }, gradient) => {
      const jvp = (x: Float64Array, v: Float64Array) => {
        const g = gradient(x);
        return [v.reduce((sum, value, i) => sum + value * g[i], 0)];
      };
      return judged(checkJvp((x: Float64Array) => [f(x)], jvp, at, options));
    },
  ],
  [
    "taylorTest",
    ({ f, at, options }, gradient) => {
      const { verdict, resolution = Number.POSITIVE_INFINITY } = taylorTest(f, gradient, at, options);
      return { verdict, resolution };
    },
  ],
];

function judged({ verdict, inputs }: ProductReport) {
  return { verdict, resolution: inputs[0].resolution ?? Number.POSITIVE_INFINITY };
}
