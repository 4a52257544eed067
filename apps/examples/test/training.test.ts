import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Arithmetic, float32, float64 } from "@gradproof/arithmetic";
import { readSafetensors, type TensorFile, weightsOf, weightTensors, writeSafetensors } from "@gradproof/interchange";
import { forward, liftProblem, type NumericArray, type RnnParameters, type RnnProblem } from "@gradproof/rnn";
import { adding, trainer } from "@gradproof/training";
import { afterAll, describe, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "gradproof-pytorch-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const training = join(import.meta.dirname, "../training");
/** Debian's python3-torch, where it is installed. */
const python = ["/usr/bin/python3", "python3"].find((path) => spawnSync(path, ["-c", "import torch"]).status === 0);

const precisions = [
  { name: "float32", A: float32 as Arithmetic<never>, dtype: "F32", unit: 2 ** -24 },
  { name: "float64", A: float64 as Arithmetic<never>, dtype: "F64", unit: 2 ** -53 },
] as const;

/** The loss of `loss_of` in pytorch.py: mean squared error at the last step of x [T, B, I] against target [B, 1]. */
function lossOf(
  A: Arithmetic<never>,
  parameters: RnnParameters<NumericArray>,
  x: NumericArray,
  target: NumericArray,
): number {
  const [T, B] = x.shape;
  const H = parameters.Whh.shape[0];
  const atTheEnd = (values: Float64Array) =>
    Float64Array.from({ length: T * B }, (_, row) => (row < (T - 1) * B ? 0 : values[row - (T - 1) * B]));
  const problem: RnnProblem<NumericArray> = {
    nonlinearity: "tanh",
    loss: "mse",
    reduction: "sum",
    parameters,
    x,
    h0: { shape: [B, H], data: new Float64Array(B * H) },
    target: { shape: [T, B, 1], data: atTheEnd(target.data) },
    mask: { shape: [T, B], data: atTheEnd(new Float64Array(B).fill(1)) },
  };
  return A.lower(forward(A, liftProblem(A, problem)).loss)[0] / B;
}

function arrayOf({ tensors }: TensorFile, name: string): NumericArray {
  const tensor = tensors.get(name);
  if (!tensor) throw new Error(`there is no ${name}`);
  return { shape: tensor.shape, data: Float64Array.from(tensor.data as Float64Array) };
}

/** The loss that PyTorch wrote beside the batch, and ours of the same weights: of T · (I + H + 4) + H + B rounded operations
 * on numbers of order one, to each side. */
function expectSameLoss(A: Arithmetic<never>, file: TensorFile, unit: number): void {
  const [x, target, theirs] = ["x", "target", "loss"].map((name) => arrayOf(file, name));
  const [T, B, I] = x.shape;
  const parameters = weightsOf(file.tensors);
  const H = parameters.Whh.shape[0];
  const ours = lossOf(A, parameters, x, target);
  expect(ours).toBeGreaterThan(1e-3);
  expect(Math.abs(ours - theirs.data[0])).toBeLessThan(2 * (T * (I + H + 4) + H + B) * unit);
}

describe.each(precisions)("in $name", ({ name, A, dtype, unit }) => {
  const shipped = readFileSync(join(training, `weights/pytorch-${name}.safetensors`));

  test("a network that PyTorch wrote has PyTorch's loss, and its weights go back bit for bit", () => {
    const file = readSafetensors(shipped);
    expectSameLoss(A, file, unit);
    const written = readSafetensors(writeSafetensors({ tensors: weightTensors(weightsOf(file.tensors), dtype) }));
    expect(written.tensors.size).toBe(6);
    for (const [key, tensor] of written.tensors) expect(tensor, key).toEqual(file.tensors.get(key));
  });

  test.runIf(python)(
    "a network that was trained here goes to PyTorch and back bit for bit, and has its loss there",
    () => {
      const task = adding(10);
      const run = trainer(A, task, { seed: 4, hidden: 12, batch: 8, optimiser: { kind: "adam" }, learningRate: 0.01 });
      for (let step = 0; step < 30; step++) run.next();
      const { parameters } = run.snapshot();
      const tensors = weightTensors(parameters, dtype);
      const batch = new Map([...readSafetensors(shipped).tensors].filter(([key]) => key === "x" || key === "target"));
      const [ours, theirs, given] = ["ours", "theirs", "batch"].map((part) =>
        join(folder, `${name}-${part}.safetensors`),
      );
      writeFileSync(ours, writeSafetensors({ tensors }));
      writeFileSync(given, writeSafetensors({ tensors: batch }));
      const { status, stderr } = spawnSync(python as string, [join(training, "pytorch.py"), ours, theirs, given], {
        encoding: "utf8",
        env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
      });
      expect([status, stderr]).toEqual([0, ""]);
      const back = readSafetensors(readFileSync(theirs));
      expect(weightsOf(back.tensors)).toEqual(parameters);
      expectSameLoss(A, back, unit);
    },
  );
});
