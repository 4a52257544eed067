import { type Arithmetic, float32, float64, primeField, random, type Tensor } from "@gradproof/arithmetic";
import { seed } from "@gradproof/vitest-preset/settings";
import { describe, expect, test } from "vitest";
import { backward } from "../src/backward.ts";
import { bptt, segmentLength, segments } from "../src/bptt.ts";
import { checkpointCost, checkpointedBackward } from "../src/checkpointed.ts";
import { forward } from "../src/forward.ts";
import { initialise } from "../src/initialise.ts";
import { liftProblem, type NumericArray, type RnnProblem } from "../src/problem.ts";
import { array, gradientEntries } from "./arrays.ts";
import { expectSameGradient } from "./tensors.ts";

interface Size {
  readonly B: number;
  readonly I: number;
  readonly H: number;
  readonly O: number;
}

const small: Size = { B: 2, I: 2, H: 5, O: 3 };

/** A problem that float32 holds, with every optional part. */
function drawProblem(T: number, { B, I, H, O }: Size, nonlinearity: "tanh" | "relu"): RnnProblem<NumericArray> {
  const source = random(seed + T);
  const numbers = (...shape: number[]) => {
    const size = shape.reduce((product, length) => product * length, 1);
    return array(
      shape,
      Float64Array.from({ length: size }, () => source.integer(-64, 64) / 64),
    );
  };
  const float = ({ shape, data }: NumericArray) => array(shape, Float32Array.from(data));
  const { Wxh, Whh, Why, bxh, bhh, by } = initialise({ seed, I, H, O });
  const parts = [Wxh, Whh, Why, bxh, bhh, by].map((part) => float(part as NumericArray));
  return {
    nonlinearity,
    loss: "mse",
    reduction: "mean",
    parameters: Object.fromEntries(
      ["Wxh", "Whh", "Why", "bxh", "bhh", "by"].map((name, i) => [name, parts[i]]),
    ) as never,
    x: numbers(T, B, I),
    h0: numbers(B, H),
    target: numbers(T, B, O),
    mask: array(
      [T, B],
      Array.from({ length: T * B }, () => source.pick([0, 0.5, 1])),
    ),
  };
}

/** Checkpoints from one to more than there are segments; undefined for every segment's start. */
function roomFor(T: number): (number | undefined)[] {
  const n = segments(T).length;
  return [undefined, ...new Set([1, 2, 3, n - 1, n, n + 1].filter((s) => s >= 1))];
}

function expectBits<S>(A: Arithmetic<S>, T: number, nonlinearity: "tanh" | "relu", size = small): void {
  const problem = liftProblem(A, drawProblem(T, size, nonlinearity));
  const plain = backward(A, problem, forward(A, problem));
  for (const checkpoints of roomFor(T)) {
    const gradient = checkpointedBackward(A, problem, { checkpoints });
    expectSameGradient(A, `${A.name}, ${T} steps, ${checkpoints} checkpoints`, gradient, plain);
    expect(gradientEntries(gradient)).toHaveLength(gradientEntries(plain).length);
  }
}

describe("the gradient from checkpoints has the bits of the plain one", () => {
  test.each([1, 2, 63, 64, 65, 128, 130, 300])("T = %i, float64 and float32", (T) => {
    for (const nonlinearity of ["tanh", "relu"] as const) {
      expectBits(float64, T, nonlinearity);
      expectBits(float32, T, nonlinearity);
    }
  });

  test("T = 4160, in 64 segments of 65 steps", () => {
    expectBits(float64, 4160, "tanh", { B: 1, I: 1, H: 2, O: 1 });
  });

  test("over the prime field, T = 130", () => {
    expectBits(primeField(seed), 130, "tanh", { B: 1, I: 1, H: 2, O: 1 });
  });

  test("a derivation with an equation replaced is run as given", () => {
    const problem = liftProblem(float64, drawProblem(130, small, "tanh"));
    const { sweep, ...others } = bptt<Float64Array>();
    const equations = {
      ...others,
      sweep: {
        ...sweep,
        carry: (A: Arithmetic<Float64Array>, out: Tensor<Float64Array>) => A.copy(out, A.ratio(0, 1)),
      },
    };
    const gradient = checkpointedBackward(float64, problem, { checkpoints: 2, equations });
    const trajectory = forward(float64, problem);
    expectSameGradient(float64, "nothing carried", gradient, backward(float64, problem, trajectory, equations));
    // The control: it is not the gradient.
    expect(() => expectSameGradient(float64, "control", gradient, backward(float64, problem, trajectory))).toThrow(
      "control",
    );
  });
});

/** An arithmetic that counts steps forward and the elements of tensors that are there at one time. */
function counting<S>(A: Arithmetic<S>): { readonly counted: Arithmetic<S>; steps: number; peak: number } {
  let live = 0;
  const counts = {
    steps: 0,
    peak: 0,
    counted: {
      ...A,
      empty(shape: readonly number[]) {
        // W_hh's gradient and its transposed copy are the square tensors here, and no states.
        const isWeights = shape.length === 2 && shape[0] === shape[1];
        if (!isWeights) live += shape.reduce((product, length) => product * length, 1);
        counts.peak = Math.max(counts.peak, live);
        return A.empty(shape);
      },
      scope(body: () => void) {
        const before = live;
        A.scope(body);
        live = before;
      },
      unary(...[operation, out, a]: Parameters<Arithmetic<S>["unary"]>) {
        if (operation.name === "tanh") counts.steps++;
        A.unary(operation, out, a);
      },
    },
  };
  return counts;
}

describe("the cost is counted", () => {
  // Wide enough for all that is not H wide to be less than one state.
  const wide: Size = { B: 1, I: 1, H: 256, O: 1 };
  test.each([1, 64, 65, 256, 300])("steps forward and states, T = %i", (T) => {
    const lifted = liftProblem(float64, drawProblem(T, wide, "tanh"));
    const L = Math.min(segmentLength(T), T);
    const gradientSize = wide.H * (wide.I + wide.O + 2) + 1 + wide.H + T;
    for (const checkpoints of roomFor(T)) {
      const counts = counting(float64);
      checkpointedBackward(counts.counted, lifted, { checkpoints });
      const cost = checkpointCost(T, checkpoints);
      expect(counts.steps, `steps with ${checkpoints}`).toBe(cost.forwardSteps);
      // h_0 is the problem's; u_t, ∂J/∂h_t, δ_t and what is carried are 3 L + 2 rows more.
      const rows = Math.floor((counts.peak - gradientSize) / wide.H);
      const states = rows + 1 - (3 * L + 2);
      // The bound is reached where the last segment is as long as the others.
      expect(states, `states with ${checkpoints}`).toBeLessThanOrEqual(cost.states);
      expect(states, `states with ${checkpoints}`).toBeGreaterThanOrEqual(T % L === 0 ? cost.states : cost.states - 1);
    }
    const plain = counting(float64);
    const trajectory = forward(plain.counted, lifted);
    expect(plain.steps).toBe(T);
    expect(plain.peak / wide.H).toBeGreaterThan(2 * T + 1);
    expect(trajectory.states.shape[0]).toBe(T + 1);
  });

  test("steps forward, T = 4160 in 64 segments: more checkpoints than given would take fewer", () => {
    const lifted = liftProblem(float64, drawProblem(4160, { B: 1, I: 1, H: 1, O: 1 }, "tanh"));
    for (const checkpoints of [2, 3, 5, 8, 64]) {
      const counts = counting(float64);
      checkpointedBackward(counts.counted, lifted, { checkpoints });
      expect(counts.steps, `steps with ${checkpoints}`).toBe(checkpointCost(4160, checkpoints).forwardSteps);
    }
  });

  test("√T states for every segment's start, whatever T", () => {
    for (const T of [4096, 4097, 10_000, 123_456, 1_000_000]) {
      const { states, forwardSteps } = checkpointCost(T);
      expect(states).toBeLessThanOrEqual(2 * Math.ceil(Math.sqrt(T)) + 1);
      expect(forwardSteps).toBeLessThan(2 * T);
    }
    expect(checkpointCost(1_000_000)).toEqual({ states: 2001, forwardSteps: 1_999_000 });
    // 1000 segments, C(13, 10) < 1000 <= C(14, 10): 4 repetitions, and C(14, 3) = 364 segments less.
    expect(checkpointCost(1_000_000, 10)).toEqual({ states: 1012, forwardSteps: 1_000_000 + 1000 * (4 * 1000 - 364) });
  });
});

test.each([0, -1, 1.5, Number.NaN])("refuses %d checkpoints", (checkpoints) => {
  const problem = liftProblem(float64, drawProblem(2, small, "tanh"));
  const expected = `${checkpoints} checkpoints; expected an integer >= 1`;
  expect(() => checkpointedBackward(float64, problem, { checkpoints })).toThrow(`checkpointedBackward: ${expected}`);
  expect(() => checkpointCost(2, checkpoints)).toThrow(`checkpointCost: ${expected}`);
});
