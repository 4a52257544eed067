import { describe, expect, test } from "vitest";
import { readCase } from "../src/case-reader.ts";
import { CaseError, FileFormatError } from "../src/errors.ts";
import { writeNpz } from "../src/npz-writer.ts";
import { writeSafetensors } from "../src/safetensors-writer.ts";
import type { StoredTensor } from "../src/tensor-file.ts";
import { type EditableFile, exampleFile, floats } from "./case-example.ts";
import { safetensorsBytes } from "./safetensors-bytes.ts";
import { thrown } from "./thrown.ts";

type Edit = (file: EditableFile) => void;

function edited(edit: Edit): Uint8Array {
  const file = exampleFile();
  edit(file);
  return writeSafetensors(file);
}

const set =
  (name: string, tensor: StoredTensor | undefined): Edit =>
  ({ tensors }) => {
    if (tensor === undefined) tensors.delete(name);
    else tensors.set(name, tensor);
  };
const setting =
  (name: string, value: string | undefined): Edit =>
  ({ metadata }) => {
    if (value === undefined) metadata.delete(name);
    else metadata.set(name, value);
  };
const all =
  (...edits: Edit[]): Edit =>
  (file) => {
    for (const edit of edits) edit(file);
  };
const without = (...names: string[]) => all(...names.map((name) => set(name, undefined)));
const filled =
  (name: string, value: number): Edit =>
  ({ tensors }) =>
    tensors.get(name)?.data.fill(value as never, 3, 4);

describe("reads", () => {
  test.each([
    [".safetensors", writeSafetensors],
    [".npz", writeNpz],
  ])("a case with everything from %s", (_, write) => {
    const file = exampleFile();
    const { problem, precision, gradients } = readCase(write(file));
    const values = (name: string) => {
      const { shape, data } = file.tensors.get(name) as StoredTensor & { data: Float64Array };
      return { shape, data };
    };
    expect(precision).toBe("F64");
    expect(problem).toEqual({
      nonlinearity: "tanh",
      loss: "cross_entropy",
      reduction: "sum",
      parameters: {
        Wxh: values("rnn.weight_ih_l0"),
        Whh: values("rnn.weight_hh_l0"),
        bxh: values("rnn.bias_ih_l0"),
        bhh: values("rnn.bias_hh_l0"),
        Why: values("readout.weight"),
        by: values("readout.bias"),
      },
      x: values("x"),
      h0: values("h0"),
      mask: { shape: [3, 2], data: Float64Array.of(1, 1, 1, 0, 1, 0) },
      target: Int32Array.of(0, 1, 2, 3, 4, 5),
    });
    expect(new Set(gradients.map(({ of }) => of))).toEqual(
      new Set(["Wxh", "Whh", "bxh", "bhh", "Why", "by", "x", "h0"]),
    );
    const ofWhh = gradients.find(({ of }) => of === "Whh");
    expect(ofWhh).toEqual({ name: "rnn.weight_hh_l0", of: "Whh", dtype: "F64", ...values("grad.rnn.weight_hh_l0") });
  });

  test("a case with the least: no biases, no h0, no mask, one gradient", () => {
    const { problem, gradients } = readCase(
      edited(({ tensors }) => {
        const needed = ["rnn.weight_ih_l0", "rnn.weight_hh_l0", "readout.weight", "x", "target", "grad.x"];
        for (const name of [...tensors.keys()]) if (!needed.includes(name)) tensors.delete(name);
      }),
    );
    expect(Object.keys(problem.parameters)).toEqual(["Wxh", "Whh", "Why"]);
    expect(problem.h0).toEqual({ shape: [2, 5], data: new Float64Array(10) });
    expect("mask" in problem).toBe(false);
    expect(gradients.map(({ name }) => name)).toEqual(["x"]);
  });

  test.each(["mse", "half_squared_error"])("targets of %s", (loss) => {
    const target = floats([3, 2, 6], 7);
    const { problem } = readCase(
      edited(all(setting("loss", loss), setting("reduction", "mean"), set("target", target))),
    );
    expect(problem).toMatchObject({ loss, reduction: "mean", target: { shape: [3, 2, 6], data: target.data } });
  });

  const linear = all(
    without("target", "mask"),
    setting("loss", undefined),
    setting("reduction", undefined),
    set("grad_hidden", floats([3, 2, 5], 11)),
  );

  test("the gradient of hidden states in place of a readout, a target and a loss", () => {
    const noReadout = without("readout.weight", "readout.bias", "grad.readout.weight", "grad.readout.bias");
    const { problem } = readCase(edited(all(linear, noReadout)));
    expect(problem).toMatchObject({ loss: "linear", reduction: "sum", target: { states: { shape: [3, 2, 5] } } });
    expect(problem.parameters.Why).toBeUndefined();
  });

  test("the gradient of outputs, and of both", () => {
    const both = readCase(edited(all(linear, set("grad_output", floats([3, 2, 6], 13))))).problem;
    expect(both).toMatchObject({ target: { outputs: { shape: [3, 2, 6] }, states: { shape: [3, 2, 5] } } });
    const outputs = readCase(edited(all(linear, without("grad_hidden"), set("grad_output", floats([3, 2, 6], 13)))));
    expect(Object.keys(outputs.problem.target)).toEqual(["outputs"]);
  });

  test("gradients that are not finite, and of another precision than the weights", () => {
    const data = Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, 1, 2, 3);
    const gradient: StoredTensor = { dtype: "F32", shape: [5], data };
    const { precision, gradients } = readCase(edited(set("grad.rnn.bias_hh_l0", gradient)));
    expect(precision).toBe("F64");
    expect(gradients.find(({ of }) => of === "bhh")).toMatchObject({ dtype: "F32", data: Float64Array.from(data) });
  });

  test("a gradient of the h0 that is not there and so is zero", () => {
    expect(readCase(edited(without("h0"))).gradients.map(({ of }) => of)).toContain("h0");
  });

  test("what is named extra, and the setting that Hugging Face's writers add", () => {
    const extras = all(setting("format", "pt"), setting("extra.run", "7"), set("extra.loss", floats([], 3)));
    expect(readCase(edited(extras))).toEqual(readCase(edited(() => {})));
  });
});

const refusals: [what: string, edit: Edit, problem: string, words: string][] = [
  [
    "a weight missing",
    without("rnn.weight_hh_l0"),
    "missing",
    "missing: tensor rnn.weight_hh_l0; the file has rnn.weight_ih_l0, ",
  ],
  [
    "several things missing",
    all(without("x", "target"), setting("loss", undefined)),
    "missing",
    "missing: tensor x, tensor target, setting loss;",
  ],
  [
    "a weight of another name",
    ({ tensors }) => rename(tensors, "rnn.weight_hh_l0", "weight_hh_l0"),
    "missing",
    "is weight_hh_l0 meant as rnn.weight_hh_l0?",
  ],
  [
    "an unknown tensor",
    set("hidden", floats([1], 3)),
    "unknown-name",
    "unknown tensors: hidden; expected rnn.weight_ih_l0, ",
  ],
  [
    "an unknown setting",
    setting("batch_first", "True"),
    "unknown-name",
    "unknown settings: batch_first; expected nonlinearity, loss, reduction; name it extra.NAME",
  ],
  [
    "another nonlinearity",
    setting("nonlinearity", "sigmoid"),
    "setting",
    'nonlinearity is "sigmoid"; expected tanh or relu of a vanilla RNN',
  ],
  [
    "another loss",
    setting("loss", "nll"),
    "setting",
    'loss is "nll"; expected cross_entropy or mse or half_squared_error',
  ],
  ["another reduction", setting("reduction", "none"), "setting", 'reduction is "none"; expected sum or mean'],
  [
    "two layers",
    set("rnn.weight_ih_l1", floats([5, 5], 3)),
    "not-a-vanilla-rnn",
    "rnn.weight_ih_l1: this is an RNN of several layers; expected a vanilla RNN: one layer, one direction",
  ],
  [
    "the gradient of a second layer",
    set("grad.rnn.bias_ih_l12", floats([5], 3)),
    "not-a-vanilla-rnn",
    "grad.rnn.bias_ih_l12: this is an RNN of several layers",
  ],
  [
    "two directions",
    set("rnn.weight_ih_l0_reverse", floats([5, 4], 3)),
    "not-a-vanilla-rnn",
    "rnn.weight_ih_l0_reverse: this is a bidirectional RNN",
  ],
  ["a projection", set("rnn.weight_hr_l0", floats([5, 4], 3)), "not-a-vanilla-rnn", "an LSTM with projections"],
  [
    "the weights of a GRU",
    gated(3),
    "not-a-vanilla-rnn",
    "rnn.weight_ih_l0 [15, 4] and rnn.weight_hh_l0 [15, 5]: with 15 = 3·5 rows this is a GRU",
  ],
  ["the weights of an LSTM", gated(4), "not-a-vanilla-rnn", "with 20 = 4·5 rows this is an LSTM"],
  [
    "a recurrent matrix that is not square",
    set("rnn.weight_hh_l0", floats([5, 6], 3)),
    "shape",
    "rnn.weight_hh_l0 [5, 6] does not fit; expected [5, 5], with H = 5 hidden units by rnn.weight_ih_l0 [5, 4]",
  ],
  [
    "a bias of another length",
    set("rnn.bias_hh_l0", floats([4], 3)),
    "shape",
    "rnn.bias_hh_l0 [4] does not fit; expected [5]",
  ],
  [
    "a readout transposed",
    set("readout.weight", floats([5, 6], 3)),
    "shape",
    "readout.weight [5, 6] does not fit; expected [5, 5], with H = 5",
  ],
  [
    "inputs of another width",
    set("x", floats([3, 2, 5], 3)),
    "shape",
    "x [3, 2, 5] does not fit; expected [3, 2, 4], with I = 4 inputs by rnn.weight_ih_l0 [5, 4]",
  ],
  [
    "inputs without sequences",
    set("x", floats([3, 4], 3)),
    "shape",
    "x [3, 4] has 2 dimensions; expected [T, B, I]; next: time first, sequences second (not batch_first)",
  ],
  [
    "an h0 with a layer's dimension",
    set("h0", floats([1, 2, 5], 3)),
    "shape",
    "h0 [1, 2, 5] has 3 dimensions; expected [B, H]",
  ],
  [
    "targets of other sequences",
    set("target", { dtype: "I64", shape: [2, 3], data: new BigInt64Array(6) }),
    "shape",
    "target [2, 3] does not fit; expected [3, 2], with T = 3 time steps by x [3, 2, 4]",
  ],
  [
    "no time steps",
    set("x", floats([0, 2, 4], 3)),
    "shape",
    "x [0, 2, 4] has no time steps (T = 0); expected at least one",
  ],
  ["no hidden units", set("rnn.weight_ih_l0", floats([0, 4], 3)), "shape", "has no hidden units (H = 0)"],
  [
    "a class that is not there",
    classes(6n),
    "value",
    "target[1, 1] is class 6; expected 0 to 5, the rows of readout.weight",
  ],
  [
    "PyTorch's ignored class",
    classes(-100n),
    "value",
    "target[1, 1] is class -100; expected 0 to 5, the rows of readout.weight; next: leave steps out by mask",
  ],
  ["a class of 2^32", classes(2n ** 32n), "value", "target[1, 1] is class 4294967296"],
  [
    "class probabilities",
    set("target", floats([3, 2, 6], 3)),
    "dtype",
    "target has dtype F64; expected the classes [T, B] of cross_entropy as I64, I32 or U8",
  ],
  [
    "integer values for mse",
    all(setting("loss", "mse"), set("target", { dtype: "I32", shape: [3, 2, 6], data: new Int32Array(36) })),
    "dtype",
    "target has dtype I32; expected F64, F32, F16 or BF16",
  ],
  ["integer inputs", set("x", { dtype: "U8", shape: [3, 2, 4], data: new Uint8Array(24) }), "dtype", "x has dtype U8"],
  [
    "weights of two precisions",
    set("rnn.bias_hh_l0", { dtype: "F32", shape: [5], data: new Float32Array(5) }),
    "dtype",
    "several dtypes: rnn.weight_ih_l0 is F64, rnn.bias_hh_l0 is F32; expected one",
  ],
  [
    "a mask of halves",
    set("mask", { dtype: "F64", shape: [3, 2], data: Float64Array.of(1, 0, 1, 0.5, 1, 1) }),
    "value",
    "mask[1, 1] is 0.5; expected 0 or 1",
  ],
  [
    "a weight that is not finite",
    filled("rnn.weight_hh_l0", Number.NaN),
    "value",
    "rnn.weight_hh_l0[0, 3] is NaN; expected finite weights and inputs",
  ],
  ["an input that is not finite", filled("x", Number.NEGATIVE_INFINITY), "value", "x[0, 0, 3] is -Infinity"],
  [
    "no gradient",
    ({ tensors }) => drop(tensors, "grad."),
    "no-gradient",
    "the file has no gradient to judge; expected at least one tensor grad.NAME",
  ],
  [
    "a gradient of nothing known",
    set("grad.hidden", floats([1], 3)),
    "unknown-name",
    '"grad.hidden" is the gradient of "hidden", which has none here',
  ],
  [
    "a gradient of the target",
    set("grad.target", floats([3, 2], 3)),
    "unknown-name",
    'the gradient of "target", which has none here',
  ],
  [
    "a gradient of what is not there",
    without("readout.bias"),
    "missing",
    "grad.readout.bias is given, but the file has no readout.bias",
  ],
  [
    "a gradient transposed",
    set("grad.rnn.weight_ih_l0", floats([4, 5], 3)),
    "shape",
    "grad.rnn.weight_ih_l0 [4, 5] does not have the shape of rnn.weight_ih_l0; expected [5, 4]",
  ],
  [
    "a gradient of integers",
    set("grad.h0", { dtype: "I32", shape: [2, 5], data: new Int32Array(10) }),
    "dtype",
    "grad.h0 has dtype I32",
  ],
  [
    "two kinds of loss",
    set("grad_hidden", floats([3, 2, 5], 3)),
    "conflict",
    "grad_hidden stand for the loss, but the file also has target, mask, loss; expected one or the other; next: multiply the mask into them",
  ],
  [
    "a gradient of outputs without a readout",
    all(
      without("target", "mask", "readout.weight"),
      setting("loss", undefined),
      set("grad_output", floats([3, 2, 6], 3)),
    ),
    "missing",
    "missing: tensor readout.weight",
  ],
  [
    "a readout's bias alone",
    all(
      without("target", "mask", "readout.weight", "grad.readout.weight"),
      setting("loss", undefined),
      set("grad_hidden", floats([3, 2, 5], 3)),
    ),
    "missing",
    "readout.bias has no readout.weight beside it",
  ],
  [
    "a mean of a given gradient",
    all(
      without("target", "mask"),
      setting("loss", undefined),
      setting("reduction", "mean"),
      set("grad_hidden", floats([3, 2, 5], 3)),
    ),
    "setting",
    'reduction is "mean"; expected sum beside grad_output or grad_hidden',
  ],
];

describe("a case is refused that has", () => {
  test.each(refusals)("%s", (_, edit, problem, words) => {
    const error = thrown(CaseError, () => readCase(edited(edit), { name: "some/file.safetensors" }));
    expect(error.problem).toBe(problem);
    expect(error.message).toContain(words);
    expect(error.message).toMatch(/^readCase: some\/file\.safetensors: /);
    expect(error.file).toBe("some/file.safetensors");
  });
});

test("an h0 that is not there is not made from nothing", () => {
  const zeros = (...shape: number[]): StoredTensor => {
    return { dtype: "F16", shape, data: new Float32Array(shape.reduce((a, b) => a * b)) };
  };
  const tensors = new Map<string, StoredTensor>([
    ["rnn.weight_ih_l0", zeros(300, 1)],
    ["rnn.weight_hh_l0", zeros(300, 300)],
    ["readout.weight", zeros(1, 300)],
    ["x", zeros(1, 100_000, 1)],
    ["target", { dtype: "U8", shape: [1, 100_000], data: new Uint8Array(100_000) }],
    ["grad.x", zeros(1, 100_000, 1)],
  ]);
  const bytes = writeSafetensors({ tensors, metadata: exampleFile().metadata });
  const error = thrown(CaseError, () => readCase(bytes));
  expect(error.message).toContain("zeros of its shape [100000, 300] would take 240000000 bytes");
});

describe("a file is refused that is", () => {
  const text = (string: string) => new TextEncoder().encode(string);
  test.each([
    ["empty", new Uint8Array(0), "empty-file", "the file is empty (0 bytes); expected a .safetensors or .npz file"],
    ["text", text("h_t = tanh(W x)\n"), "foreign-format", 'text, beginning "h_t = tanh(W x)\\n"'],
    ["JSON", text('{"loss": "mse"}'), "foreign-format", "is text"],
    ["text of another alphabet", text("Градиент по времени"), "foreign-format", "is text"],
    ["HDF5", Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0), "foreign-format", "an HDF5 file"],
    [
      "gzip",
      Uint8Array.of(0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 0, 3),
      "foreign-format",
      "compressed with gzip (decompress it first)",
    ],
    ["a pickle", Uint8Array.of(0x80, 4, 0x95, 9, 0, 0, 0, 0, 0, 0, 0, 0x7d), "pickle", "a Python pickle"],
    [
      "a few bytes",
      Uint8Array.of(200, 201, 202),
      "foreign-format",
      "of a kind unknown here (3 bytes, beginning c8 c9 ca)",
    ],
  ])("%s", (_, bytes, problem, words) => {
    const error = thrown(FileFormatError, () => readCase(bytes));
    expect(error.problem).toBe(problem);
    expect(error.message).toContain(words);
    expect(error.message).toMatch(/^readCase: the file is /);
  });
});

test("where data does not fit the header, a tensor that is missing from both is named too", () => {
  const bytes = edited(() => {});
  const headerBytes = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerBytes)));
  const dataBytes = bytes.length - 8 - headerBytes;
  const { "rnn.weight_hh_l0": _, ...lacking } = header;
  const error = thrown(FileFormatError, () => readCase(safetensorsBytes(lacking, dataBytes), { name: "f" }));
  expect(error.problem).toBe("hole");
  expect(error.message).toMatch(/^readCase: f: bytes \d+ to \d+, between .* the case lacks rnn\.weight_hh_l0$/);
  const ungraded = Object.fromEntries(Object.entries(header).filter(([name]) => !name.startsWith("grad.")));
  expect(() => readCase(safetensorsBytes(ungraded, dataBytes))).toThrow("the case has no gradient to judge");
});

function rename(tensors: Map<string, StoredTensor>, from: string, to: string): void {
  tensors.set(to, tensors.get(from) as StoredTensor);
  tensors.delete(from);
}

function drop(tensors: Map<string, StoredTensor>, prefix: string): void {
  for (const name of [...tensors.keys()]) if (name.startsWith(prefix)) tensors.delete(name);
}

function gated(gates: number): Edit {
  return all(
    set("rnn.weight_ih_l0", floats([5 * gates, 4], 3)),
    set("rnn.weight_hh_l0", floats([5 * gates, 5], 3)),
    set("rnn.bias_ih_l0", floats([5 * gates], 3)),
    set("rnn.bias_hh_l0", floats([5 * gates], 3)),
  );
}

function classes(last: bigint): Edit {
  return set("target", { dtype: "I64", shape: [3, 2], data: BigInt64Array.of(0n, 1n, 2n, last, 4n, 5n) });
}
