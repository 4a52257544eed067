/**
 * A small deterministic generator: the same seed gives the same numbers on every machine, another seed others.
 * sfc32 of Chris Doty-Humphrey's PractRand, seeded through a 32-bit mix of each half of the seed.
 */
export interface Random {
  /** An integer in [0, 2^32). */
  uint32(): number;
  /** A multiple of 2^-53 in [0, 1). */
  unit(): number;
  /** An integer in [low, high], both included. */
  integer(low: number, high: number): number;
  /** A standard normal deviate (Box and Muller 1958); its last bits are those of the engine's Math.log and Math.cos. */
  normal(): number;
  /** One of the values. */
  pick<V>(values: readonly V[]): V;
}

/** @param seed - any safe integer. */
export function random(seed: number): Random {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`random: seed is ${seed}; expected a safe integer`);
  let a = mix(seed | 0);
  let b = mix(Math.floor(seed / 4294967296) ^ 0x9e3779b9);
  let c = mix(a ^ b ^ 0x85ebca6b);
  let counter = 1;

  function uint32(): number {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
  for (let warmUp = 0; warmUp < 12; warmUp++) uint32();

  function unit(): number {
    return ((uint32() >>> 5) * 67108864 + (uint32() >>> 6)) / 9007199254740992;
  }
  const integer = (low: number, high: number): number => low + Math.floor(unit() * (high - low + 1));
  return {
    uint32,
    unit,
    integer,
    normal: () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit()),
    pick: (values) => values[integer(0, values.length - 1)],
  };
}

/** The finaliser of MurmurHash3 (Appleby): a permutation of the 32-bit words, so that no two seeds meet. */
function mix(word: number): number {
  let x = (word + 0x6d2b79f5) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}
