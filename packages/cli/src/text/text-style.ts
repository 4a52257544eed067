import type { Palette } from "./palette.ts";

export interface TextStyle {
  readonly palette: Palette;
  /** Where sentences are broken; infinite in a pipe, so that each stays one line. */
  readonly columns: number;
}
