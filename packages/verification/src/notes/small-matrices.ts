/** [[a, b], [c, d]] */
export type Matrix = readonly [readonly [number, number], readonly [number, number]];

/** M N */
export function product([[a, b], [c, d]]: Matrix, [[p, q], [r, s]]: Matrix): Matrix {
  return [
    [a * p + b * r, a * q + b * s],
    [c * p + d * r, c * q + d * s],
  ];
}

/** ‖M‖₂ from ‖M‖_F² = σ₁² + σ₂² and det² = σ₁² σ₂². */
export function spectralNorm([[a, b], [c, d]]: Matrix): number {
  const squares = a * a + b * b + c * c + d * d;
  const determinant = a * d - b * c;
  return Math.sqrt((squares + Math.sqrt(Math.max(0, squares * squares - 4 * determinant * determinant))) / 2);
}

/** The spectral radius of [[a, b], [c, d]] from trace and determinant. */
export function spectralRadius(a: number, b: number, c: number, d: number): number {
  const [half, determinant] = [(a + d) / 2, a * d - b * c];
  const discriminant = half * half - determinant;
  return discriminant < 0 ? Math.sqrt(determinant) : Math.abs(half) + Math.sqrt(discriminant);
}
