import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { NumericArray, RnnProblem } from "@gradproof/rnn";
import type { Contender, Gradients } from "./contender.ts";

/** OpenBLAS as it is shipped, which may not know the processor, and told to use AVX-512. */
const blas: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "": {},
  ", AVX-512": { OPENBLAS_CORETYPE: "SkylakeX" },
};

/** PyTorch and NumPy, in a Python that has both; none where there is no such Python. */
export function python(threads: readonly number[]): readonly Contender[] {
  const interpreter = findPython("torch, numpy");
  if (!interpreter) return [];
  return Object.entries(blas).flatMap(([title, environment]) =>
    threads.flatMap((count) =>
      (["torch", "numpy"] as const).map((library): Contender => {
        const name = `${library === "torch" ? "PyTorch nn.RNN" : "NumPy"}${title}${count > 1 ? `, ${count} threads` : ""}`;
        const env = { ...environment, OMP_NUM_THREADS: String(count), OPENBLAS_NUM_THREADS: String(count) };
        return { name, slow: title === "", prepare: (problem) => prepared(interpreter, library, env, problem) };
      }),
    ),
  );
}

/** A Python that has those modules. */
export function findPython(modules: string): string | undefined {
  return ["python3", "/usr/bin/python3"].find((path) => spawnSync(path, ["-c", `import ${modules}`]).status === 0);
}

/** A problem made ready in a process of its own, which waits while others run. */
export async function prepared(
  interpreter: string,
  library: "torch" | "numpy" | "min-char-rnn",
  environment: Readonly<Record<string, string>>,
  problem: RnnProblem<NumericArray>,
) {
  const folder = mkdtempSync(join(tmpdir(), "gradproof-bench-"));
  const file = join(folder, "problem.json");
  writeFileSync(file, JSON.stringify(plain(problem)));
  const child = spawn(interpreter, [join(import.meta.dirname, "peers.py")], {
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ask = asking(child);
  const gradient = (await ask({ prepare: file, library })) as Gradients;
  rmSync(folder, { recursive: true });
  return {
    step: async () => (await ask({ step: true })) as number,
    gradient: () => gradient,
    close: () => void child.kill(),
  };
}

/** One answer per request, in their order. */
function asking(child: ChildProcess): (request: object) => Promise<unknown> {
  const waiting: { resolve(answer: unknown): void; reject(error: Error): void }[] = [];
  createInterface({ input: child.stdout! }).on("line", (line) => waiting.shift()?.resolve(JSON.parse(line)));
  child.on("exit", (code) => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`python ended with ${code}`));
  });
  return (request) =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      child.stdin!.write(`${JSON.stringify(request)}\n`);
    });
}

function plain(problem: RnnProblem<NumericArray>) {
  const { parameters, x, h0, loss, target } = problem;
  const part = ({ shape, data }: NumericArray) => ({ shape, data: Array.from(data) });
  const numbers = { ...parameters, x, h0, ...(loss === "mse" ? { target: target as NumericArray } : {}) };
  const arrays = Object.fromEntries(
    Object.entries(numbers).map(([name, value]) => [name, part(value as NumericArray)]),
  );
  return { loss, arrays, classes: loss === "cross_entropy" ? Array.from(target as Int32Array) : [] };
}
