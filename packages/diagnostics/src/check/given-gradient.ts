import { type Along, alongOf, type Inputs, type Point } from "../point.ts";
import { givenNumbers, isKeptAsFloat32, type Measured, measuredNumbers } from "./measured.ts";

/**
 * A gradient as somebody computed it, one part for each input.
 *
 * @param unitRoundoff - of the gradient's own arithmetic, where it is coarser than it shows.
 * @throws ArgumentError where there are not as many numbers as elements; what the function throws at the point.
 */
export function givenGradient<P extends Point>(
  caller: string,
  gradient: Along<P> | ((x: P) => Along<P>),
  at: P,
  inputs: Inputs,
  unitRoundoff: number | undefined,
): Measured {
  if (typeof gradient !== "function") {
    return givenNumbers(alongOf(caller, "gradient", gradient, at, inputs), isKeptAsFloat32(gradient), unitRoundoff);
  }
  const numbersOf = (result: unknown) => alongOf(caller, "the gradient's result", result, at, inputs);
  return measuredNumbers("the gradient", gradient as (x: P) => unknown, at, inputs, numbersOf, unitRoundoff);
}
