import type { ScaleResult } from "./judging.ts";

/** What comes out of the sandbox, in this order: the proof, a result for each scale, the end; or an error. */
export type SandboxReport =
  | { readonly proven: boolean }
  | { readonly result: ScaleResult }
  | { readonly done: true }
  | { readonly error: { readonly message: string; readonly line: number } };
