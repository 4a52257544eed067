import { float64, random, slice } from "@gradproof/arithmetic";
import { lyapunovSpectrum, matrixFacts, meanField } from "@gradproof/diagnostics";
import { forward, initialise, liftProblem } from "@gradproof/rnn";

export interface NetworkSettings {
  readonly gain: number;
  readonly units: number;
  /** Standard deviation of the noise that drives every unit. */
  readonly drive: number;
  readonly seed: number;
}

export interface NetworkRun {
  /** Growth per step along each direction, the largest first. */
  readonly exponents: readonly number[];
  /** What mean field theory expects of them. */
  readonly expected: readonly number[];
  /** Of the largest exponent: as measured, and by mean field. */
  readonly largest: number;
  readonly largestExpected: number;
  readonly standardError: number | undefined;
  readonly spectralRadius: number;
  readonly largestSingularValue: number;
  /** Spectral radius of weights of standard deviation 1, of the same size. */
  readonly plainRadius: number;
  /** Share of draws from N(0, 1) whose size is below 1. */
  readonly shareBelowOne: number;
}

const steps = 300;
const burnIn = 50;
const draws = 20_000;

/** A random tanh network, W_ij ~ N(0, g²/n), under noise: its Lyapunov spectrum beside that of mean field theory. */
export function network({ gain, units: n, drive, seed }: NetworkSettings): NetworkRun {
  const { Whh } = initialise({ seed, I: 1, H: n, kind: "normal", gain, biases: false });
  const noise = random(seed);
  const normal = (length: number, factor: number) => Float64Array.from({ length }, () => factor * noise.normal());
  const identity = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
  const zeros = (...shape: number[]) => ({ shape, data: new Float64Array(shape.reduce((a, b) => a * b)) });
  const problem = liftProblem(float64, {
    nonlinearity: "tanh",
    loss: "linear",
    reduction: "sum",
    parameters: { Wxh: { shape: [n, n], data: identity }, Whh },
    x: { shape: [steps, 1, n], data: normal(steps * n, drive) },
    h0: { shape: [1, n], data: normal(n, 0.5) },
    target: { states: zeros(steps, 1, n) },
  });
  const { states } = forward(float64, problem);
  const slopes = float64.lower(slice(states, 1, steps + 1)).map((h) => 1 - h * h);
  const spectrum = lyapunovSpectrum({ weights: Whh, slopes: { shape: [steps, n], data: slopes } }, { burnIn });
  const theory = meanField(gain, { drive });
  const { spectralRadius, largestSingularValue } = matrixFacts(Whh);
  const plain = matrixFacts({ shape: [n, n], data: Whh.data.map((weight) => (weight * Math.sqrt(n)) / gain) });
  return {
    exponents: [...spectrum.exponents],
    expected: Array.from(spectrum.exponents, (_, i) => theory.exponentAt((i + 0.5) / n)),
    largest: spectrum.exponents[0],
    largestExpected: theory.exponent,
    standardError: spectrum.standardErrors[0],
    spectralRadius,
    largestSingularValue,
    plainRadius: plain.spectralRadius,
    shareBelowOne: normal(draws, 1).filter((weight) => Math.abs(weight) < 1).length / draws,
  };
}
