import { contractions } from "./table/contractions.ts";
import { elementwiseOperations } from "./table/elementwise.ts";
import { extremes } from "./table/extremes.ts";
import { elementaryFunctions } from "./table/functions.ts";
import { layoutOperations } from "./table/layout.ts";
import { linearAlgebra } from "./table/linear-algebra.ts";
import type { Operation } from "./table/operation.ts";
import { products } from "./table/products.ts";
import { rearrangements } from "./table/rearrangements.ts";
import { runningProducts } from "./table/running-products.ts";
import { softmaxOperations } from "./table/softmax.ts";

/** Every operation, in the variants that have rules of their own: each row is checked in five ways. */
export const operations: readonly Operation[] = [
  ...elementwiseOperations,
  ...elementaryFunctions,
  ...products,
  ...softmaxOperations,
  ...layoutOperations,
  ...rearrangements,
  ...extremes,
  ...runningProducts,
  ...contractions,
  ...linearAlgebra,
];
