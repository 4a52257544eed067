import picocolors from "picocolors";
import type { CheckedFile } from "../checked-file.ts";

export type Paint = (text: string) => string;

/** How a terminal shows what a piece of text is; without colours each leaves its text as it is. */
export interface Palette {
  readonly strong: Paint;
  readonly faint: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly doubtful: Paint;
  readonly refused: Paint;
}

export function palette(colours: boolean): Palette {
  const { bold, dim, green, red, yellow, magenta } = picocolors.createColors(colours);
  return {
    strong: bold,
    faint: dim,
    good: green,
    bad: (text) => bold(red(text)),
    doubtful: yellow,
    refused: (text) => bold(magenta(text)),
  };
}

export type AnyVerdict = CheckedFile["verdict"];

/** Signs that tell verdicts apart without colour. */
export const signOf: Readonly<Record<AnyVerdict, string>> = {
  match: "✓",
  mismatch: "✗",
  inconclusive: "?",
  error: "!",
  fault: "!",
};

export function paintOf({ good, bad, doubtful, refused }: Palette, verdict: AnyVerdict): Paint {
  return { match: good, mismatch: bad, inconclusive: doubtful, error: refused, fault: refused }[verdict];
}
