import { simd } from "@gradproof/arithmetic/simd";

/** Multiply-adds of float32 a millisecond that one core can do with 128-bit vectors: the best of some calibrating loops. */
export function peakPerMillisecond(seconds: number): number {
  const A = simd("float32");
  A.calibrate(10_000);
  const end = performance.now() + 1000 * seconds;
  let best = 0;
  while (performance.now() < end) {
    const start = performance.now();
    best = Math.max(best, A.calibrate(20_000) / (performance.now() - start));
  }
  return best;
}

/** Products [M, K] [K, N]: in multiples of the blocks, and ragged. */
const products = [
  [16, 64, 64],
  [32, 128, 128],
  [64, 512, 512],
  [512, 512, 2048],
  [128, 128, 2048],
  [25, 100, 65],
  [100, 100, 25],
] as const;

export interface Product {
  readonly shape: string;
  /** Part of the peak. */
  readonly share: number;
}

/** gemm's share of the peak, the peak measured in turn with it. */
export function gemmShares(seconds: number): Product[] {
  const A = simd("float32");
  return products.map(([M, N, K]) => {
    const tensor = (rows: number, columns: number) =>
      A.lift(
        Float32Array.from({ length: rows * columns }, (_, i) => ((i * 37) % 101) / 101 - 0.5),
        [rows, columns],
      );
    const [out, a, b] = [A.empty([M, N]), tensor(M, K), tensor(K, N)];
    const calls = Math.max(2, Math.ceil(3e7 / (M * N * K)));
    let [least, peak] = [Number.POSITIVE_INFINITY, 0];
    const end = performance.now() + 1000 * seconds;
    do {
      peak = Math.max(peak, peakPerMillisecond(0.005));
      // What a step finds in the cache is not what the calibrating loop leaves there.
      A.gemm(out, a, b, "write");
      const start = performance.now();
      for (let call = 0; call < calls; call++) A.gemm(out, a, b, "write");
      least = Math.min(least, (performance.now() - start) / calls);
    } while (performance.now() < end);
    return { shape: `${M} x ${N} x ${K}`, share: (M * N * K) / least / peak };
  });
}
