import { degree, height, type ProgramSize, type SizeStore, type Tensor } from "@gradproof/arithmetic";
import type { Questions, Sizes } from "./error-bound.ts";

/** Two tensors that a proof compares. */
export type Compared = readonly [left: Tensor<SizeStore>, right: Tensor<SizeStore>];

/**
 * Runs programs in the arithmetics `degree` and `height`, and says what the chance of a wrong proof depends on.
 *
 * @param run - computes what is compared; each entry of its result is measured on its own.
 */
export function programSizes<Name extends string>(
  run: (A: ProgramSize) => { readonly [name in Name]: readonly Compared[] },
): { readonly [name in Name]: Sizes } {
  let [linked, D] = [false, degree()];
  let compared = run(D);
  if (["exp", "log", "log1p"].some((name) => D.functions.has(name))) {
    [linked, D] = [true, degree({ linked: true })];
    compared = run(D);
  }
  const H = height({ linked });
  const heights = run(H);
  const functions = Object.fromEntries(D.functions);
  const calls = questions(D.calls, H.calls);
  const comparisons = questions(D.comparisons, H.comparisons);
  const sizes = (Object.keys(compared) as Name[]).map((name): [Name, Sizes] => [
    name,
    { degree: largest(D, compared[name]), height: Math.ceil(largest(H, heights[name])), functions, calls, comparisons },
  ]);
  return Object.fromEntries(sizes) as { readonly [name in Name]: Sizes };
}

/** 0 where every difference is of exact zeros. */
function largest(A: ProgramSize, compared: readonly Compared[]): number {
  return Math.max(0, ...compared.map(([left, right]) => A.largest(left, right)));
}

function questions(D: ProgramSize["calls"], H: ProgramSize["calls"]): Questions {
  return { count: D.count, degree: Math.max(0, D.size), height: Math.ceil(Math.max(0, H.size)) };
}
