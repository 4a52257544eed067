import { CaseError, type CaseProblem } from "./errors.ts";
import { quote, showShape } from "./quote.ts";
import type { StoredTensor, TensorFile } from "./tensor-file.ts";

/** A file's tensors and settings while they are being made into a case, and the way to refuse them. */
export interface CaseSource extends TensorFile {
  refuse(problem: CaseProblem, detail: string, ...names: string[]): CaseError;
}

export function caseSource(
  file: TensorFile,
  name: string | undefined,
  caller: "readCase" | "readStateDict" = "readCase",
): CaseSource {
  return { ...file, refuse: (problem, detail, ...names) => new CaseError(caller, problem, detail, names, name) };
}

/** "x [7, 3, 4]" */
export function showTensor(name: string, tensor: StoredTensor): string {
  return `${name} ${showShape(tensor.shape)}`;
}

export function list(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((name) => (/^[\w.]+$/.test(name) ? name : quote(name)));
  return names.length > 20 ? `${shown.join(", ")} and ${names.length - 20} more` : shown.join(", ");
}
