import { expect, test } from "vitest";
import { History } from "../../src/train/history.ts";

/** The history of a run of that many steps, stopped and gone on with after each of `stops`. */
function historyOf(steps: number, stops: readonly number[] = []): History {
  let history = new History();
  for (let step = 1; step <= steps; step++) {
    const due = history.isDue(step);
    history.count(step % 3 === 0);
    if (due) history.keep({ step, loss: 1 / step, norm: step, horizon: step % 7 });
    if (!stops.includes(step)) continue;
    const { clippedSince } = history;
    history = new History(history.moments);
    history.clippedSince = clippedSince;
  }
  return history;
}

test("moments are evenly spaced from the first step to the last, at most 256, and count every clipped step", () => {
  for (const steps of [1, 10, 255, 256, 257, 1000, 20_000]) {
    const { moments } = historyOf(steps);
    const spacing = moments[0]?.step ?? 0;
    expect(moments.length).toBeLessThan(256);
    expect(moments.map(({ step }) => step)).toEqual(moments.map((_, i) => (i + 1) * spacing));
    expect(steps - moments.length * spacing).toBeLessThan(spacing);
    const clipped = moments.reduce((sum, moment) => sum + moment.clipped * spacing, 0);
    expect(clipped).toBeCloseTo(Math.floor((moments.length * spacing) / 3), 6);
  }
});

test("a run that was stopped has the moments of one that was not", () => {
  const stops = [1, 100, 255, 256, 300, 511, 512, 777];
  expect(historyOf(2000, stops).moments).toEqual(historyOf(2000).moments);
});
