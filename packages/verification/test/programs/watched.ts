import type { Operations, Step } from "@gradproof/arbitraries";

/** The operations, each showing what it is given and what it gives. */
export function watched<V>(
  operations: Operations<V>,
  see: (result: V, values: readonly V[], step: Step) => void,
): Operations<V> {
  const each = Object.entries(operations).map(([name, apply]): [string, Operations<V>[string]] => [
    name,
    (values, step) => {
      const result = apply(values, step);
      see(result, values, step);
      return result;
    },
  ]);
  return Object.fromEntries(each);
}
