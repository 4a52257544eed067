import type { Output } from "./eval.ts";
import { field, type Given, has, integer, number } from "./given.ts";

export interface Timing {
  readonly name: string;
  readonly nanoseconds: number;
}

/** How often, and how long in seconds, a function is run: once where an input asks for nothing. */
export interface Runs {
  readonly count: number;
  readonly seconds: number;
}

export function runsOf(input: Given): Runs {
  return {
    count: has(input, "min_runs") ? integer(field(input, "min_runs")) : 1,
    seconds: has(input, "min_seconds") ? number(field(input, "min_seconds")) : 0,
  };
}

/** The output of the last run and the time of each: at least `count` of them, and at least `seconds` in all. */
export function timed(run: () => Output, { count, seconds }: Runs): { output: Output; timings: Timing[] } {
  const timings: Timing[] = [];
  let total = 0;
  for (;;) {
    const start = process.hrtime.bigint();
    const output = run();
    const nanoseconds = Number(process.hrtime.bigint() - start);
    total += nanoseconds;
    timings.push({ name: "evaluate", nanoseconds });
    if (timings.length >= count && total >= seconds * 1e9) return { output, timings };
  }
}
