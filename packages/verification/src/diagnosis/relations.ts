import { dimensions } from "@gradproof/rnn";
import { type Bench, errorsOf, sigmaOf } from "../bench.ts";
import { elementLimit } from "../judge-tensor.ts";
import type { GivenGradient } from "../judgement.ts";
import { type GradientName, tensorOf } from "../spread.ts";
import { agreement } from "./agreement.ts";
import { rearrangements, reordered } from "./arrangements.ts";
import type { Relation } from "./diagnosis.ts";
import { sharesOf } from "./shares.ts";

/**
 * Simple relations of a wrong gradient to the right one, to within rounding: a multiple, its axes in another order, its
 * steps reversed or shifted, the share of some steps or sequences, the gradient of something else, single wrong elements.
 */
export function relationsOf(bench: Bench, given: GivenGradient): Relation[] {
  const right = rightValues(bench, given.of);
  if (given.data.every((value) => value === 0)) return [{ kind: "zero", text: "is 0 everywhere" }];
  const multiple = multipleOf(bench, given, right);
  if (multiple) return [multiple];
  const found = [...rearranged(bench, given, right), ...partOf(bench, given, right), ...ofSomethingElse(bench, given)];
  return found.length > 0 ? found : wrongElements(bench, given);
}

function rightValues({ reference }: Bench, of: GradientName): Float64Array {
  return reference.arithmetic.lower(tensorOf(reference.gradient, of));
}

/** The factor that fits best, weighed by σ, if it fits. */
function multipleOf(bench: Bench, given: GivenGradient, right: Float64Array): Relation | undefined {
  const sigma = sigmaOf(bench, given.of);
  let [products, squares] = [0, 0];
  right.forEach((value, i) => {
    if (sigma[i] === 0) return;
    products += (given.data[i] / sigma[i]) * (value / sigma[i]);
    squares += (value / sigma[i]) ** 2;
  });
  const measured = products / squares;
  if (!Number.isFinite(measured) || right.length < 2) return undefined;
  const named = namedFactors(bench).find(({ value }) => agrees(value));
  if (named) return { kind: "multiple", text: `is ${named.name} the right gradient` };
  return agrees(measured)
    ? { kind: "multiple", text: `is ${measured.toPrecision(6)} times the right gradient` }
    : undefined;

  function agrees(factor: number): boolean {
    return agreement(given.data, sigma, Math.abs(factor))(right.map((value) => factor * value));
  }
}

/** Factors that a reduction, a sign or a squared error leaves out or has too often. */
function namedFactors({ problem }: Bench): { readonly value: number; readonly name: string }[] {
  const { T, B, O } = dimensions(problem);
  const lengths: [number, string][] = [
    [T, "T"],
    [B, "B"],
    [T * B, "T·B"],
    [O, "O"],
    [T * O, "T·O"],
    [B * O, "B·O"],
    [T * B * O, "T·B·O"],
  ];
  return [
    { value: -1, name: "minus" },
    { value: 2, name: "twice" },
    { value: 1 / 2, name: "half" },
    { value: -2, name: "minus twice" },
    { value: -1 / 2, name: "minus half" },
    ...lengths
      .filter(([length]) => length > 1)
      .flatMap(([length, name]) => [
        { value: length, name: `${length} = ${name} times` },
        { value: 1 / length, name: `1/${length} = 1/(${name}) of` },
      ]),
  ];
}

function rearranged(bench: Bench, given: GivenGradient, right: Float64Array): Relation[] {
  const sigma = sigmaOf(bench, given.of);
  return rearrangements(given.of, given.shape)
    .filter(({ source }) => {
      const agrees = agreement(given.data, reordered(sigma, source));
      return agrees(reordered(right, source));
    })
    .map(({ kind, text }) => ({ kind, text }));
}

/** The share of some steps or sequences: one alone, all but one, the first or last few. */
function partOf(bench: Bench, given: GivenGradient, right: Float64Array): Relation[] {
  const shares = sharesOf(bench.problem, given.of);
  if (!shares) return [];
  const agrees = agreement(given.data, sigmaOf(bench, given.of));
  return [
    ...sharesOfOne(shares.steps, "steps", "step", right, agrees),
    ...sharesOfOne(shares.sequences, "sequences", "sequence", right, agrees),
  ];
}

function sharesOfOne(
  shares: readonly Float64Array[],
  kind: "steps" | "sequences",
  noun: string,
  right: Float64Array,
  agrees: (candidate: Float64Array) => boolean,
): Relation[] {
  const last = shares.length - 1;
  if (last === 0) return [];
  const found: Relation[] = [];
  const upTo = new Float64Array(right.length);
  shares.forEach((share, k) => {
    upTo.forEach((value, i) => {
      upTo[i] = value + share[i];
    });
    const say = (text: string) => found.push({ kind, text });
    if (agrees(share)) say(`is the share of ${noun} ${k} alone`);
    else if (agrees(right.map((value, i) => value - share[i]))) say(`lacks the share of ${noun} ${k}`);
    else if (agrees(right.map((value, i) => value + share[i]))) say(`has the share of ${noun} ${k} twice`);
    else if (k > 0 && k < last - 1 && agrees(upTo)) say(`is the share of ${noun}s 0 to ${k}`);
    else if (k > 0 && k < last - 1 && agrees(right.map((value, i) => value - upTo[i]))) {
      say(`is the share of ${noun}s ${k + 1} to ${last}`);
    }
  });
  return found;
}

/** The right gradient with respect to something else of that shape. */
function ofSomethingElse(bench: Bench, given: GivenGradient): Relation[] {
  const own = rightValues(bench, given.of);
  return (Object.keys(bench.reference.gradient) as GradientName[])
    .filter((other) => {
      const { shape } = tensorOf(bench.reference.gradient, other);
      if (other === given.of || shape.join() !== given.shape.join()) return false;
      const values = rightValues(bench, other);
      // The two hidden biases have one gradient.
      if (values.every((value, i) => value === own[i])) return false;
      return agreement(given.data, sigmaOf(bench, other))(values);
    })
    .map((other) => ({ kind: "other", text: `is the gradient of ${other}` }));
}

/** A few wrong elements among many right ones. */
function wrongElements(bench: Bench, given: GivenGradient): Relation[] {
  const sigma = sigmaOf(bench, given.of);
  const wrong = errorsOf(bench, given).filter((error, i) => Math.abs(error) > elementLimit * sigma[i]).length;
  const total = given.data.length;
  if (wrong === 0 || wrong > total / 4) return [];
  return [{ kind: "elements", text: `is wrong in ${wrong} of ${total} elements` }];
}
