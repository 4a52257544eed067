import { float64, primeField, ShapeError } from "@gradproof/arithmetic";
import { describe, expect, test } from "vitest";
import { graphText, graphviz, mermaid } from "../src/inspection/pictures.ts";
import { trace } from "../src/inspection/trace.ts";
import { add, multiply, square } from "../src/operations/elementwise.ts";
import { tanh } from "../src/operations/functions.ts";
import { matmul } from "../src/operations/matmul.ts";
import { sum } from "../src/operations/reduction.ts";
import { at } from "../src/operations/selection.ts";
import type { PullbackError } from "../src/transforms/pullback-error.ts";
import { grad } from "../src/transforms/reverse.ts";
import { node, type Variable, variable, wrap } from "../src/variable.ts";
import { numbers } from "./tensors.ts";

type Floats = Variable<Float64Array>;
const v = (values: readonly number[], shape: readonly number[] = [values.length]) => variable(float64, values, shape);

const loss = ({ w, x }: { w: Floats; x: Floats }) => sum(square(tanh(matmul(w, x))));
const inputs = { w: v([0.5, -1, 0.25, 2], [2, 2]), x: v([1, -2], [2, 1]) };

describe("a trace", () => {
  test("has every node once, inputs before outputs, with values and the gradients that grad gives", () => {
    const nodes = trace(loss, inputs);
    expect(nodes.map(({ operation }) => operation)).toEqual(["input", "input", "matmul", "tanh", "square", "sum"]);
    expect(nodes.map(({ name }) => name).slice(0, 3)).toEqual(["w", "x", undefined]);
    for (const { id, inputs: own } of nodes) expect(own.every((input) => input < id)).toBe(true);
    const { w, x } = grad(loss)(inputs);
    expect([nodes[0].gradient, nodes[1].gradient, nodes[5].gradient]).toEqual([numbers(w), numbers(x), [1]]);
    expect(nodes[2].values).toEqual([2.5, -3.75]);
    // The cotangent of tanh's argument: 2 h (1 − h²)
    nodes[2].gradient?.forEach((found, i) => {
      const h = Math.tanh([2.5, -3.75][i]);
      expect(found).toBeCloseTo(2 * h * (1 - h * h), 14);
    });
  });

  test("of lists, of what is not used, of parts, and from another cotangent", () => {
    const nodes = trace(([a, _b]: readonly Floats[]) => add(at(a, 0), at(a, 1)), [v([1, 2]), v([3])], v([10], []));
    expect(nodes.map(({ name, gradient }) => [name, gradient])).toEqual([
      ["0", [10, 10]],
      ["1", undefined],
      [undefined, [10]],
      [undefined, [10]],
      [undefined, [10]],
    ]);
    expect(trace((x: Floats) => x, v([7]))).toEqual([
      { id: 0, operation: "input", name: "", inputs: [], shape: [1], values: [7], gradient: [1] },
    ]);
  });

  test("over residues has their shadows", () => {
    const F = primeField(1);
    const [first] = trace((x: Floats) => sum(x), wrap(F, F.uniform([2], [0.5, -0.25])));
    expect([first.values, first.gradient]).toEqual([
      [0.5, -0.25],
      [1, 1],
    ]);
  });
});

describe("pictures", () => {
  const nodes = trace(
    ([a, b]: readonly Floats[]) => multiply(a, b),
    [v([1 / 3, 2, 3, 4, 5]), v([2], [])],
    v([1, 1, 1, 1, 1]),
  );

  test("as text", () => {
    expect(graphText(nodes).split("\n")).toEqual([
      "0  input 0   [5]         0.3333 2 3 4 …  gradient 2 2 2 2 …",
      "1  input 1   []          2               gradient 14.33",
      "2  multiply  [5] of 0 1  0.6667 4 6 8 …  gradient 1 1 1 1 …",
    ]);
    expect(graphText(nodes, { numbers: 1, digits: 2 }).split("\n")[0]).toBe(
      "0  input 0   [5]         0.33 …  gradient 2 …",
    );
  });

  test("for Graphviz", () => {
    expect(graphviz(nodes).split("\n")).toEqual([
      "digraph {",
      '  n0 [shape=ellipse, label="input 0 [5]\\n0.3333 2 3 4 …\\ngradient 2 2 2 2 …"];',
      '  n1 [shape=ellipse, label="input 1 []\\n2\\ngradient 14.33"];',
      '  n2 [shape=box, label="multiply [5]\\n0.6667 4 6 8 …\\ngradient 1 1 1 1 …"];',
      "  n0 -> n2;",
      "  n1 -> n2;",
      "}",
    ]);
  });

  test("for Mermaid", () => {
    expect(mermaid(nodes).split("\n")).toEqual([
      "flowchart TD",
      '  n0(["input 0 [5]<br/>0.3333 2 3 4 …<br/>gradient 2 2 2 2 …"])',
      '  n1(["input 1 []<br/>2<br/>gradient 14.33"])',
      '  n2["multiply [5]<br/>0.6667 4 6 8 …<br/>gradient 1 1 1 1 …"]',
      "  n0 --> n2",
      "  n1 --> n2",
    ]);
  });

  test("names with quotes stay inside their labels", () => {
    const [quoted] = trace((x: Readonly<Record<string, Floats>>) => x['a"b'], { 'a"b': v([1]) });
    expect(graphviz([quoted])).toContain('label="input a\\"b [1]');
    expect(mermaid([quoted])).toContain("input a#quot;b [1]");
  });
});

describe("errors", () => {
  test("name the operation and its shapes, and their stack the line that called it", () => {
    const wrong = () => matmul(v([1, 2], [1, 2]), v([1, 2, 3], [1, 3]));
    let error: Error | undefined;
    try {
      wrong();
    } catch (caught) {
      error = caught as Error;
    }
    expect(error?.message).toBe("matmul: shapes [1, 2] and [1, 3]; expected [..., M, K] and [..., K, N]");
    expect(error?.stack).toContain("inspection.test.ts");
  });

  test("of a rule name the operation whose rule it is, with the rule's own error as cause", () => {
    const broken = (x: Floats) => sum(node(float64, "broken", x.value, [x], [() => matmul(x, x)], []));
    let error: Error | undefined;
    try {
      grad(broken)(v([1, 2]));
    } catch (caught) {
      error = caught as Error;
    }
    expect(error?.message).toMatch(/^pullback: in the rule of broken, of \[2\]: matmul: shapes \[2\] and \[2\]/);
    expect(error?.cause).toBeInstanceOf(ShapeError);
    expect([(error as PullbackError).operation, (error as PullbackError).shapes]).toEqual(["broken", [[2]]]);
  });
});
