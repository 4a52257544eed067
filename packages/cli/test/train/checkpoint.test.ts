import { float32, float64 } from "@gradproof/arithmetic";
import { readSafetensors, writeSafetensors } from "@gradproof/interchange";
import { delayedXor, trainer } from "@gradproof/training";
import { describe, expect, test } from "vitest";
import { type Checkpoint, checkpointBytes, readCheckpoint } from "../../src/train/checkpoint.ts";
import type { Precision } from "../../src/train/train-settings.ts";

const settings = { seed: 5, hidden: 4, batch: 3, optimiser: { kind: "adam" }, learningRate: 0.01 } as const;

function checkpoint(precision: Precision): Checkpoint {
  const training =
    precision === "float32" ? trainer(float32, delayedXor(1), settings) : trainer(float64, delayedXor(1), settings);
  for (let step = 0; step < 3; step++) training.next();
  return {
    identity: new Map([
      ["task", "delayed-xor 1"],
      ["seed", "5"],
    ]),
    precision,
    snapshot: training.snapshot(),
    stopping: { best: 0.5, since: 2, stop: false },
    moments: [{ step: 1, loss: 0.7, norm: 0.3, clipped: 1, horizon: 2 }],
    clippedSince: 1,
    checks: {
      count: 2,
      matches: 1,
      spacing: 1,
      mismatches: 1,
      listed: [
        { step: 1, verdict: "match", errorInSigma: 0.1 + 0.2, mistakes: [], sequences: 3 },
        { step: 2, verdict: "mismatch", mistakes: ["tanh-derivative-of-activation"], sequences: 3 },
      ],
    },
  };
}

describe.each(["float32", "float64"] as const)("a checkpoint in %s", (precision) => {
  const written = checkpoint(precision);
  const bytes = checkpointBytes(written);

  test("comes back whole, and the same one gives the same bytes", () => {
    expect(readCheckpoint(bytes)).toEqual(written);
    expect(checkpointBytes(checkpoint(precision))).toEqual(bytes);
  });

  test("has PyTorch's names, shapes and type for the weights", () => {
    const { tensors, metadata } = readSafetensors(bytes);
    const type = precision === "float32" ? "F32" : "F64";
    const shapes = Object.fromEntries([...tensors].map(([name, { shape, dtype }]) => [name, `${dtype} ${shape}`]));
    expect(shapes).toMatchObject({
      "rnn.weight_ih_l0": `${type} 4,1`,
      "rnn.weight_hh_l0": `${type} 4,4`,
      "rnn.bias_ih_l0": `${type} 4`,
      "rnn.bias_hh_l0": `${type} 4`,
      "readout.weight": `${type} 2,4`,
      "readout.bias": `${type} 2`,
      "optimiser.mean.rnn.weight_hh_l0": `${type} 4,4`,
      "optimiser.power.beta1": `${type} `,
    });
    expect(metadata.get("format")).toBe("pt");
  });

  test("cut off anywhere is refused", () => {
    for (let length = 0; length < bytes.length; length += 37) {
      expect(() => readCheckpoint(bytes.slice(0, length)), `${length}`).toThrow(/torn/);
    }
  });

  test("with any byte changed is refused", () => {
    let refused = 0;
    for (let place = 0; place < bytes.length; place += 11) {
      const changed = bytes.slice();
      changed[place] = (changed[place] as number) ^ 0x10;
      expect(() => readCheckpoint(changed), `byte ${place}`).toThrow();
      refused++;
    }
    expect(refused).toBeGreaterThan(100);
  });
});

test("what is no checkpoint is refused by what it is", () => {
  const tensors = new Map([["rnn.weight_ih_l0", { dtype: "F32", shape: [1, 1], data: Float32Array.of(1) } as const]]);
  expect(() => readCheckpoint(writeSafetensors({ tensors }))).toThrow("it is no checkpoint of gradproof");
  const metadata = new Map([["gradproof.checkpoint", "2"]]);
  expect(() => readCheckpoint(writeSafetensors({ tensors, metadata }))).toThrow(
    "it is a checkpoint of version 2; expected 1",
  );
});
