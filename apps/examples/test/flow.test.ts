import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ExplainedFile, flowFile, isExplained } from "gradproof";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "gradproof-dump-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const example = join(import.meta.dirname, "../flow");
/** Debian's python3-torch, where it is installed. */
const python = ["/usr/bin/python3", "python3"].find((path) => spawnSync(path, ["-c", "import torch"]).status === 0);

function explained(path: string): ExplainedFile {
  const file = flowFile(path, { weights: true, requiredLag: 6, steps: 100, exponents: 1 });
  if (!isExplained(file)) throw new Error(file.error);
  return file;
}

test("along the training run, memory grows beyond what the task needs", () => {
  const names = readdirSync(join(example, "weights")).sort();
  const reaches = names.map((name) => explained(join(example, "weights", name)).explanation.flow.horizons.reach95 ?? 0);
  expect(names).toHaveLength(11);
  expect(reaches[0]).toBeLessThan(6);
  expect(Math.max(...reaches)).toBeGreaterThan(6);
  expect(reaches.at(-1)).toBeGreaterThanOrEqual(6);
});

test.skipIf(python === undefined)("what dump_weights.py writes is read, relu and modules of other names too", () => {
  const path = join(folder, "dump.npz");
  const program = [
    "import torch",
    "from dump_weights import dump_weights",
    "rnn, head = torch.nn.RNN(2, 5, nonlinearity='relu'), torch.nn.Linear(5, 3)",
    `dump_weights(${JSON.stringify(path)}, encoder=rnn, head=head)`,
  ].join("\n");
  const { status, stderr } = spawnSync(python as string, ["-c", program], { cwd: example, encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
  const { problem } = explained(path);
  expect(problem).toMatchObject({ I: 2, H: 5, O: 3, nonlinearity: "relu", dtype: "F32" });
});
