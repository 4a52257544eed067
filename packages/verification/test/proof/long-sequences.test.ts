import { segmentLength } from "@gradproof/rnn";
import { expect, test } from "vitest";
import { derivations } from "../../src/proof/derivations.ts";
import { forwardPass } from "../../src/proof/forward-pass.ts";
import { proveProblem } from "../../src/proof/prove-problem.ts";
import { alongRoad, roads } from "../../src/proof/roads.ts";
import { describeShape, type ProofShape } from "../../src/proof-shape.ts";
import { seed } from "../settings.ts";

const small: ProofShape = {
  T: 1,
  B: 2,
  I: 1,
  H: 2,
  O: 2,
  nonlinearity: "tanh",
  loss: "mse",
  reduction: "mean",
  bxh: true,
  bhh: false,
  by: true,
  mask: true,
  zeroState: false,
};

/** The derivations whose cost grows with T and no faster, for sequences of any length. */
const linear = roads.filter(({ longest }) => longest === 12).map((road) => alongRoad({ ...road, longest: Infinity }));

test("an induction over T has its start: every derivation for T = 1 to 4, on every path through loss and nonlinearity", () => {
  let problems = 0;
  for (const T of [1, 2, 3, 4]) {
    for (const nonlinearity of ["tanh", "relu"] as const) {
      for (const loss of ["cross_entropy", "mse", "half_squared_error", "linear"] as const) {
        for (const reduction of loss === "linear" ? (["sum"] as const) : (["sum", "mean"] as const)) {
          const shape = { ...small, T, nonlinearity, loss, reduction, mask: T % 2 === 0 };
          for (const derivation of derivations) {
            const { differences } = proveProblem(derivation, shape, seed + problems++, 1);
            expect(differences, `${derivation.name}: ${describeShape(shape)}`).toEqual([]);
          }
        }
      }
    }
  }
  expect(problems).toBe(4 * 2 * 7 * derivations.length);
});

test("and does not break where sequences are cut into segments, one step before it, there, and behind", () => {
  const length = segmentLength(200);
  for (const T of [length - 1, length, length + 1, 2 * length, 2 * length + 1]) {
    for (const derivation of [forwardPass, ...linear]) {
      const { differences, sizes, control } = proveProblem(derivation, { ...small, T, B: 1, I: 1 }, seed + T, 1);
      expect(differences, `${derivation.name}, T = ${T}`).toEqual([]);
      expect(control, `${derivation.name}, T = ${T}`).toEqual({ refused: true, inert: false });
      // 3T + 3, and one more for the mask; the forward pass has less.
      if (derivation !== forwardPass) expect(sizes.degree).toBe(3 * T + 4);
    }
  }
});
