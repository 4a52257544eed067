import { proveRnn } from "@gradproof/verification";
import { expect, test } from "vitest";
import { proveInThreads } from "../../src/proof/prove-in-threads.ts";

test("two threads give the proof that one gives, and say how far they are", async () => {
  const options = { seed: 3, problems: 11, runs: 1 };
  const seen: number[] = [];
  const proof = await proveInThreads({ ...options, onProgress: (done) => seen.push(done) }, 2, 5);
  expect(proof).toEqual(proveRnn(options));
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen.at(-1)).toBe(11);
}, 120_000);
