/** What a function throws, which must be of this class: its fields are then at hand. */
export function thrown<E extends Error>(kind: abstract new (...args: never[]) => E, run: () => unknown): E {
  try {
    run();
  } catch (error) {
    if (error instanceof kind) return error;
    throw new Error(`expected ${kind.name}, but ${String(error)} was thrown`, { cause: error });
  }
  throw new Error(`expected ${kind.name}, but nothing was thrown`);
}
