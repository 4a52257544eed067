import { caseBytes } from "../case-bytes.ts";
import { unjudged } from "../unjudged.ts";
import { type FlowBytesOptions, type FlowedFile, flowBytes } from "./flow-bytes.ts";

/** Of `flowBytes`; the name is the file's path unless given. */
export type FlowFileOptions = Partial<FlowBytesOptions>;

/**
 * Reads a case file, or weights alone, and explains how the gradient flows. Never throws: what cannot be analysed, and a
 * fault of gradproof, are results.
 *
 * @example
 * ```ts
 * const { verdict } = flowFile("no-such-file.safetensors");
 * console.log(verdict); // -> error
 * ```
 */
export function flowFile(path: string, { name = path, ...options }: FlowFileOptions = {}): FlowedFile {
  try {
    return flowBytes(caseBytes(path), { name, ...options });
  } catch (error) {
    return unjudged(name, error);
  }
}
