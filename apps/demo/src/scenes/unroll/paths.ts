/** What of the unrolled network can be pointed at. */
export type Part =
  | { readonly kind: "weight"; readonly name: WeightName }
  | { readonly kind: "state" | "input" | "error"; readonly t: number };

export type WeightName = "Wxh" | "Whh" | "Why";

/** An edge of the unrolled network; the recurrent one of t leads from h_{t−1} to h_t. */
export type Edge = `${"input" | "recurrent" | "readout" | "loss"}${number}`;

const letters = { state: "h", input: "x", error: "e" } as const;
const partPattern = /^([hxe])([0-9])$/;

/** "h2", "x1", "e3", "Whh": as it stands in the address. */
export function partName(part: Part): string {
  return part.kind === "weight" ? part.name : `${letters[part.kind]}${part.t}`;
}

/** The part of that name in a network of T steps. */
export function partOf(name: string, T: number): Part | undefined {
  if (name === "Wxh" || name === "Whh" || name === "Why") return { kind: "weight", name };
  const [, letter, digit] = partPattern.exec(name) ?? [];
  const t = Number(digit);
  if (letter === undefined || t > T || (t === 0 && letter !== "h")) return undefined;
  return { kind: letter === "h" ? "state" : letter === "x" ? "input" : "error", t };
}

/** The edges on paths that carry gradient to a part, or of an error to the parts that it reaches. */
export function edgesTo(part: Part, T: number): ReadonlySet<Edge> {
  const steps = (from: number, to: number) => Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
  const outputsFrom = (k: number) => steps(Math.max(1, k), T).flatMap((t): Edge[] => [`loss${t}`, `readout${t}`]);
  const statesFrom = (k: number) => [...outputsFrom(k), ...steps(k + 1, T).map((t): Edge => `recurrent${t}`)];
  switch (part.kind) {
    case "state":
      return new Set(statesFrom(part.t));
    case "input":
      return new Set<Edge>([...statesFrom(part.t), `input${part.t}`]);
    case "error":
      return new Set<Edge>([
        `loss${part.t}`,
        `readout${part.t}`,
        ...steps(1, part.t).map((t): Edge => `recurrent${t}`),
      ]);
    default:
      return new Set(weightEdges(part.name, T, steps, outputsFrom));
  }
}

function weightEdges(
  name: WeightName,
  T: number,
  steps: (from: number, to: number) => number[],
  outputsFrom: (k: number) => Edge[],
): Edge[] {
  if (name === "Why") return outputsFrom(1);
  const recurrent = steps(name === "Whh" ? 1 : 2, T).map((t): Edge => `recurrent${t}`);
  const inputs = name === "Wxh" ? steps(1, T).map((t): Edge => `input${t}`) : [];
  return [...outputsFrom(1), ...recurrent, ...inputs];
}

/** How many paths there are, in words. */
export function describePaths(part: Part, T: number): string {
  const count = (n: number) => `${n} ${n === 1 ? "path" : "paths"}`;
  if (part.kind === "weight") {
    if (part.name === "Why") return `${count(T)}: one for each loss. W_hy is used last, so nothing goes back in time.`;
    return `${count((T * (T + 1)) / 2)}: each loss J_t reaches ${part.name === "Whh" ? "W_hh" : "W_xh"} at step t and at every step before it.`;
  }
  if (part.kind === "error") {
    return `The error of step ${part.t} reaches ${part.t === 1 ? "h₁ and h₀" : `h${sub(part.t)} and every state before it`}: ${count(part.t)} into the recurrent weights.`;
  }
  const from = Math.max(1, part.t);
  const name = part.kind === "state" ? `h${sub(part.t)}` : `x${sub(part.t)}`;
  return `${count(T - from + 1)} to ${name}: one from the loss of every step from ${from} to ${T}. No earlier loss depends on it.`;
}

const digits = "₀₁₂₃₄₅₆₇₈₉";

/** An index below the line. */
export function sub(t: number): string {
  return [...String(t)].map((digit) => digits[Number(digit)]).join("");
}
