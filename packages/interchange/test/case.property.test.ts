import { runs } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Case, NumericArray } from "../src/case.ts";
import { readCase } from "../src/case-reader.ts";
import { writeCase } from "../src/case-writer.ts";
import { CaseError, TensorWriteError } from "../src/errors.ts";
import { thrown } from "./thrown.ts";

const size = fc.integer({ min: 1, max: 4 });
const array = (...shape: number[]): fc.Arbitrary<NumericArray> => {
  const length = shape.reduce((product, axis) => product * axis, 1);
  // k / 8 with |k| up to 64: exact in every dtype, BF16 too.
  return fc
    .array(fc.integer({ min: -64, max: 64 }), { minLength: length, maxLength: length })
    .map((ks) => ({ shape, data: Float64Array.from(ks, (k) => k / 8) }));
};

const cases: fc.Arbitrary<Case> = fc.tuple(size, size, size, size, size).chain(([T, B, I, H, O]) => {
  const readout = { Why: array(O, H), by: array(O) };
  const recurrence = { Wxh: array(H, I), Whh: array(H, H), bxh: array(H), bhh: array(H) };
  const parameters = fc.record({ ...recurrence, ...readout }, { requiredKeys: ["Wxh", "Whh", "Why"] });
  const base = { nonlinearity: fc.constantFrom("tanh" as const, "relu" as const), x: array(T, B, I), h0: array(B, H) };
  const reduction = fc.constantFrom("sum" as const, "mean" as const);
  const mask = array(T, B).map(({ shape, data }) => ({ shape, data: data.map((value) => (value > 0 ? 1 : 0)) }));
  const masked = { requiredKeys: ["nonlinearity", "x", "h0", "parameters", "loss", "reduction", "target"] as const };
  const classes = fc.array(fc.integer({ min: 0, max: O - 1 }), { minLength: T * B, maxLength: T * B });
  const problem = fc.oneof(
    fc.record(
      {
        ...base,
        parameters,
        mask,
        reduction,
        loss: fc.constant("cross_entropy" as const),
        target: classes.map((list) => Int32Array.from(list)),
      },
      { requiredKeys: [...masked.requiredKeys] },
    ),
    fc.record(
      {
        ...base,
        parameters,
        mask,
        reduction,
        loss: fc.constantFrom("mse" as const, "half_squared_error" as const),
        target: array(T, B, O),
      },
      { requiredKeys: [...masked.requiredKeys] },
    ),
    fc.record({
      ...base,
      parameters,
      loss: fc.constant("linear" as const),
      reduction: fc.constant("sum" as const),
      target: fc.record({ outputs: array(T, B, O), states: array(T, B, H) }, { requiredKeys: ["outputs"] }),
    }),
    fc.record({
      ...base,
      parameters: fc.record(recurrence, { requiredKeys: ["Wxh", "Whh"] }),
      loss: fc.constant("linear" as const),
      reduction: fc.constant("sum" as const),
      target: fc.record({ states: array(T, B, H) }),
    }),
  );
  const dtype = fc.constantFrom("F64" as const, "F32" as const, "F16" as const, "BF16" as const);
  const gradients = fc.tuple(
    fc.record({ name: fc.constant("rnn.weight_hh_l0"), of: fc.constant("Whh" as const), dtype, values: array(H, H) }),
    fc.record({ name: fc.constant("h0"), of: fc.constant("h0" as const), dtype, values: array(B, H) }),
  );
  return fc.record({
    problem,
    precision: dtype,
    gradients: gradients.map((list) => list.map(({ values, ...rest }) => ({ ...rest, ...values }))),
  }) as fc.Arbitrary<Case>;
});

test("a case that is written is read back the same", () => {
  const counts = new Map<string, number>();
  fc.assert(
    fc.property(cases, (given) => {
      const { precision, problem } = given;
      counts.set(problem.loss, (counts.get(problem.loss) ?? 0) + 1);
      expect(normal(readCase(writeCase(given, "safetensors")))).toEqual(normal(given));
      const bf16 = precision === "BF16" || given.gradients.some(({ dtype }) => dtype === "BF16");
      if (bf16) expect(() => writeCase(given, "npz")).toThrow("BF16, which NumPy does not have");
      else expect(normal(readCase(writeCase(given, "npz")))).toEqual(normal(given));
    }),
    runs(500),
  );
  expect([...counts.keys()].sort()).toEqual(["cross_entropy", "half_squared_error", "linear", "mse"]);
});

/** Gradients come back in the file's order, which puts wide elements first. */
function normal(given: Case): Case {
  return { ...given, gradients: given.gradients.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
}

describe("writeCase", () => {
  const values = (shape: number[], ...data: number[]) => ({ shape, data: Float64Array.from(data) });
  const oneStep: Case = {
    precision: "F32",
    problem: {
      nonlinearity: "tanh",
      parameters: { Wxh: values([1, 1], 0.5), Whh: values([1, 1], -0.5), Why: values([1, 1], 2) },
      x: values([1, 1, 1], 0.1),
      h0: values([1, 1], 0),
      loss: "mse",
      reduction: "sum",
      target: values([1, 1, 1], 1),
    },
    gradients: [{ name: "x", of: "x", dtype: "F64", ...values([1, 1, 1], 0.1) }],
  };

  test("keeps an input that the weights' precision does not hold", () => {
    expect(readCase(writeCase(oneStep, "npz")).problem.x.data[0]).toBe(0.1);
  });

  test("refuses a weight that its precision does not hold", () => {
    const parameters = { ...oneStep.problem.parameters, Whh: values([1, 1], 0.1) };
    const error = thrown(TensorWriteError, () =>
      writeCase({ ...oneStep, problem: { ...oneStep.problem, parameters } }, "npz"),
    );
    expect(error.message).toMatch(/^writeCase: tensor "rnn\.weight_hh_l0" has 0\.1 at \[0,0\], which F32 would round/);
  });

  test("refuses what could not be judged", () => {
    expect(thrown(CaseError, () => writeCase({ ...oneStep, gradients: [] }, "safetensors")).message).toMatch(
      /^writeCase: the file has no gradient to judge/,
    );
  });
});
