import { matrixTranspose as matrixTransposeView } from "@gradproof/arithmetic";
import { node, type Variable } from "../variable.ts";

/** The last two axes swapped. */
export function matrixTranspose<S>(a: Variable<S>): Variable<S> {
  return node<S>(a.arithmetic, "transpose", matrixTransposeView(a.value), [a], swapRules, swapRules);
}

function swapRule<S>(change: Variable<S>): Variable<S> {
  return matrixTranspose(change);
}

const swapRules = [swapRule];
