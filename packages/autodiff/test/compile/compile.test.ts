import { type Arithmetic, dense, doubleDouble, float32, float64, primeField, type Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { simd } from "@gradproof/arithmetic/simd";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { add, multiply, negate, square } from "../../src/operations/elementwise.ts";
import { tanh } from "../../src/operations/functions.ts";
import { matmul } from "../../src/operations/matmul.ts";
import { greater, where } from "../../src/operations/piecewise.ts";
import { sum } from "../../src/operations/reduction.ts";
import { jvp } from "../../src/transforms/forward.ts";
import { hvp } from "../../src/transforms/jacobian.ts";
import { grad, valueAndGrad } from "../../src/transforms/reverse.ts";
import { type Variable, variable, wrap } from "../../src/variable.ts";
import { gradientOf, inputsOf, networks } from "./networks.ts";

type Floats = Variable<Float64Array>;

const arithmetics: readonly Arithmetic<unknown>[] = [
  float64,
  float32,
  dense(doubleDouble),
  primeField(7),
  simd("float64", { deterministic: true }),
  simd("float32", { deterministic: true }),
  simd("float32"),
] as unknown as readonly Arithmetic<unknown>[];

function numbers(a: Variable<Float64Array>): number[] {
  return [...float64.lower(a.value)];
}

describe("a replay has the bits of the function", () => {
  for (const A of arithmetics) {
    test(`${A.name}: ${networks.length} networks and their gradients, three sets of inputs each`, () => {
      for (const network of networks) {
        const f = gradientOf<unknown>(network);
        const step = compile(f);
        const answers = new Set<string>();
        for (const seed of [1, 2, 3]) {
          const inputs = inputsOf(A, network, seed);
          const [eager, replayed] = [f(inputs), step(inputs)];
          expect(A.same(replayed.value.value, eager.value.value), `${network.name}, value`).toBe(true);
          eager.gradient.forEach(({ value }, i) => {
            expect(A.same(replayed.gradient[i].value, value), `${network.name}, input ${i}`).toBe(true);
          });
          answers.add(A.lower(eager.gradient[0].value).join());
        }
        expect(answers.size, "different gradients").toBe(3);
      }
    });
  }

  test("a Hessian-vector product, and a derivative along a direction", () => {
    const f = (x: Floats) => sum(multiply(tanh(x), square(x)));
    const [x, v] = [variable(float64, [0.5, -1.25]), variable(float64, [1, 3])];
    expect(numbers(compile((x: Floats, v: Floats) => hvp(f, x, v))(x, v))).toEqual(numbers(hvp(f, x, v)));
    const along = (x: Floats, v: Floats) => jvp(f, x, v);
    expect(numbers(compile(along)(x, v).tangent)).toEqual(numbers(along(x, v).tangent));
  });
});

describe("inputs and results", () => {
  test("in lists and records, nested; results in the function's form", () => {
    const step = compile((parameters: { w: Floats; layers: readonly Floats[] }, x: Floats) => ({
      sums: [add(parameters.w, x), multiply(parameters.layers[0], parameters.layers[1])],
      given: x,
    }));
    const v = (...values: number[]) => variable(float64, values);
    const { sums, given } = step({ w: v(1, 2), layers: [v(3, 4), v(5, 6)] }, v(10, 20));
    expect([...sums, given].map(numbers)).toEqual([
      [11, 22],
      [15, 24],
      [10, 20],
    ]);
  });

  test("results are the user's: the next run does not change them, nor do they change it", () => {
    const step = compile((x: Floats) => square(x));
    const first = step(variable(float64, [3]));
    expect(numbers(step(variable(float64, [5])))).toEqual([25]);
    expect(numbers(first)).toEqual([9]);
    first.value.store[0] = 77;
    expect(numbers(step(variable(float64, [4])))).toEqual([16]);
  });

  test("an input that is changed in place counts as it is at the call", () => {
    const step = compile((x: Floats) => square(x));
    const x = variable(float64, [3]);
    step(x);
    x.value.store[0] = 6;
    expect(numbers(step(x))).toEqual([36]);
  });

  test("a transposed or broadcast input", () => {
    const a = float64.lift([1, 2, 3, 4, 5, 6], [2, 3]);
    const turned: Tensor<Float64Array> = { ...a, shape: [3, 2], strides: [1, 3] };
    const step = compile((x: Floats) => add(x, x));
    expect(numbers(step(wrap(float64, turned)))).toEqual([2, 8, 4, 10, 6, 12]);
    expect(numbers(step(wrap(float64, { ...a, shape: [3, 2], strides: [0, 1] })))).toEqual([2, 4, 2, 4, 2, 4]);
  });

  test("other shapes, forms and arithmetics are recorded anew, known ones are not", () => {
    let runs = 0;
    const step = compile((x: Variable<unknown>) => {
      runs++;
      return sum(square(x));
    }) as <S>(x: Variable<S>) => Variable<S>;
    for (let turn = 0; turn < 2; turn++) {
      expect(numbers(step(variable(float64, [1, 2])))).toEqual([5]);
      expect(numbers(step(variable(float64, [1, 2, 3])))).toEqual([14]);
      expect(numbers(step(variable(float64, [1, 2, 3, 4], [2, 2])))).toEqual([30]);
      expect(float32.lower(step(variable(float32, [1, 2])).value)[0]).toBe(5);
    }
    expect(runs).toBe(4);
  });

  test("the latest eight programs are kept", () => {
    let runs = 0;
    const step = compile((x: Floats) => {
      runs++;
      return sum(x);
    });
    const of = (length: number) => step(variable(float64, new Float64Array(length)));
    for (let length = 1; length <= 9; length++) of(length);
    of(9);
    of(2);
    expect(runs).toBe(9);
    of(1);
    expect(runs).toBe(10);
  });

  test("names in another order are other inputs", () => {
    const step = compile((inputs: { a: Floats; b: Floats }) => add(inputs.a, negate(inputs.b)));
    const [one, two] = [variable(float64, [1]), variable(float64, [2])];
    expect(numbers(step({ a: one, b: two }))).toEqual([-1]);
    expect(numbers(step({ b: two, a: one }))).toEqual([-1]);
  });
});

describe("constants", () => {
  test("made outside: their elements count as they are at each run", () => {
    const c = variable(float64, [2, 3]);
    const step = compile((x: Floats) => multiply(x, c));
    const x = variable(float64, [1, 1]);
    expect(numbers(step(x))).toEqual([2, 3]);
    c.value.store[1] = 30;
    expect(numbers(step(x))).toEqual([2, 30]);
  });

  test("on either side of an operation, and what is computed of them alone", () => {
    const c = variable(float64, [2, 3]);
    const step = compile((x: Floats) => add(add(c, x), tanh(multiply(c, variable(x.arithmetic, [0, 0])))));
    expect(numbers(step(variable(float64, [1, 1])))).toEqual([3, 4]);
  });

  test("made of numbers inside, and written to afterwards: the next run begins with the numbers", () => {
    const step = compile((x: Floats) => {
      const A = x.arithmetic;
      const total = A.lift([10, 20], [2]);
      const before = A.empty([2]);
      A.copy(before, total);
      A.binary(op.add, total, total, x.value);
      return [wrap(A, total), wrap(A, before)];
    });
    for (const value of [1, 2]) {
      const [total, before] = step(variable(float64, [value, value]));
      expect(numbers(total)).toEqual([10 + value, 20 + value]);
      expect(numbers(before)).toEqual([10, 20]);
    }
  });

  test("may be read", () => {
    const step = compile((x: Floats) => {
      const { arithmetic: A } = x;
      return A.lower(A.ratio(1, 2))[0] === 0.5 ? square(x) : x;
    });
    expect(numbers(step(variable(float64, [3])))).toEqual([9]);
  });

  test("a result that does not depend on the inputs", () => {
    const step = compile((x: Floats) => ({ x: square(x), c: variable(x.arithmetic, [4]) }));
    const { c } = step(variable(float64, [1]));
    expect(numbers(c)).toEqual([4]);
  });
});

describe("scopes and memory", () => {
  test.each([float64, float32])("a program that is recorded in a scope outlives it", (A) => {
    const c: Variable<Float64Array>[] = [];
    const step = compile((x: Floats) => multiply(add(x, variable(x.arithmetic, [1, 1])), c[0]));
    const B = A as Arithmetic<Float64Array>;
    c.push(variable(B, [2, 2]));
    const kept = B.empty([2]);
    for (let turn = 0; turn < 3; turn++) {
      B.scope(() => {
        B.empty([100 * turn]);
        B.copy(kept, step(variable(B, [turn, 3])).value);
        B.scope(() => B.copy(B.empty([5000]), B.ratio(7, 1)));
      });
      expect([...B.lower(kept)]).toEqual([2 * (turn + 1), 8]);
    }
  });

  test("WebAssembly memory that grows between runs and in one", () => {
    const A = simd("float64");
    const x = variable(A, [1, 2, 3]);
    const step = compile((x: Variable<unknown>) => sum(square(x))) as (x: typeof y) => typeof y;
    const y = x;
    const expected = () => expect([...A.lower(step(x).value)]).toEqual([14]);
    expected();
    const before = A.memoryBytes();
    const held = [A.empty([before])];
    expect(A.memoryBytes()).toBeGreaterThan(before);
    expected();
    // Results take memory in a run: thousands that are held make it grow in one of them.
    const grown = A.memoryBytes();
    const results: unknown[] = [];
    for (let run = 0; A.memoryBytes() === grown; run++) {
      const result = step(x);
      results.push(result);
      expect(A.lower(result.value)[0], `run ${run}`).toBe(14);
    }
    expected();
    expect(held.length + results.length).toBeGreaterThan(1);
  });

  test("a long run of calls needs the memory of a few", () => {
    const n = 1000;
    const step = compile((x: Variable<unknown>) => {
      let y = x;
      for (let i = 0; i < 300; i++) y = tanh(add(y, x));
      return y;
    });
    const A = simd("float64");
    const before = A.memoryBytes();
    step(variable(A, new Float64Array(n)) as Variable<unknown>);
    // The program's own, the input and the result: a function that keeps all values needs 600.
    expect(A.memoryBytes() - before).toBeLessThan(40 * n * 8);
  });
});

describe("what cannot be compiled says so", () => {
  const x = variable(float64, [1, -2]);

  test("reading values", () => {
    const reads = (f: (x: Floats) => Floats) => () => compile(f)(x);
    expect(reads((x) => (x.arithmetic.lower(x.value)[0] > 0 ? x : negate(x)))).toThrow(
      "compile: lower reads values while the function is recorded, when there are none; expected a function whose calls do not depend on values: read results outside",
    );
    expect(reads((x) => (x.arithmetic.same(x.value, x.value) ? x : negate(x)))).toThrow("compile: same reads values");
    expect(reads((x) => where(greater(x, negate(x)), x, square(x)))).toThrow("compile: lower reads values");
  });

  test("an arithmetic that is given the function's tensors", () => {
    const message =
      "compile: float64 was given a tensor of the function that is being recorded; expected the arithmetic of its variables, as in x.arithmetic";
    expect(() => compile((x: Floats) => square(wrap(float64, x.value)))(x)).toThrow(message);
    const A = simd("float64");
    const y = variable(A, [1, 2]);
    expect(() => compile((x: typeof y) => square(wrap(A, x.value)))(y)).toThrow("compile: simd float64 was given");
  });

  test("writing to an input or to a tensor made outside", () => {
    const writes = (to: (x: Floats) => Tensor<Float64Array>) => () =>
      compile((x: Floats) => {
        x.arithmetic.copy(to(x), x.value);
        return x;
      })(x);
    expect(writes((x) => x.value)).toThrow(
      "compile: the function writes to an input, by copy; expected it to write to",
    );
    const outside = float64.empty([2]);
    expect(writes(() => outside)).toThrow("compile: the function writes to a tensor made outside of it, by copy");
  });

  test("inputs that are being differentiated", () => {
    const step = compile((x: Floats) => sum(square(x)));
    expect(() => grad(step)(x)).toThrow("compile: an input is being differentiated; expected the gradient inside");
    expect(() => jvp(step, x, x)).toThrow("compile: an input is being differentiated");
  });

  test("inputs and results that are no variables", () => {
    expect(() => compile((x: unknown) => x)(3)).toThrow("compile: the inputs has 3; expected variables");
    expect(() => compile((x: Floats) => [x, 3])(x)).toThrow("compile: the result has 3; expected variables");
    expect(() => compile(() => x)()).toThrow("compile: no variable among the inputs; expected at least one");
    const other = variable(dense(doubleDouble), [1]) as unknown as Floats;
    expect(() => compile((a: Floats, b: Floats) => add(a, b))(x, other)).toThrow("compile: variables of float64 and ");
  });

  test("an error of the function itself is passed on, and the next call records", () => {
    const step = compile((x: Floats) => matmul(x, x));
    expect(() => step(x)).toThrow("matmul: shapes [2] and [2]");
    expect(numbers(step(variable(float64, [1, 2, 0, 1], [2, 2])))).toEqual([1, 4, 0, 1]);
  });
});

test("a compiled function inside another is part of it", () => {
  const inner = compile((x: Floats) => square(x));
  const outer = compile((x: Floats) => valueAndGrad((y: Floats) => sum(multiply(inner(y), y)))(x));
  const { value, gradient } = outer(variable(float64, [2, 3]));
  expect([...numbers(value), ...numbers(gradient)]).toEqual([35, 12, 27]);
});
