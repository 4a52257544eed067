import type { ProofShape } from "../proof-shape.ts";

const axes = ["T", "B", "I", "H", "O"] as const;
const parts = ["bxh", "bhh", "by", "mask"] as const;

/** Shapes with one axis shorter, the shortest first, or with one part less. */
function* simpler(shape: ProofShape): Generator<ProofShape> {
  for (const axis of axes) {
    const shortest = axis === "O" && shape.loss === "cross_entropy" ? 2 : 1;
    for (let length = shortest; length < shape[axis]; length++) yield { ...shape, [axis]: length };
  }
  for (const part of parts) if (shape[part]) yield { ...shape, [part]: false };
}

/** The last of a chain of counterexamples, each of a shape simpler than the one before it, until none is to be found. */
export function smallest<C extends { readonly shape: ProofShape }>(
  found: C,
  refute: (shape: ProofShape) => C | undefined,
): C {
  for (const shape of simpler(found.shape)) {
    const next = refute(shape);
    if (next) return smallest(next, refute);
  }
  return found;
}
