import { type PrimeField, primeField, random, sizeOf, type Tensor, transpose } from "@gradproof/arithmetic";
import { forward, type RnnProblem } from "@gradproof/rnn";
import { autodiffGradient } from "./autodiff-gradient.ts";
import { describeShape, drawShape, type ProofShape } from "./proof-shape.ts";
import { type PartialGradient, type Road, roads } from "./roads.ts";
import { uniformProblem } from "./uniform-problem.ts";

type Residues = Tensor<Float64Array>;

/** What became of one derivation. */
export interface RoadProof {
  readonly name: string;
  readonly problems: number;
  /** Elements compared with autodiff's. */
  readonly elements: number;
  /** Problem and quantity of each difference: empty where the derivation is proven on every problem. */
  readonly differences: readonly string[];
  /**
   * The control: the same derivation with W_hh transposed in it but not in the forward pass. Refused wherever it can
   * show, which is unless H = 1.
   */
  readonly control: { readonly refused: number; readonly inert: number; readonly unexpected: readonly string[] };
}

export interface ProveRoadsOptions {
  /** The verifier's seed. */
  readonly seed: number;
  /** Problems for each derivation. */
  readonly problems: number;
  /** {@link roads} unless others are given. */
  readonly derivations?: readonly Road[] | undefined;
}

/**
 * Proves each derivation of the RNN's gradient equal to autodiff over a pair of prime fields, every element, on random
 * shapes with uniformly random residues.
 *
 * @example
 * ```ts
 * for (const { name, differences } of proveRoads({ seed: 1, problems: 20 })) console.log(name, differences.length);
 * // -> back-propagation through time 0
 * // -> expanded sum 0
 * // -> real-time recurrent learning 0
 * // -> adjoint solve 0
 * // -> window as long as the sequence 0
 * // -> chunk as long as the sequence 0
 * // -> checkpointed back-propagation 0
 * ```
 */
export function proveRoads({ seed, problems, derivations = roads }: ProveRoadsOptions): RoadProof[] {
  return derivations.map((road) => proveRoad(road, seed, problems));
}

function proveRoad(road: Road, seed: number, problems: number): RoadProof {
  const source = random(seed);
  const differences: string[] = [];
  const control = { refused: 0, inert: 0, unexpected: [] as string[] };
  let elements = 0;
  for (let i = 0; i < problems; i++) {
    const drawn = drawShape(source);
    const shape = { ...drawn, T: 1 + ((drawn.T - 1) % road.longest) };
    const from = source.uint32();
    const F = primeField(from);
    const { problem } = uniformProblem(F, shape, random(from));
    const expected = autodiffGradient(F, problem).gradient;
    const trajectory = forward(F, problem);
    const gradient = road.gradient(F, problem, trajectory);
    const place = `${describeShape(shape)}, seed ${from}`;
    elements += elementsOf(gradient);
    differences.push(...differencesOf(F, gradient, expected).map((name) => `${place}: ${name}`));
    const wrong = differencesOf(F, road.gradient(F, withTransposed(F, problem), trajectory), expected);
    countControl(control, shape, wrong.length > 0, place);
  }
  return { name: road.name, problems, elements, differences, control };
}

function countControl(
  control: { refused: number; inert: number; unexpected: string[] },
  { H }: ProofShape,
  refused: boolean,
  place: string,
): void {
  const inert = H === 1;
  if (inert) control.inert++;
  else if (refused) control.refused++;
  if (inert === refused) control.unexpected.push(place);
}

/** The problem with W_hhᵀ for W_hh. */
function withTransposed(F: PrimeField, problem: RnnProblem<Residues>): RnnProblem<Residues> {
  const Whh = F.empty(problem.parameters.Whh.shape);
  F.copy(Whh, transpose(problem.parameters.Whh));
  return { ...problem, parameters: { ...problem.parameters, Whh } };
}

/** The quantities of a gradient, or of a part of one, that are not those expected. */
export function differencesOf(
  F: PrimeField,
  gradient: PartialGradient<Float64Array>,
  expected: PartialGradient<Float64Array>,
): string[] {
  return entries(gradient).flatMap(([name, value]) => (F.same(value, expected[name] as Residues) ? [] : [name]));
}

/** How many numbers a gradient has. */
export function elementsOf(gradient: PartialGradient<Float64Array>): number {
  return entries(gradient).reduce((sum, [, { shape }]) => sum + sizeOf(shape), 0);
}

function entries(gradient: PartialGradient<Float64Array>): [keyof PartialGradient<Float64Array>, Residues][] {
  return Object.entries(gradient).filter(([, value]) => value !== undefined) as never;
}
