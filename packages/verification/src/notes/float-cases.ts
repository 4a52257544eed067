import { type Random, random } from "@gradproof/arithmetic";

/** Runs a check on so many cases drawn from a seed. */
export function eachFloatCase(
  seed: number,
  cases: number,
  visit: (source: Random) => void,
): { readonly cases: number } {
  const source = random(seed);
  for (let i = 0; i < cases; i++) visit(source);
  return { cases };
}
