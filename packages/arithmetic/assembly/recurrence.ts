import { binary, unary } from "./elementwise";
import { gemmPacked, packColumns, packedBytes } from "./gemm";
import { fewRows } from "./matrix-vector";
import { packPanel } from "./panel";

/** Whether the weight is packed for all steps: where few rows are multiplied, a transposed copy of it is enough. */
@inline
function packs(rows: i32): bool {
  return rows >= 4;
}

/** Bytes of the workspace that {@link recurrence} needs. */
export function recurrenceBytes<T>(rows: i32, columns: i32): i32 {
  return packs(rows) ? packedBytes<T>(columns, columns) : columns * columns * sizeof<T>();
}

/**
 * For each step: sums ← sums + states weight, and the states of the next step ← f(sums), or f(beside, sums) where beside is
 * not 0. Everything is [rows, columns] and its columns contiguous, but for the weight; strides in bytes. What is between
 * the rows of one step and whether weight is packed does not change any sum's order.
 */
export function recurrence<T>(
  operation: i32,
  states: usize,
  stateStep: usize,
  stateRow: usize,
  sums: usize,
  sumStep: usize,
  sumRow: usize,
  beside: usize,
  besideStep: usize,
  besideRow: usize,
  weight: usize,
  weightRow: usize,
  weightColumn: usize,
  steps: i32,
  rows: i32,
  columns: i32,
  workspace: usize,
  scratch: usize,
): void {
  const size: usize = sizeof<T>();
  const isPacked = packs(rows);
  if (isPacked) {
    packColumns<T>(workspace, weight, weightRow, weightColumn, columns, columns);
  } else if (weightColumn != size) {
    packPanel<T>(workspace, <usize>columns * size, weight, weightRow, weightColumn, columns, columns);
    weight = workspace;
    weightRow = <usize>columns * size;
  }
  const width = <usize>columns * size;
  const isOneRow = stateRow == width && sumRow == width && (beside == 0 || besideRow == width);
  const lines = isOneRow ? 1 : rows;
  const length = isOneRow ? rows * columns : columns;
  for (let t = 0; t < steps; t++) {
    if (isPacked) gemmPacked<T>(sums, sumRow, states, stateRow, workspace, rows, columns, columns, scratch);
    else fewRows<T>(sums, sumRow, size, states, stateRow, size, weight, weightRow, size, rows, columns, columns, true, scratch);
    states += stateStep;
    if (beside == 0) {
      unary<T>(operation, states, stateRow, size, sums, sumRow, size, lines, length);
    } else {
      binary<T>(operation, states, stateRow, size, beside, besideRow, size, sums, sumRow, size, lines, length);
      beside += besideStep;
    }
    sums += sumStep;
  }
}
