import type { Result } from "./rounds.ts";
import { gemmOperations, type Shape } from "./shapes.ts";

/** The results of one shape, the fastest first. */
export function tableOf(shape: Shape, results: readonly Result[], peak: number): string {
  const bound = gemmOperations(shape) / peak;
  const { B, T, I, H, O } = shape;
  const head = `${shape.name} ${shape.title}: B ${B}, T ${T}, I ${I}, H ${H}, O ${O}; its gemm calls at the peak of one core: ${time(bound)}`;
  const ordered = [...results].sort((a, b) => (a.milliseconds ?? 1e12) - (b.milliseconds ?? 1e12));
  const lines = ordered.map(({ contender, milliseconds, ratio, error, missing }) => {
    const name = `  ${contender.padEnd(40)}`;
    if (milliseconds === undefined) return `${name}${"".padStart(11)}  ${missing}`;
    const parts = [
      `${ratio?.toFixed(2)}x`,
      `${(milliseconds / bound).toFixed(1)} bounds`,
      `error ${error?.toExponential(0)}`,
    ];
    return `${name}${time(milliseconds).padStart(11)}${parts[0].padStart(10)}${parts[1].padStart(14)}${parts[2].padStart(14)}`;
  });
  return [head, ...lines].join("\n");
}

function time(milliseconds: number): string {
  return milliseconds < 1 ? `${(1000 * milliseconds).toFixed(1)} µs` : `${milliseconds.toFixed(2)} ms`;
}
