import { type Drawing, drawingIn } from "../figures/drawing.ts";

export type { Drawing, Plot } from "../figures/drawing.ts";

/** What draws figures in a program that has no document; loaded only where a report is asked for. */
export async function drawing(): Promise<Drawing> {
  const [Plot, { parseHTML }] = await Promise.all([import("@observablehq/plot"), import("linkedom")]);
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  return drawingIn(Plot, document);
}
