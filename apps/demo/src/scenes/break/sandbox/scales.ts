/** Sizes that all weights are multiplied by, half a power of ten apart. */
export const scales: readonly number[] = Array.from({ length: 11 }, (_, i) => 10 ** (-4 + i / 2));
