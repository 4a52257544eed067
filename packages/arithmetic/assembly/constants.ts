/**
 * Constants by name, in memory: V8 builds one that is written as a literal anew in every turn of a loop, and loads one
 * from memory at no cost. Polynomials are Chebyshev approximations, their coefficients in ascending order.
 */
export enum Constant {
  one, // 1
  two, // 2
  half, // 1/2
  negativeZero, // the bits of the sign
  infinity,
  notANumber,
  shifter, // 1.5 times the power of two that is the last place of its neighbourhood
  inverseLog2, // 1 / log 2
  log2High, // log 2 in two parts, the first short
  log2Low,
  minusLog2High,
  minusLog2Low,
  expLeast, // below it eˣ is 0
  expMost, // above it eˣ is infinite
  tanhMost, // tanh of more than half of it is 1
  tanhSmall,
  smallestNormal,
  subnormalScale, // what subnormals are multiplied by, and the exponent of that
  subnormalShift,
  /** (eʳ - 1 - r) / r² for |r| <= log 2 / 2: degree 5 (error 1.4e-9) in float32, 10 (error 1.4e-18) in float64. */
  expSeries,
  /** (tanh √z / √z - 1) / z on [0, 0.3026]: degree 4 (error 1.3e-8), 10 (error 7.7e-18). */
  tanhSeries = expSeries + 11,
  /** R(z) / z on [0, 0.0295], R as in logarithm.ts: degree 3 (error 1.2e-9), 6 (error 3.1e-16). */
  logSeries = tanhSeries + 11,
}

const singles: usize = memory.data<f32>([
  // to subnormalShift, in the order of their names
  1, 2, 0.5, -0.0, Infinity, NaN, 12582912.0, 1.4426950408889634, 0.693145751953125, 1.4286068203094172e-6, -0.693145751953125, -1.4286068203094172e-6, -105, 90, 20, 0.55, 1.1754943508222875e-38, 33554432.0, 25,
  // expSeries
  0.50000000134658092, 0.16666666681623231, 0.041666464925285905, 0.008333310925480901,
  0.001393364999630925, 0.00019890990824673654, 0, 0,
  0, 0, 0,
  // tanhSeries
  -0.3333333200590813404, 0.133331134587324157, -0.05390937564184794531, 0.02130906232857861971,
  -0.006609614012884622992, 0, 0, 0,
  0, 0, 0,
  // logSeries
  0.6666666655445164633, 0.4000012187697200149, 0.2855081659971154867, 0.2333058193824189382,
  0, 0, 0,
]);

const doubles: usize = memory.data<f64>([
  // to subnormalShift, in the order of their names
  1, 2, 0.5, -0.0, Infinity, NaN, 6755399441055744.0, 1.4426950408889634, 0.6931471805592082, 7.371002565167799e-13, -0.6931471805592082, -7.371002565167799e-13, -747, 711, 40, 0.55, 2.2250738585072014e-308, 18014398509481984.0, 54,
  // expSeries
  0.5, 0.1666666666666667099, 0.04166666666666666975, 0.008333333333326135126,
  0.00138888888888837483, 0.0001984126987482062527, 0.00002480158732554774122, 2.755725540020642443e-6,
  2.755727364311029533e-7, 2.510521700472074516e-8, 2.091468696808687723e-9,
  // tanhSeries
  -0.3333333333333333256, 0.133333333333327129, -0.05396825396743173891, 0.02186948849356303812,
  -0.008863234395418095595, 0.003592110347096176598, -0.001455661577570236361, 0.0005889348072447027721,
  -0.000234631045283004056, 0.00008510707927354112723, -0.0000205985566732751667,
  // logSeries
  0.6666666666666669688, 0.3999999999989944323, 0.2857142862600326874, 0.2222221113025987703,
  0.1818288945567494604, 0.1533171061821077157, 0.1461658542488862199,
]);

/** A constant in every lane; `place` counts on from it, to the coefficients of a series. */
@inline
export function constant<T>(name: Constant, place: i32 = 0): v128 {
  const table = sizeof<T>() == 4 ? singles : doubles;
  return v128.load_splat<T>(table + <usize>(name + place) * sizeof<T>());
}
