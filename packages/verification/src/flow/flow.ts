import { at, float64, type Tensor } from "@gradproof/arithmetic";
import {
  type DeterminantBalance,
  determinantBalance,
  type GradientNoise,
  lyapunovSpectrum,
  type MatrixFacts,
  type MemoryHorizons,
  matrixFacts,
  memoryHorizons,
  type NonFinite,
  nonFinite,
  type ProductNorms,
  productNorms,
  type Saturation,
  saturation,
  type TimeMean,
} from "@gradproof/diagnostics";
import {
  backward,
  type Dimensions,
  dimensions,
  forward,
  liftProblem,
  type NumericArray,
  omega,
  type RnnGradient,
  type RnnProblem,
  stateErrors,
  type Trajectory,
} from "@gradproof/rnn";
import { type ContributionMap, contributionMap } from "./contribution-map.ts";
import { jacobiansOf, plain, slopesOf } from "./sequence-jacobians.ts";
import { sequenceNoise } from "./sequence-noise.ts";

export interface FlowOptions {
  /** The largest exponents that are computed: 16, or all of them where that costs little, unless given. */
  readonly exponents?: number | undefined;
  /** Told what is being computed, and how much of it is done, from 0 to 1. */
  readonly onProgress?: ((stage: FlowStage, done: number) => void) | undefined;
}

export type FlowStage = "forward" | "spectrum" | "products" | "contributions" | "noise" | "experiments";

/** Exponents of a network along several sequences. */
export interface FlowSpectrum {
  /** λ_i, mean over the sequences, nats a step. */
  readonly exponents: Float64Array;
  /** Of λ_1: by blocks of steps and by sequences, the larger; undefined where there are too few steps. */
  readonly standardError: number | undefined;
  /** λ_1 of each sequence, with its standard error by blocks of steps. */
  readonly bySequence: readonly TimeMean[];
  readonly dimension: number | undefined;
  /** Steps at the beginning that do not count. */
  readonly burnIn: number;
  /** How many leading exponents double precision resolves. */
  readonly resolved: number;
  /** ln R_11 of each step that counts, of the first sequence. */
  readonly growth: Float64Array;
  /** Of the first sequence from the first step on; with a residual where all exponents were computed. */
  readonly balance: DeterminantBalance;
}

/** Everything that is measured about one problem; natural logarithms, steps counted from 1. */
export interface Flow {
  readonly dimensions: Dimensions;
  readonly nonlinearity: "tanh" | "relu";
  readonly loss: number;
  readonly gradient: RnnGradient<NumericArray>;
  /** ‖∂J/∂parameters‖ over all of them. */
  readonly gradientNorm: number;
  /** What is not finite, by name, the earliest in the computation first. */
  readonly nonFinite: readonly { readonly name: string; readonly found: NonFinite }[];
  readonly saturation: Saturation;
  readonly matrix: MatrixFacts;
  /** Sequences that spectrum and products are computed for. */
  readonly sequences: number;
  readonly spectrum: FlowSpectrum;
  /** ‖∂h_t/∂h_k‖ back from the last step with a loss, of each of those sequences. */
  readonly products: readonly ProductNorms[];
  readonly contributions: ContributionMap;
  readonly horizons: MemoryHorizons;
  /** ‖∂J/∂h_t‖ over the sequences [T] */
  readonly errors: Float64Array;
  /** Ω's ratios, mean over the sequences that count [T]; NaN where none does. */
  readonly ratios: Float64Array;
  /** Of the gradients of single sequences; absent for one sequence. */
  readonly noise: GradientNoise | undefined;
}

/** Sequences of a batch beyond these are like them. */
const mostSequences = 4;
/** Multiply-adds for each part of the analysis: seconds. */
const budget = 4e9;
/** ‖∂J/∂h_t‖² below which Pascanu, Mikolov and Bengio's program leaves a step out of Ω. */
const negligible = 1e-20;

/**
 * Measures how the gradient of a problem flows through time, in float64.
 *
 * Memory is bounded by the trajectory's T·B·(2H + O) numbers and a few as large; where T, B and H are large, fewer
 * exponents, lags and loss steps are looked at, and the result says how many.
 *
 * @throws ProblemError where the parts of the problem do not fit together.
 */
export function flowOf(given: RnnProblem<NumericArray>, options: FlowOptions = {}): Flow {
  const { onProgress = () => {} } = options;
  const problem = liftProblem(float64, given);
  const sizes = dimensions(problem);
  const trajectory = forward(float64, problem);
  onProgress("forward", 0.5);
  const gradient = lowered(backward(float64, problem, trajectory));
  const errors = stateErrors(float64, problem, trajectory);
  const bent = slopesOf(problem.nonlinearity, plain(trajectory.preactivations));
  const { Whh } = given.parameters;
  const sequences = Math.min(mostSequences, sizes.B);
  const factors = Array.from({ length: sequences }, (_, b) => jacobiansOf(bent, Whh, b));
  const errorSizes = stepLengths(errors.stateError);
  const spectrum = spectrumOf(factors, sizes, options);
  const products = factors.map((data, b) => {
    const to = lastLoss(given, sizes, b);
    const lags = Math.min(to, Math.max(1, Math.floor(budget / (sequences * sizes.H ** 3))));
    const onLags = (done: number) => onProgress("products", (b + done / lags) / sequences);
    return productNorms(data, { to, lags, until: -700, onProgress: onLags });
  });
  const contributions = contributionMap(problem, trajectory, (t) => hasLoss(given, sizes, t), {
    rows: 48,
    budget,
    onProgress: (rows) => onProgress("contributions", rows / 48),
  });
  onProgress("noise", 0);
  return {
    dimensions: sizes,
    nonlinearity: problem.nonlinearity,
    loss: float64.lower(trajectory.loss)[0],
    gradient,
    gradientNorm: Math.hypot(...parameterArrays(gradient).map(({ data }) => lengthOf(data))),
    nonFinite: notFinite(trajectory, gradient),
    saturation: saturation(bent.slopes),
    matrix: matrixFacts(Whh),
    sequences,
    spectrum,
    products,
    contributions,
    horizons: memoryHorizons({
      exponent: spectrum.exponents[0],
      norm: products[0].norm,
      profile: contributions.profile,
      errors: errorSizes,
    }),
    errors: errorSizes,
    ratios: ratiosOf(problem, trajectory, plain(errors.stateError)),
    noise: sequenceNoise(given, gradient),
  };
}

function spectrumOf(
  factors: readonly ReturnType<typeof jacobiansOf>[],
  { T, H }: Dimensions,
  { exponents: wanted, onProgress = () => {} }: FlowOptions,
): FlowSpectrum {
  const cheap = T * H ** 3 * factors.length < budget / 4;
  const count = Math.min(H, wanted ?? (cheap ? H : 16));
  const burnIn = Math.min(100, Math.floor(T / 5));
  const spectra = factors.map((data, s) =>
    lyapunovSpectrum(data, {
      count,
      burnIn,
      onProgress: (steps) => onProgress("spectrum", (s + steps / T) / factors.length),
    }),
  );
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const firsts = spectra.map(({ exponents }) => exponents[0]);
  const within = spectra.map(({ standardErrors: [error] }) => error);
  const bySequence = firsts.map((first, s) => ({ mean: first, standardError: within[s] }));
  const whole = count === H && cheap ? lyapunovSpectrum(factors[0]) : undefined;
  return {
    exponents: Float64Array.from({ length: count }, (_, i) => mean(spectra.map(({ exponents }) => exponents[i]))),
    standardError: within.some((error) => error === undefined)
      ? undefined
      : Math.max(Math.hypot(...(within as number[])) / within.length, spreadOf(firsts) / Math.sqrt(firsts.length)),
    bySequence,
    dimension: spectra[0].dimension,
    burnIn,
    resolved: Math.min(...spectra.map(({ resolved }) => resolved)),
    growth: spectra[0].growth,
    balance: determinantBalance(factors[0], whole),
  };
}

function spreadOf(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

/** Whether the loss of step t can be anything but 0: a mask may leave it out, and so may a cotangent that is 0. */
function hasLoss(problem: RnnProblem<NumericArray>, { B }: Dimensions, t: number): boolean {
  return Array.from({ length: B }, (_, b) => lossOf(problem, B, t, b)).some(Boolean);
}

function lossOf(problem: RnnProblem<NumericArray>, B: number, t: number, b: number): boolean {
  const row = (t - 1) * B + b;
  if (problem.mask && problem.mask.data[row] === 0) return false;
  if (problem.loss !== "linear") return true;
  return [problem.target.outputs, problem.target.states].some((cotangent) => {
    const width = cotangent?.shape[2] ?? 0;
    return cotangent?.data.subarray(row * width, (row + 1) * width).some((value) => value !== 0);
  });
}

function lastLoss(problem: RnnProblem<NumericArray>, { T, B }: Dimensions, b: number): number {
  for (let t = T; t > 0; t--) if (lossOf(problem, B, t, b)) return t;
  return T;
}

function notFinite(trajectory: Trajectory<Float64Array>, gradient: RnnGradient<NumericArray>): Flow["nonFinite"] {
  const parts: [string, NumericArray | undefined][] = [
    ["u", plain(trajectory.preactivations)],
    ["outputs", trajectory.outputs && plain(trajectory.outputs)],
    ["loss", plain(trajectory.loss)],
    ...Object.entries(gradient).map(([name, value]): [string, NumericArray] => [`∂J/∂${name}`, value as NumericArray]),
  ];
  return parts.flatMap(([name, array]) => {
    const found = array && nonFinite(array);
    return found && found.count > 0 ? [{ name, found }] : [];
  });
}

function ratiosOf(
  problem: RnnProblem<Tensor<Float64Array>>,
  trajectory: Trajectory<Float64Array>,
  { shape: [T, B, H], data }: NumericArray,
): Float64Array {
  const counted = Float64Array.from({ length: T * B }, (_, row) => {
    const square = data.subarray(row * H, (row + 1) * H).reduce((sum, value) => sum + value ** 2, 0);
    return square >= negligible && Number.isFinite(square) ? 1 : 0;
  });
  const { ratios } = omega(float64, problem, trajectory, { counted: float64.lift(counted, [T, B]) });
  return Float64Array.from({ length: T }, (_, t) => {
    const weights = counted.subarray(t * B, (t + 1) * B).reduce((sum, weight) => sum + weight, 0);
    return float64.lower(at(ratios, t)).reduce((sum, ratio) => sum + ratio, 0) / weights;
  });
}

/** Length of everything at each step [T]. */
function stepLengths(t: Tensor<Float64Array>): Float64Array {
  return Float64Array.from({ length: t.shape[0] }, (_, step) => lengthOf(float64.lower(at(t, step))));
}

function lengthOf(values: Float64Array): number {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  return largest * Math.sqrt(values.reduce((sum, value) => sum + (value / largest) ** 2, 0));
}

function lowered(gradient: RnnGradient<Tensor<Float64Array>>): RnnGradient<NumericArray> {
  const entries = Object.entries(gradient).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, plain(value)]),
  ) as unknown as RnnGradient<NumericArray>;
}

/** The gradient's arrays that belong to parameters. */
export function parameterArrays(gradient: RnnGradient<NumericArray>): NumericArray[] {
  const { h0: _h0, x: _x, ...parameters } = gradient;
  return Object.values(parameters).filter((array) => array !== undefined);
}
