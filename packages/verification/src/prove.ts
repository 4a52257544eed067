import { at, type PrimeField, primeField, random, type Tensor } from "@gradproof/arithmetic";
import { type Difference, firstDifference } from "@gradproof/diagnostics";
import {
  backward,
  bptt,
  type Equations,
  forward,
  type RnnGradient,
  type RnnProblem,
  type Trajectory,
} from "@gradproof/rnn";
import { type AutodiffGradient, autodiffGradient } from "./autodiff-gradient.ts";
import type { Mistake } from "./mistakes/mistake.ts";
import { mistakes } from "./mistakes/mistakes.ts";
import type { ProblemFacts } from "./problem-facts.ts";
import { firstWrongEquation, type WrongEquation } from "./proof/first-wrong-equation.ts";
import { addCount } from "./proof/rnn-proof.ts";
import { smallest } from "./proof/smallest-shape.ts";
import { describeShape, drawShape, type ProofShape } from "./proof-shape.ts";
import { uniformProblem } from "./uniform-problem.ts";

/** One shape, proven or refuted. */
export interface ShapeProof {
  readonly shape: ProofShape;
  readonly seed: number;
  readonly primes: readonly [number, number];
  /** Empty where every element of every quantity agrees modulo both primes. */
  readonly differences: readonly Difference[];
  /** The equation that goes wrong first, where one of the derivation's own does. */
  readonly equation?: WrongEquation | undefined;
  /** Elements compared. */
  readonly elements: number;
  readonly oracleCalls: number;
}

/** How often a mistake was drawn on problems where it shows and where it cannot, and what became of it. */
export interface MistakeCount {
  readonly name: string;
  readonly refused: number;
  readonly inert: number;
  /** Not refused although it shows, or refused although it should not show: 0 unless something is wrong. */
  readonly unexpected: readonly string[];
}

export interface ProofRun {
  readonly seed: number;
  readonly problems: number;
  readonly proven: number;
  /** The smallest shape found that refutes it, with the equation that goes wrong first. */
  readonly counterexample: ShapeProof | undefined;
  readonly elements: number;
  readonly oracleCalls: number;
  readonly mistakes: readonly MistakeCount[];
}

export interface ProveOptions {
  /** The verifier's seed. */
  readonly seed: number;
  readonly problems: number;
  /** The derivation to prove; BPTT as `rnn` ships it unless given. */
  readonly equations?: Equations<Float64Array>;
  /** Called after each problem. */
  readonly onProgress?: (done: number) => void;
}

/**
 * Proves a derivation of BPTT equal to autodiff over a pair of prime fields, on random shapes with uniformly random
 * residues: loss, outputs and the gradient of every parameter, h_0 and x, every element. Every known mistake is run on the
 * same problems as a negative control: it must be refused wherever it shows.
 *
 * @example
 * ```ts
 * const { proven, problems } = proveBptt({ seed: 1, problems: 100 });
 * ```
 */
export function proveBptt({ seed, problems, equations = bptt(), onProgress }: ProveOptions): ProofRun {
  const shapes = random(seed);
  let counts: readonly MistakeCount[] = mistakes.map(({ name }) => ({ name, refused: 0, inert: 0, unexpected: [] }));
  let proven = 0;
  let elements = 0;
  let oracleCalls = 0;
  let counterexample: ShapeProof | undefined;
  for (let done = 0; done < problems; done++) {
    const shape = drawShape(shapes);
    const setting = settle(shape, shapes.uint32());
    const proof = compare(setting, equations);
    elements += proof.elements;
    oracleCalls += proof.oracleCalls;
    if (proof.differences.length === 0) proven++;
    else if (counterexample === undefined || proof.elements < counterexample.elements) {
      counterexample = proveShape(shape, setting.seed, equations);
    }
    counts = counts.map((count, m) => addCount(count, countMistake(mistakes[m], setting)));
    onProgress?.(done + 1);
  }
  if (counterexample !== undefined) {
    const { seed: own } = counterexample;
    counterexample = smallest(counterexample, (shape) => {
      const proof = proveShape(shape, own, equations);
      return proof.differences.length > 0 ? proof : undefined;
    });
  }
  return { seed, problems, proven, counterexample, elements, oracleCalls, mistakes: counts };
}

/** Compares one derivation with autodiff on one shape; where they differ, says which equation goes wrong first. */
export function proveShape(shape: ProofShape, seed: number, equations: Equations<Float64Array> = bptt()): ShapeProof {
  const setting = settle(shape, seed);
  const proof = compare(setting, equations);
  if (proof.differences.length === 0) return proof;
  const { field, problem, trajectory } = setting;
  return { ...proof, equation: firstWrongEquation(field, problem, trajectory, equations) };
}

/** A shape with its problem and what autodiff says of it. */
interface Setting {
  readonly shape: ProofShape;
  readonly seed: number;
  readonly field: PrimeField;
  readonly problem: RnnProblem<Tensor<Float64Array>>;
  readonly facts: ProblemFacts;
  readonly trajectory: Trajectory<Float64Array>;
  readonly expected: AutodiffGradient<Float64Array>;
}

function settle(shape: ProofShape, seed: number): Setting {
  const source = random(seed);
  const field = primeField(source.uint32());
  const { problem, facts } = uniformProblem(field, shape, source);
  const trajectory = forward(field, problem);
  return { shape, seed, field, problem, facts, trajectory, expected: autodiffGradient(field, problem) };
}

function compare(setting: Setting, equations: Equations<Float64Array>): ShapeProof {
  const { shape, seed, field, problem, trajectory, expected } = setting;
  const gradient = backward(field, problem, trajectory, equations);
  const pairs: [string, Tensor<Float64Array>, Tensor<Float64Array>][] = [["loss", trajectory.loss, expected.loss]];
  expected.outputs.forEach((output, t) => {
    if (trajectory.outputs) pairs.push([`outputs[${t}]`, at(trajectory.outputs, t), output]);
  });
  for (const [name, tensor] of entries(gradient)) pairs.push([name, tensor, entriesOf(expected.gradient)[name]]);
  const differences = pairs.flatMap(([quantity, a, b]) => firstDifference(field, quantity, a, b) ?? []);
  const elements = pairs.reduce((sum, [, { shape: lengths }]) => sum + lengths.reduce((n, length) => n * length, 1), 0);
  return { shape, seed, primes: field.primes, differences, elements, oracleCalls: field.oracleCalls };
}

/** Which of the mistakes are refused on a problem of that shape, and which cannot show. */
export function countMistakes(list: readonly Mistake[], shape: ProofShape, seed: number): MistakeCount[] {
  const setting = settle(shape, seed);
  return list.map((mistake) => countMistake(mistake, setting));
}

function countMistake(mistake: Mistake, setting: Setting): MistakeCount {
  const { differences } = compare(setting, { ...bptt<Float64Array>(), ...mistake.equations<Float64Array>() });
  const inert = mistake.inert(setting.shape, setting.facts);
  const refused = differences.length > 0;
  const surprise = inert ? "refused where it should not show" : "not refused";
  return {
    name: mistake.name,
    refused: refused && !inert ? 1 : 0,
    inert: inert ? 1 : 0,
    unexpected: refused === inert ? [`${surprise}: ${describeShape(setting.shape)}, seed ${setting.seed}`] : [],
  };
}

function entriesOf(gradient: RnnGradient<Tensor<Float64Array>>): Record<string, Tensor<Float64Array>> {
  return gradient as unknown as Record<string, Tensor<Float64Array>>;
}

function entries(gradient: RnnGradient<Tensor<Float64Array>>): [string, Tensor<Float64Array>][] {
  return Object.entries(entriesOf(gradient));
}
