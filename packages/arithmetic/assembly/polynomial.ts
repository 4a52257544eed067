import { Constant, constant } from "./constants";
import { multiplyAdd } from "./vector";

/** The polynomial in x whose coefficients begin with a constant, by Horner's rule; of one degree in float32, another in float64. */
@inline
export function polynomial<T>(series: Constant, single: i32, double: i32, x: v128): v128 {
  const degree = sizeof<T>() == 4 ? single : double;
  let p = constant<T>(series, degree);
  if (degree > 9) p = multiplyAdd<T>(p, x, constant<T>(series, 9));
  if (degree > 8) p = multiplyAdd<T>(p, x, constant<T>(series, 8));
  if (degree > 7) p = multiplyAdd<T>(p, x, constant<T>(series, 7));
  if (degree > 6) p = multiplyAdd<T>(p, x, constant<T>(series, 6));
  if (degree > 5) p = multiplyAdd<T>(p, x, constant<T>(series, 5));
  if (degree > 4) p = multiplyAdd<T>(p, x, constant<T>(series, 4));
  if (degree > 3) p = multiplyAdd<T>(p, x, constant<T>(series, 3));
  p = multiplyAdd<T>(p, x, constant<T>(series, 2));
  p = multiplyAdd<T>(p, x, constant<T>(series, 1));
  return multiplyAdd<T>(p, x, constant<T>(series, 0));
}
