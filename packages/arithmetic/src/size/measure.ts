/** How the size of a polynomial with integer coefficients is bounded. The size of a product is the sum of both. */
export interface Measure {
  readonly name: string;
  /** Of an indeterminate. */
  readonly symbol: number;
  /** Of a number other than 0. */
  number(x: number): number;
  /** Of a sum. */
  plus(a: number, b: number): number;
}
