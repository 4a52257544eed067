import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { modules } from "../src/evals/modules.ts";
import { respond } from "../src/protocol/respond.ts";
import { timed } from "../src/protocol/runs.ts";

const answer = (message: object) => respond(modules, JSON.stringify({ id: 7, ...message }));
const evaluate = (module: string, f: string, input: unknown) =>
  answer({ kind: "evaluate", module, function: f, input });

/** Of the hand tracking eval, up to the bones' parents. */
const hand = (correspondences: number[], parents: number[]) => {
  const frames = parents.map(() => [1, 2, 3, 4].map(() => [0, 0, 0, 1]));
  const weights = [parents.map(() => 1)];
  const model = { base_positions: [[0, 0, 0, 1]], parents, weights, base_relatives: frames };
  return { us: [], data: { correspondences, model: { ...model, inverse_base_absolutes: frames, is_mirrored: false } } };
};
const twentyOne = (ownParent: number) => Array.from({ length: 21 }, (_, i) => (i === ownParent ? i : i - 1));

describe("respond", () => {
  it("names the tool, and acknowledges what asks for nothing", () => {
    expect(answer({ kind: "start", eval: "hello" })).toEqual({ id: 7, tool: "gradproof" });
    expect(answer({ kind: "analysis", of: 2, valid: false, error: "no" })).toEqual({ id: 7 });
    expect(answer({ kind: "something new" })).toEqual({ id: 7 });
  });

  it("runs a function as often as asked, and times each run", () => {
    const x = { x: [1, 2], n: 5 };
    expect(evaluate("llsq", "primal", { ...x, min_runs: 3, min_seconds: 0 }).timings).toHaveLength(3);
    expect(evaluate("llsq", "primal", x).timings).toHaveLength(1);
    const { timings } = timed(() => 0, { count: 1, seconds: 0.001 });
    expect(timings.reduce((sum, { nanoseconds }) => sum + nanoseconds, 0)).toBeGreaterThanOrEqual(1e6);
  });

  it.each([
    [{ kind: "define", module: "nothing" }, /^message.module: "nothing"; expected one of hello, llsq, /],
    [{ kind: "define", module: "toString" }, /expected one of hello/],
    [{ kind: "define" }, /^message.module: missing; expected a string/],
    [
      { kind: "evaluate", module: "hello", function: "cube" },
      /^message.function: "cube"; expected one of square, double/,
    ],
    [{}, /^message.kind: missing; expected a string/],
  ])("refuses %j", (message, error) => {
    expect(answer(message)).toEqual({ id: 7, success: false, error: expect.stringMatching(error) });
  });

  it.each([
    ["hello", "square", "2", 'input: "2"; expected a number'],
    ["llsq", "primal", { x: [1, null], n: 3 }, "input.x[1]: null; expected a number"],
    ["llsq", "primal", { x: [1], n: 1 }, "input.n: 1; expected an integer from 2 on"],
    ["llsq", "gradient", [], "input: []; expected an object"],
    ["det", "primal", { A: [1, 2, 3], ell: 2 }, "input.A.length: 3; expected 4"],
    ["kmeans", "cost", { points: [[1, 2], [3]], centroids: [[0, 0]] }, "input.points[1].length: 1; expected 2"],
    ["lstm", "objective", { sequence: [[1]] }, "input.sequence.length: 1; expected at least 2"],
    ["ht", "objective", hand([5], [-1]), "input.data.correspondences[0]: 5; expected an integer from 0 to 0"],
    ["ht", "jacobian", hand([0], [-1]), "input.data.model.parents.length: 1; expected at least 21"],
    ["ht", "objective", hand([0], twentyOne(7)), "input.data.model.parents[7]: 7; expected an integer from -1 to 6"],
    ["lse", "primal", { x: [1e308, 1], min_runs: 1.5 }, "input.min_runs: 1.5; expected an integer from 0 on"],
    ["hello", "square", 1e200, "output: Infinity; expected a finite number"],
  ])("%s.%s refuses %j", (module, f, input, error) => {
    expect(evaluate(module, f, input)).toEqual({ id: 7, success: false, error });
  });

  it("cannot answer what has no id", () => {
    expect(() => respond(modules, "{")).toThrow('message: "{"; expected a line of JSON');
    expect(() => respond(modules, '{"kind":"start"}')).toThrow("message.id: missing; expected a number");
    expect(() => respond(modules, "null")).toThrow("message: null; expected an object");
  });
});

describe("the command", () => {
  const main = resolve(import.meta.dirname, "../src/main.ts");
  const run = (input: string) =>
    spawnSync(process.execPath, ["--conditions=@gradproof/source", main], { input, encoding: "utf8" });

  it("answers line by line, and stops with the reason at what it cannot answer", () => {
    const { stdout, stderr, status } = run('{"id":0,"kind":"start"}\n\n{"id":1,"kind":"define","module":"hello"}\n');
    expect([stdout, stderr, status]).toEqual(['{"id":0,"tool":"gradproof"}\n{"id":1,"success":true}\n', "", 0]);
    const broken = run('{"id":0,"kind":"start"}\nhello\n{"id":1,"kind":"start"}\n');
    expect(broken.stdout).toBe('{"id":0,"tool":"gradproof"}\n');
    expect(broken.stderr).toBe('gradbench: message: "hello"; expected a line of JSON\n');
    expect(broken.status).toBe(1);
  });
});
