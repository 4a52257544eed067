import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkGradient } from "@gradproof/diagnostics";
import { describe, expect, it } from "vitest";
import { modules } from "../src/evals/modules.ts";
import type { Output } from "../src/protocol/eval.ts";
import { respond } from "../src/protocol/respond.ts";
import { type Answer, answers } from "./references/answers.ts";
import { particleMiss } from "./references/objectives.ts";

const lines = readFileSync(join(import.meta.dirname, "messages.jsonl"), "utf8")
  .trim()
  .split("\n");
const evaluations = lines.map((line) => JSON.parse(line)).filter(({ kind }) => kind === "evaluate");

const numbersOf = (output: Output): number[] =>
  typeof output === "number" ? [output] : Object.values(output).flatMap(numbersOf);

/** Whether numbers are the answer, to rounding: sums of fewer than 2^10 terms below 2^3, each rounded to 2^-53. */
function fits(output: readonly number[], answer: Answer): boolean {
  const given = output.slice(...(answer.part ?? [0]));
  if ("is" in answer) {
    const close = (a: number, b: number) => Math.abs(a - b) <= 2 ** -40 * Math.max(1, Math.abs(b));
    return answer.is.every((value, i) => close(given[i], value));
  }
  let next = 0;
  const gradient: Record<string, number[]> = {};
  const point: Record<string, Float64Array> = {};
  for (const [name, values] of Object.entries(answer.at)) {
    point[name] = Float64Array.from(values);
    gradient[name] = given.slice(next, next + values.length);
    next += values.length;
  }
  expect(given).toHaveLength(next);
  return checkGradient(answer.gradientOf, gradient, point).verdict === "match";
}

function outputOf(message: unknown): number[] {
  const { output, error } = respond(modules, JSON.stringify(message));
  if (output === undefined) throw new Error(error);
  return numbersOf(output);
}

describe("recorded messages", () => {
  const known = evaluations.filter(({ module }) => module in answers);

  it.each(known)("$id: $module $function is the reference's, and a change of one number is seen", (message) => {
    const wanted = answers[message.module][message.function](message.input);
    const output = outputOf(message);
    for (const answer of wanted) expect(fits(output, answer)).toBe(true);
    for (let i = 0; i < output.length; i += Math.max(1, output.length >> 2)) {
      const wrong = output.with(i, output[i] + 0.0625);
      const about = wanted.filter(({ part: [start, end] = [0, output.length] }) => start <= i && i < end);
      expect(about.every((answer) => fits(wrong, answer))).toBe(false);
    }
    const gradient = wanted.filter((answer) => "gradientOf" in answer);
    if (gradient.length > 0) expect(output.filter((value) => value !== 0).length).toBeGreaterThan(output.length / 2);
  });

  it("ask for every function of every module, the nested descents in one mix of modes", () => {
    const asked = new Set(evaluations.map(({ module, function: f }) => `${module}.${f}`));
    const all = Object.entries(modules).flatMap(([name, entries]) => Object.keys(entries).map((f) => `${name}.${f}`));
    const left = ["saddle.fr", "saddle.rf", "saddle.rr", "particle.ff", "particle.rf", "particle.rr"];
    expect(all.filter((name) => !asked.has(name)).sort()).toEqual(left.sort());
  });

  const onlyOf = (wanted: string) => evaluations.find(({ module }) => module === wanted);

  it("end at the saddle", () => {
    // The descents stop where a gradient, twice the distance, is 1e-5 at most, or a step is.
    for (const value of outputOf(onlyOf("saddle"))) expect(Math.abs(value)).toBeLessThan(1e-4);
  }, 180_000);

  it("end at the origin", () => {
    const [w] = outputOf(onlyOf("particle"));
    expect(particleMiss(0)).toBeGreaterThan(0.1);
    expect(particleMiss(w)).toBeLessThan(1e-6);
  }, 180_000);

  it("have answers with their id, runs that were timed, and success", () => {
    for (const line of lines.slice(0, 12)) {
      const { id, kind } = JSON.parse(line);
      const { success, timings, ...response } = respond(modules, line);
      expect(response.id).toBe(id);
      expect(success).toBe(kind === "define" || kind === "evaluate" ? true : undefined);
      if (kind === "evaluate") expect(timings?.every(({ nanoseconds }) => nanoseconds > 0)).toBe(true);
    }
  });
});
