import { type Arithmetic, at, float64, primeField, random, type Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { seed } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { adjointSolve } from "../src/adjoint-solve.ts";
import { artbp, drawTruncations } from "../src/artbp.ts";
import { backward } from "../src/backward.ts";
import { checkpointedBackward } from "../src/checkpointed.ts";
import { contributions, expandedSum } from "../src/expanded-sum.ts";
import { forward, type Trajectory } from "../src/forward.ts";
import { gaussJordan } from "../src/gauss-jordan.ts";
import { jacobianProducts } from "../src/jacobian-products.ts";
import { liftProblem, type RnnGradient, type RnnProblem } from "../src/problem.ts";
import { realTimeRecurrentLearning, sensitivities } from "../src/real-time-recurrent-learning.ts";
import { truncatedToChunks, truncatedToWindow } from "../src/truncated.ts";
import { drawSigns, uoro } from "../src/uoro.ts";
import { floatProblem, type ProblemShape, residueProblem } from "./arbitraries.ts";
import { copyOfTensor, expectSame, problemEntries } from "./tensors.ts";

type Residues = Tensor<Float64Array>;
type Derivation = (
  A: Arithmetic<Float64Array>,
  problem: RnnProblem<Residues>,
  trajectory: Trajectory<Float64Array>,
) => Partial<RnnGradient<Residues>>;

const shape: ProblemShape = {
  ...{ T: 4, B: 2, I: 2, H: 3, O: 2, nonlinearity: "tanh", loss: "mse", reduction: "mean" },
  ...{ bxh: true, bhh: true, by: true, mask: true, of: "both" },
};

function setting() {
  const F = primeField(seed);
  const problem = residueProblem(F, shape, random(seed));
  return { F, problem, trajectory: forward(F, problem) };
}

/** The same shape in floating point, where "the same" means bits. */
function floatSetting() {
  const [numbers] = fc.sample(floatProblem(shape), { seed, numRuns: 1 });
  const problem = liftProblem(float64, numbers);
  return { A: float64, problem, trajectory: forward(float64, problem) };
}

const derivations: readonly [string, Derivation][] = [
  ["backward", backward],
  ["expandedSum", expandedSum],
  ["realTimeRecurrentLearning", realTimeRecurrentLearning],
  ["adjointSolve", adjointSolve],
  ["truncatedToWindow", (A, problem, trajectory) => truncatedToWindow(A, problem, trajectory, 2)],
  ["truncatedToChunks", (A, problem, trajectory) => truncatedToChunks(A, problem, trajectory, 2)],
  ["checkpointedBackward", (A, problem) => checkpointedBackward(A, problem)],
  ["uoro", (A, problem, trajectory) => uoro(A, problem, trajectory, { signs: drawSigns(A, problem, seed) })],
  [
    "artbp",
    (A, problem, trajectory) => {
      const kept = A.lift([0.5, 0.25, 0.75], [3]);
      return artbp(A, problem, trajectory, { truncated: drawTruncations(4, 0.5, seed), kept });
    },
  ],
];

/** That a derivation leaves its inputs alone, gives the same twice, and keeps nothing of a scope. */
function checkRepeated(
  law: string,
  derive: Derivation,
  A: Arithmetic<Float64Array>,
  given: Pick<ReturnType<typeof setting>, "problem" | "trajectory">,
) {
  const { problem, trajectory } = given;
  const inputs: [string, Residues][] = [
    ...problemEntries(problem),
    ...(Object.entries(trajectory) as [string, Residues][]),
  ];
  const before = inputs.map(([, tensor]) => copyOfTensor(A, tensor));
  const first = derive(A, problem, trajectory);
  const copies = (Object.entries(first) as [string, Residues][]).map(
    ([name, tensor]) => [name, copyOfTensor(A, tensor)] as const,
  );
  A.scope(() => {
    // The same again in memory that others have used.
    A.empty([1000]);
    const second = derive(A, problem, trajectory);
    for (const [name, copy] of copies) {
      expectSame(A, law, name, second[name as keyof typeof second] as Residues, copy);
      expectSame(A, law, `${name} after a scope`, first[name as keyof typeof first] as Residues, copy);
      expect(A.lower(copy).every(Number.isFinite), name).toBe(true);
    }
  });
  for (const [i, [name, tensor]] of inputs.entries()) expectSame(A, law, name, tensor, before[i]);
}

describe("inputs stay as they are, and twice gives the same, over the prime field and in the bits of float64", () => {
  test.each(derivations)("%s", (law, derive) => {
    const { F, ...exact } = setting();
    checkRepeated(law, derive, F, exact);
    const { A, ...floats } = floatSetting();
    checkRepeated(law, derive, A, floats);
  });

  let calls = 0;
  const mistakes: readonly [string, Derivation][] = [
    [
      "the states negated where they stand",
      (A, problem, trajectory) => {
        A.unary(op.negate, trajectory.states, trajectory.states);
        return backward(A, problem, trajectory);
      },
    ],
    [
      "a gradient that goes on from the last call",
      (A, problem, trajectory) => {
        const gradient = backward(A, problem, trajectory);
        A.binary(op.add, gradient.Whh, gradient.Whh, A.ratio(calls++, 1));
        return gradient;
      },
    ],
  ];
  test.each(mistakes)("refused: %s", (law, derive) => {
    const { F, ...exact } = setting();
    expect(() => checkRepeated(law, derive, F, exact)).toThrow(law);
    const { A, ...floats } = floatSetting();
    expect(() => checkRepeated(law, derive, A, floats)).toThrow(law);
  });
});

describe("what is given", () => {
  test("contributions come once for each t and k <= t, with the quantities that they reach", () => {
    const { F, problem, trajectory } = setting();
    const found = [...contributions(F, problem, trajectory)].map(({ t, k, gradient }) => {
      const names = Object.keys(gradient).sort().join(" ");
      return `${t} ${k} ${names}`;
    });
    const own = "Whh Why Wxh bhh bxh by x";
    const earlier = "Whh Wxh bhh bxh x";
    expect(found).toEqual([
      ...[`1 1 ${own}`, "1 0 h0"],
      ...[`2 2 ${own}`, `2 1 ${earlier}`, "2 0 h0"],
      ...[`3 3 ${own}`, `3 2 ${earlier}`, `3 1 ${earlier}`, "3 0 h0"],
      ...[`4 4 ${own}`, `4 3 ${earlier}`, `4 2 ${earlier}`, `4 1 ${earlier}`, "4 0 h0"],
    ]);
  });

  test("contributions are one's own: taking the next does not change them", () => {
    const { F, problem, trajectory } = setting();
    const kept = [...contributions(F, problem, trajectory)].map(({ gradient }) => gradient);
    const taken = contributions(F, problem, trajectory);
    for (const gradient of kept) {
      const now = taken.next().value?.gradient ?? {};
      for (const [name, value] of Object.entries(now)) {
        expectSame(F, "contribution", name, gradient[name as keyof typeof gradient] as Residues, value as Residues);
      }
    }
  });

  test("real-time recurrent learning's dh_t/dh_0 is the product of Jacobians back to the initial state", () => {
    const { F, problem, trajectory } = setting();
    for (const { step, h0 } of sensitivities(F, problem, trajectory)) {
      const last = [...jacobianProducts(F, problem, trajectory, step)].at(-1);
      expect(last?.k).toBe(0);
      expectSame(F, "dh_t/dh_0", `step ${step}`, h0, last?.product as Residues);
    }
  });
});

test("Gauss-Jordan solves any system without a zero pivot, and divides by pivots that are not 1", () => {
  const F = primeField(seed);
  const [matrix, solution] = [F.uniform([5, 5]), F.uniform([5, 2])];
  const right = F.empty([5, 2]);
  F.gemm(right, matrix, solution, "write");
  gaussJordan(F, matrix, right);
  expectSame(F, "Gauss-Jordan", "the solution", right, solution);
  const singular = float64.lift([0, 1, 1, 0], [2, 2]);
  const values = float64.lift([1, 1], [2, 1]);
  gaussJordan(float64, singular, values);
  expect(float64.lower(at(values, 0)).every(Number.isFinite)).toBe(false);
});

describe("arguments that are refused", () => {
  const { F, problem, trajectory } = setting();
  const signs = F.lift(new Float64Array(24).fill(1), [4, 2, 3]);
  const kept = F.lift([0.5, 0.5, 0.5], [3]);
  const refused: readonly [string, () => unknown][] = [
    [
      "jacobianProducts: t is 5; expected an integer from 0 to T = 4",
      () => jacobianProducts(F, problem, trajectory, 5).next(),
    ],
    ["jacobianProducts: t is -1; expected", () => jacobianProducts(F, problem, trajectory, -1).next()],
    ["truncatedToWindow: h is 0; expected an integer >= 1", () => truncatedToWindow(F, problem, trajectory, 0)],
    ["truncatedToChunks: h is 1.5; expected an integer >= 1", () => truncatedToChunks(F, problem, trajectory, 1.5)],
    [
      "uoro: signs: shapes [4, 2]; expected [4, 2, 3]",
      () => uoro(F, problem, trajectory, { signs: F.uniform([4, 2]) }),
    ],
    [
      "uoro: fresh scales: shapes [4]; expected [4, 2]",
      () => uoro(F, problem, trajectory, { signs, scales: { carried: F.uniform([4, 2]), fresh: F.uniform([4]) } }),
    ],
    [
      "artbp: 2 truncations; expected T − 1 = 3",
      () => artbp(F, problem, trajectory, { truncated: [true, false], kept }),
    ],
    [
      "artbp: kept: shapes [4]; expected [3]",
      () => artbp(F, problem, trajectory, { truncated: [true, false, true], kept: F.uniform([4]) }),
    ],
    ["drawTruncations: c is 1; expected 0 <= c < 1", () => drawTruncations(4, 1, seed)],
  ];
  test.each(refused)("%s", (message, attempt) => {
    expect(attempt).toThrow(message);
  });
});
