import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { joined, proveRnn, type RnnProof } from "@gradproof/verification";

export interface ThreadedProofOptions {
  readonly seed: number;
  readonly problems: number;
  readonly runs: number;
  readonly onProgress: (done: number) => void;
}

/**
 * The proof of `proveRnn`, its problems divided among threads; the same proof for any number of them.
 *
 * @param leastPerThread - problems that are worth a thread of their own.
 */
export async function proveInThreads(
  { onProgress, ...options }: ThreadedProofOptions,
  threads = availableParallelism(),
  leastPerThread = 50,
): Promise<RnnProof> {
  const { problems } = options;
  const parts = Math.min(threads, Math.floor(problems / leastPerThread));
  if (parts < 2) return proveRnn({ ...options, onProgress });
  const done = new Array<number>(parts).fill(0);
  const proofs = done.map((_, i) => {
    const part = { first: Math.floor((i * problems) / parts), end: Math.floor(((i + 1) * problems) / parts) };
    return inThread({ ...options, part }, (count) => {
      done[i] = count;
      onProgress(done.reduce((sum, number) => sum + number, 0));
    });
  });
  return joined(await Promise.all(proofs));
}

/** From source, a thread needs to be told that packages are read as source too. */
const source = import.meta.url.endsWith(".ts");

function inThread(workerData: object, onProgress: (done: number) => void): Promise<RnnProof> {
  const file = source ? new URL("./proof-worker.ts", import.meta.url) : new URL("./proof-worker.js", import.meta.url);
  const worker = new Worker(file, { workerData, ...(source && { execArgv: ["--conditions=@gradproof/source"] }) });
  return new Promise((resolve, reject) => {
    worker.on("message", ({ done, proof }: { readonly done?: number; readonly proof?: RnnProof }) => {
      if (done !== undefined) onProgress(done);
      if (proof !== undefined) resolve(proof);
    });
    worker.on("error", reject);
    worker.on("exit", (code) => reject(new Error(`prove: a thread ended with ${code} before its part was proven`)));
  });
}
