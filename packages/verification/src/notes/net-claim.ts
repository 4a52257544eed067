import type { Arithmetic, PrimeField, Random, Tensor } from "@gradproof/arithmetic";
import type { TestedClaim } from "./claim.ts";
import { type ExactClaim, exactClaim, type Law } from "./exact-claim.ts";
import { drawNet, drawSizes, type Net, type NetPart, netOf, netParts, type Sizes, shapeOf } from "./net.ts";
import { type NetNumbers, netText } from "./number-text.ts";

type Residues = Tensor<Float64Array>;

/** A net over the prime field, and another of the same sizes for what a law needs besides. */
export interface NetCase {
  readonly F: PrimeField;
  readonly net: Net<Float64Array>;
  readonly other: Net<Float64Array>;
}

export type NetLaw = Law<NetCase>;
export type NetReading = (drawn: NetCase) => Residues;

interface NetClaim extends Omit<ExactClaim<NetCase>, "draw" | "blindSpots" | "small"> {
  /** Least lengths of what is drawn: 1 where absent. */
  readonly sizes: Partial<Sizes>;
  /** Lengths that do not follow from those. */
  readonly settle?: (sizes: Sizes) => Sizes;
  /** Blind spots: lengths, and what is made of a net drawn with them. */
  readonly blindSpots: readonly {
    readonly when: string;
    readonly sizes?: Partial<Sizes>;
    readonly change?: (net: Net<Float64Array>) => Net<Float64Array>;
  }[];
  readonly small: SmallNets;
}

/** Nets of integers, among which a counterexample is looked for: which parts vary, and what the others are, if not 0. */
export interface SmallNets {
  readonly sizes: Sizes;
  readonly vary: readonly NetPart[];
  readonly fixed?: Partial<NetNumbers>;
  readonly text?: (numbers: NetNumbers) => string;
}

/** The test of a claim about a net. */
export function netClaim({
  sizes: least,
  settle = (sizes) => sizes,
  blindSpots,
  small,
  ...claim
}: NetClaim): TestedClaim {
  const caseOf = (F: PrimeField, sizes: Sizes, change = (net: Net<Float64Array>) => net): NetCase => ({
    F,
    net: change(drawNet(F, sizes)),
    other: drawNet(F, sizes),
  });
  return exactClaim<NetCase>({
    ...claim,
    draw: (F, source) => caseOf(F, settle(drawSizes(source, least))),
    blindSpots: blindSpots.map(({ when, sizes, change }) => ({
      when,
      draw: (F: PrimeField, source: Random) => caseOf(F, { ...settle(drawSizes(source, least)), ...sizes }, change),
    })),
    small: {
      unknowns: unknownsOf(small).length,
      build(F, values) {
        const net = smallNet(F, small, values);
        return { F, net, other: net };
      },
      text: (values) => smallNetText(small, values),
    },
  });
}

/** The net of these integers. */
export function smallNet<S>(A: Arithmetic<S>, small: SmallNets, values: readonly number[]): Net<S> {
  const numbers = numbersOf(small, values);
  return netOf(A, (name) => A.lift(numbers[name], shapeOf(name, small.sizes)));
}

export function smallNetText(small: SmallNets, values: readonly number[]): string {
  const numbers = numbersOf(small, values);
  return small.text ? small.text(numbers) : netText(numbers, small.sizes);
}

/** The elements that vary, in the order in which the search gives them values. */
export function unknownsOf({ sizes, vary }: SmallNets): { name: NetPart; index: number }[] {
  return vary.flatMap((name) => Array.from({ length: sizeOfPart(name, sizes) }, (_, index) => ({ name, index })));
}

function numbersOf(small: SmallNets, values: readonly number[]): NetNumbers {
  const numbers = Object.fromEntries(
    netParts.map((name) => [
      name,
      [...(small.fixed?.[name] ?? new Array<number>(sizeOfPart(name, small.sizes)).fill(0))],
    ]),
  ) as Record<NetPart, number[]>;
  unknownsOf(small).forEach(({ name, index }, i) => {
    numbers[name][index] = values[i];
  });
  return numbers;
}

function sizeOfPart(name: NetPart, sizes: Sizes): number {
  return shapeOf(name, sizes).reduce((product, length) => product * length, 1);
}
