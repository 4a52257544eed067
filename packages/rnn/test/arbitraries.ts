import { type PrimeField, type Random, sizeOf, type Tensor } from "@gradproof/arithmetic";
import fc from "fast-check";
import type { Loss, NumericArray, RnnParameters, RnnProblem } from "../src/problem.ts";

/** Dimensions and optional parts of a problem. */
export interface ProblemShape {
  readonly T: number;
  readonly B: number;
  readonly I: number;
  readonly H: number;
  /** 0: no readout */
  readonly O: number;
  readonly nonlinearity: "tanh" | "relu";
  readonly loss: "cross_entropy" | "mse" | "half_squared_error" | "linear";
  readonly reduction: "sum" | "mean";
  readonly bxh: boolean;
  readonly bhh: boolean;
  readonly by: boolean;
  readonly mask: boolean;
  /** What a linear loss is a function of. */
  readonly of: "outputs" | "states" | "both";
}

export interface Constraints {
  /** Least dimensions: 1 where absent. Small ones hide mistakes: a property that they would make empty asks for more. */
  readonly least?: { readonly T?: number; readonly B?: number; readonly H?: number };
  /** What is not to be drawn. */
  readonly fixed?: Partial<ProblemShape>;
}

/**
 * Shapes with T to 6, B to 3, I and O to 3, H to 4, each code path as likely as not; two classes or more for cross
 * entropy, whose gradient is 0 for one.
 */
export function problemShape({ least = {}, fixed = {} }: Constraints = {}): fc.Arbitrary<ProblemShape> {
  return fc
    .record({
      T: fc.integer({ min: least.T ?? 1, max: 6 }),
      B: fc.integer({ min: least.B ?? 1, max: 3 }),
      I: fc.integer({ min: 1, max: 3 }),
      H: fc.integer({ min: least.H ?? 1, max: 4 }),
      O: fc.integer({ min: 0, max: 3 }),
      nonlinearity: fc.constantFrom("tanh", "relu"),
      loss: fc.constantFrom("half_squared_error", "mse", "cross_entropy", "linear"),
      reduction: fc.constantFrom("sum", "mean"),
      bxh: fc.boolean(),
      bhh: fc.boolean(),
      by: fc.boolean(),
      mask: fc.boolean(),
      of: fc.constantFrom("outputs", "states", "both"),
    } as const)
    .map((drawn): ProblemShape => {
      const shape: ProblemShape = { ...drawn, ...fixed };
      const classes = shape.loss === "cross_entropy" ? 2 : 1;
      const O = shape.loss === "linear" && shape.of === "states" ? shape.O : Math.max(shape.O, classes);
      return { ...shape, O, by: shape.by && O > 0, reduction: shape.loss === "linear" ? "sum" : shape.reduction };
    });
}

/** Multiples of 1/64 in [-1, 1], exact in every number system; they shrink towards different ones, none of them 0. */
export function scaledIntegers(length: number): fc.Arbitrary<Float64Array> {
  return fc
    .array(fc.integer({ min: 0, max: 128 }), { minLength: length, maxLength: length })
    .map((steps) => Float64Array.from(steps, (step, i) => (((step + ((37 * i) % 59) + 1 + 64) % 129) - 64) / 64));
}

/** A problem of plain numbers; a mask has weights 0, ½, 1 and 2, at the last step none that is 0. */
export function floatProblem(shape: ProblemShape): fc.Arbitrary<RnnProblem<NumericArray>> {
  const sizes: number[] = [];
  assemble(shape, (lengths) => sizes.push(sizeOf(lengths)), []);
  const numbers = scaledIntegers(sizes.reduce((sum, size) => sum + size, 0));
  const classes = fc.array(fc.integer({ min: 0, max: Math.max(shape.O - 1, 0) }), exactly(shape.T * shape.B));
  const weights = fc.array(fc.constantFrom(1, 0.5, 2, 0), exactly(shape.T * shape.B));
  return fc.tuple(numbers, classes, weights).map(([values, labels, mask]) => {
    let used = 0;
    const next = (lengths: readonly number[]): NumericArray => {
      const data = values.slice(used, used + sizeOf(lengths));
      used += data.length;
      return { shape: lengths, data };
    };
    const problem = assemble(shape, next, labels);
    if (!shape.mask) return problem;
    const data = Float64Array.from(mask, (weight, i) => (i < (shape.T - 1) * shape.B ? weight : weight || 1));
    return { ...problem, mask: { shape: [shape.T, shape.B], data } };
  });
}

/** Shape and problem at once. */
export function anyFloatProblem(constraints: Constraints = {}): fc.Arbitrary<RnnProblem<NumericArray>> {
  return problemShape(constraints).chain(floatProblem);
}

/**
 * A problem of uniformly random residues. The shadows, which decide what relu does, are multiples of 2^-10 in (-0.4, 1), so
 * that about three units in four are on: gradients that die out hide every mistake.
 */
export function residueProblem(F: PrimeField, shape: ProblemShape, random: Random): RnnProblem<Tensor<Float64Array>> {
  const next = (lengths: readonly number[]) =>
    F.uniform(
      lengths,
      Float64Array.from({ length: sizeOf(lengths) }, () => random.integer(-409, 1023) / 1024),
    );
  const labels = Array.from({ length: shape.T * shape.B }, () => random.integer(0, Math.max(shape.O - 1, 0)));
  const problem = assemble(shape, next, labels);
  return shape.mask ? { ...problem, mask: next([shape.T, shape.B]) } : problem;
}

function exactly(length: number) {
  return { minLength: length, maxLength: length };
}

/** The problem of that shape, but for its mask, whose arrays `next` gives. */
function assemble<V>(
  shape: ProblemShape,
  next: (lengths: readonly number[]) => V,
  labels: readonly number[],
): RnnProblem<V> {
  const { T, B, I, H, O, nonlinearity } = shape;
  const parameters: RnnParameters<V> = {
    Wxh: next([H, I]),
    Whh: next([H, H]),
    ...(O > 0 && { Why: next([O, H]) }),
    ...(shape.bxh && { bxh: next([H]) }),
    ...(shape.bhh && { bhh: next([H]) }),
    ...(shape.by && { by: next([O]) }),
  };
  return { nonlinearity, parameters, x: next([T, B, I]), h0: next([B, H]), ...lossOf(shape, next, labels) };
}

function lossOf<V>(
  { T, B, H, O, loss, reduction, of }: ProblemShape,
  next: (lengths: readonly number[]) => V,
  labels: readonly number[],
): Loss<V> {
  switch (loss) {
    case "cross_entropy":
      return { loss, reduction, target: Int32Array.from(labels) };
    case "linear": {
      const outputs = of === "states" ? undefined : next([T, B, O]);
      const states = of === "outputs" ? undefined : next([T, B, H]);
      return { loss, reduction: "sum", target: { outputs, states } };
    }
    default:
      return { loss, reduction, target: next([T, B, O]) };
  }
}
