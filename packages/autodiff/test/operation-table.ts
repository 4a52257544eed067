import { elementwiseOperations } from "./table/elementwise.ts";
import { elementaryFunctions } from "./table/functions.ts";
import { layoutOperations } from "./table/layout.ts";
import type { Operation } from "./table/operation.ts";
import { products } from "./table/products.ts";
import { softmaxOperations } from "./table/softmax.ts";

/** Every operation, in the variants that have rules of their own: each row is checked in five ways. */
export const operations: readonly Operation[] = [
  ...elementwiseOperations,
  ...elementaryFunctions,
  ...products,
  ...softmaxOperations,
  ...layoutOperations,
];
