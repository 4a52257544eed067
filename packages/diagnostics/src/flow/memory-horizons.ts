import { type LagProfile, reach } from "./lag-profile.ts";

/** What horizons are computed from; each is absent where its part is. */
export interface MemoryMeasures {
  /** λ₁, nats a step */
  readonly exponent?: number | undefined;
  /** ln ‖∂h_t/∂h_{t−d}‖ for d = 0, 1, … */
  readonly norm?: Float64Array | undefined;
  readonly profile?: LagProfile | undefined;
  /** ‖∂J/∂h_t‖ of every step. */
  readonly errors?: Float64Array | undefined;
}

/** Memory in steps by each definition that people use: they differ, and each says what it means. */
export interface MemoryHorizons {
  /** −1 / λ₁: where a perturbation has shrunk to 1/e, in the long run. Infinite where λ₁ ≥ 0. */
  readonly eFolding?: number;
  /** The first lag d with ‖∂h_t/∂h_{t−d}‖ < 1/100; infinite where there is none among those computed. */
  readonly hundredth?: number;
  /** The lag up to which 95 % of the gradient comes from. */
  readonly reach95?: number;
  /** 52 ln 2 / |λ₁| = 36.04 / |λ₁|: beyond it, an addend is below the last bit of the sum in float64. Infinite where λ₁ ≥ 0. */
  readonly numerical?: number;
  /** Steps whose ‖∂J/∂h_t‖² is at least 10⁻²⁰, the "steps in the past" of Pascanu, Mikolov and Bengio's program. */
  readonly stepsInThePast?: number;
}

/**
 * @example
 * ```ts
 * const { eFolding, numerical } = memoryHorizons({ exponent: Math.log(0.9) });
 * console.log(eFolding?.toFixed(2), numerical?.toFixed(0)); // -> 9.49 342
 * ```
 */
export function memoryHorizons({ exponent, norm, profile, errors }: MemoryMeasures): MemoryHorizons {
  const reach95 = profile && reach(profile);
  return {
    ...(exponent !== undefined && {
      eFolding: exponent < 0 ? -1 / exponent : Number.POSITIVE_INFINITY,
      numerical: exponent < 0 ? (-52 * Math.LN2) / exponent : Number.POSITIVE_INFINITY,
    }),
    ...(norm && { hundredth: firstBelow(norm, -Math.log(100)) }),
    ...(reach95 !== undefined && { reach95 }),
    ...(errors && { stepsInThePast: errors.reduce((count, error) => count + (error ** 2 >= 1e-20 ? 1 : 0), 0) }),
  };
}

function firstBelow(values: Float64Array, limit: number): number {
  const lag = values.findIndex((value) => value < limit);
  return lag < 0 ? Number.POSITIVE_INFINITY : lag;
}
