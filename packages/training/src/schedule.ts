import { requireChoice, requireNumber } from "./checks.ts";

/**
 * How the learning rate changes with the step s, counted from 0, as a factor of the rate asked for:
 * - `constant`: 1
 * - `step`: factor^⌊s / every⌋
 * - `exponential`: factor^s
 * - `cosine`: floor + (1 − floor) (1 + cos(π s / steps)) / 2, then floor (Loshchilov and Hutter 2017)
 * - `inverse-square-root`: 1 / √(1 + s / every)
 *
 * `warmUp` steps before full effect multiply it by (s + 1) / warmUp.
 */
export type Schedule = { readonly warmUp?: number } & (
  | { readonly kind: "constant" }
  | { readonly kind: "step"; readonly every: number; readonly factor: number }
  | { readonly kind: "exponential"; readonly factor: number }
  | { readonly kind: "cosine"; readonly steps: number; readonly floor?: number }
  | { readonly kind: "inverse-square-root"; readonly every: number }
);

/** @throws RangeError for an unknown kind, a count of steps below 1, or a factor outside (0, 1]. */
export function checkSchedule(schedule: Schedule): void {
  const caller = "schedule";
  const kinds = ["constant", "step", "exponential", "cosine", "inverse-square-root"] as const;
  requireChoice(caller, "kind", schedule.kind, kinds);
  if (schedule.warmUp !== undefined) requireNumber(caller, "warmUp", schedule.warmUp, { least: 0, integer: true });
  if ("every" in schedule) requireNumber(caller, "every", schedule.every, { least: 1, integer: true });
  if ("steps" in schedule) requireNumber(caller, "steps", schedule.steps, { least: 1, integer: true });
  if ("factor" in schedule) requireNumber(caller, "factor", schedule.factor, { above: 0 });
  if ("floor" in schedule && schedule.floor !== undefined) {
    requireNumber(caller, "floor", schedule.floor, { least: 0, below: 1 });
  }
}

/**
 * The factor of the learning rate at a step, counted from 0.
 *
 * @example
 * ```ts
 * const schedule = { kind: "step", every: 100, factor: 0.5, warmUp: 10 } as const;
 * console.log(rateFactor(schedule, 0), rateFactor(schedule, 50), rateFactor(schedule, 250)); // -> 0.1 1 0.25
 * ```
 */
export function rateFactor(schedule: Schedule, step: number): number {
  const { warmUp = 0 } = schedule;
  return decay(schedule, step) * (step < warmUp ? (step + 1) / warmUp : 1);
}

function decay(schedule: Schedule, step: number): number {
  switch (schedule.kind) {
    case "constant":
      return 1;
    case "step":
      return schedule.factor ** Math.floor(step / schedule.every);
    case "exponential":
      return schedule.factor ** step;
    case "cosine": {
      const { steps, floor = 0 } = schedule;
      return step >= steps ? floor : floor + ((1 - floor) * (1 + Math.cos((Math.PI * step) / steps))) / 2;
    }
    case "inverse-square-root":
      return 1 / Math.sqrt(1 + step / schedule.every);
  }
}
