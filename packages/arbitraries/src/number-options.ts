/** Which numbers may be drawn. */
export interface NumberOptions {
  /** The largest size of a number; 8 unless given. Seven numbers of eight are within 1, whatever the limit. */
  readonly limit?: number;
  /** Numbers are integers divided by 2 that many times; 6 unless given. */
  readonly halvings?: number;
  /** Whether 0 is left out. */
  readonly nonZero?: boolean;
  /** No number is nearer to 0 than this: relu and abs have their kink there. */
  readonly kinkFree?: number;
  /** Refuse options under which a number would not be exact in that type; "float64" unless given. */
  readonly exactIn?: "float32" | "float64";
}

export interface TensorOptions extends NumberOptions {
  /** No two elements of one tensor are nearer to each other than this, 0 < tieFree: max and sort have ties there. */
  readonly tieFree?: number;
}

/** The numbers that the options allow, counted in the smallest step between two of them. */
export interface Grid {
  /** Who asked, for messages. */
  readonly operation: string;
  /** 2^-halvings */
  readonly step: number;
  readonly halvings: number;
  readonly largest: number;
  /** Least distance from 0; 0 where 0 is allowed. */
  readonly least: number;
  /** Least distance between two elements; 0 where they may be equal. */
  readonly gap: number;
}

const types = {
  float64: { bits: 53, halvings: 1022 },
  float32: { bits: 24, halvings: 126 },
} as const;

/** @throws RangeError for options that allow no number, or numbers that the type cannot hold. */
export function gridOf(operation: string, options: TensorOptions): Grid {
  const { limit = 8, halvings = 6, nonZero = false, kinkFree = 0, tieFree = 0, exactIn = "float64" } = options;
  const type = types[exactIn];
  if (!type) throw new RangeError(`${operation}: exactIn is ${exactIn}; expected "float32" or "float64"`);
  if (!(Number.isInteger(halvings) && 0 <= halvings && halvings <= type.halvings)) {
    throw new RangeError(`${operation}: halvings is ${halvings}; expected an integer from 0 to ${type.halvings}`);
  }
  for (const [name, value] of Object.entries({ kinkFree, tieFree })) {
    if (!(value >= 0)) throw new RangeError(`${operation}: ${name} is ${value}; expected a distance of at least 0`);
  }
  const steps = 2 ** halvings;
  const largest = Math.floor(limit * steps);
  if (!(limit > 0 && largest <= 2 ** type.bits)) {
    throw new RangeError(
      `${operation}: limit is ${limit} with ${halvings} halvings; expected 0 < limit * 2^halvings <= 2^${type.bits}, ` +
        `so that every number is exact in ${exactIn}`,
    );
  }
  const least = Math.max(Math.ceil(kinkFree * steps), nonZero ? 1 : 0);
  if (Math.max(least, 1) > largest) {
    throw new RangeError(
      `${operation}: no multiple of 2^-${halvings} is at least ${least / steps} and at most ${limit}; ` +
        "expected a larger limit or more halvings",
    );
  }
  return { operation, step: 1 / steps, halvings, largest, least, gap: Math.ceil(tieFree * steps) };
}
