import type { TracedNode } from "./trace.ts";

export interface PictureOptions {
  /** How many numbers of a tensor are shown before an ellipsis; 4 unless given. */
  readonly numbers?: number;
  /** Significant digits of a number; 4 unless given. */
  readonly digits?: number;
}

/**
 * A line for each node: its id, operation and shape, what it was computed from, its values and its gradient.
 *
 * @example
 * ```ts
 * const x = variable(float64, [0.5], []);
 * console.log(graphText(trace((x: Variable<Float64Array>) => multiply(x, tanh(x)), x)));
 * // -> 0  input     []         0.5     gradient 0.8553
 * // -> 1  tanh      [] of 0    0.4621  gradient 0.5
 * // -> 2  multiply  [] of 0 1  0.2311  gradient 1
 * ```
 */
export function graphText(nodes: readonly TracedNode[], options: PictureOptions = {}): string {
  const rows = nodes.map((node) => [
    String(node.id),
    label(node),
    [shapeText(node), ...(node.inputs.length > 0 ? [`of ${node.inputs.join(" ")}`] : [])].join(" "),
    numbersText(node.values, options),
    node.gradient ? `gradient ${numbersText(node.gradient, options)}` : "no gradient",
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map((row) => row[column].length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")).join("\n");
}

/** The graph in Graphviz's language, inputs above. */
export function graphviz(nodes: readonly TracedNode[], options: PictureOptions = {}): string {
  const boxes = nodes.map((node) => {
    const lines = boxLines(node, options).map((line) => line.replaceAll(/["\\]/g, "\\$&"));
    const shape = node.operation === "input" ? "ellipse" : "box";
    return `  n${node.id} [shape=${shape}, label="${lines.join("\\n")}"];`;
  });
  const arrows = nodes.flatMap(({ id, inputs }) => inputs.map((input) => `  n${input} -> n${id};`));
  return ["digraph {", ...boxes, ...arrows, "}"].join("\n");
}

/** The graph as a Mermaid flowchart, inputs above. */
export function mermaid(nodes: readonly TracedNode[], options: PictureOptions = {}): string {
  const boxes = nodes.map((node) => {
    const text = boxLines(node, options).join("<br/>").replaceAll('"', "#quot;");
    return node.operation === "input" ? `  n${node.id}(["${text}"])` : `  n${node.id}["${text}"]`;
  });
  const arrows = nodes.flatMap(({ id, inputs }) => inputs.map((input) => `  n${input} --> n${id}`));
  return ["flowchart TD", ...boxes, ...arrows].join("\n");
}

function boxLines(node: TracedNode, options: PictureOptions): string[] {
  return [
    `${label(node)} ${shapeText(node)}`,
    numbersText(node.values, options),
    node.gradient ? `gradient ${numbersText(node.gradient, options)}` : "no gradient",
  ];
}

function label({ operation, name }: TracedNode): string {
  return name ? `${operation} ${name}` : operation;
}

function shapeText({ shape }: TracedNode): string {
  return `[${shape.join(", ")}]`;
}

function numbersText(values: readonly number[], { numbers = 4, digits = 4 }: PictureOptions): string {
  const shown = values.slice(0, numbers).map((value) => String(Number(value.toPrecision(digits))));
  return [...shown, ...(values.length > numbers ? ["…"] : [])].join(" ");
}
