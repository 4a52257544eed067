import * as elementwise from "./elementwise";
import { GEMM_SCRATCH, gemm as multiply } from "./gemm";
import { peak as calibrate } from "./micro-kernels";
import { packPanel } from "./panel";
import * as recurrences from "./recurrence";
import * as reduction from "./reduction";
import * as perRow from "./softmax";

/** Where gemm computes, behind the constants; tensors lie behind that. */
let scratch: usize = (__heap_base + 63) & ~63;
export const tensorsStart: usize = scratch + GEMM_SCRATCH;
export const scratchBytes: usize = GEMM_SCRATCH;

/** Gives an instance that works in the same memory as others a scratch of its own. */
export function useScratch(address: usize): void {
  scratch = address;
}

export function gemm32(
  out: usize,
  oRow: usize,
  oColumn: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  bColumn: usize,
  rows: i32,
  columns: i32,
  inner: i32,
  accumulate: bool,
): void {
  multiply<f32>(out, oRow, oColumn, a, aRow, aColumn, b, bRow, bColumn, rows, columns, inner, accumulate, scratch);
}

export function unary32(
  operation: i32,
  out: usize,
  oRow: usize,
  oColumn: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  rows: i32,
  columns: i32,
): void {
  elementwise.unary<f32>(operation, out, oRow, oColumn, a, aRow, aColumn, rows, columns);
}

export function binary32(
  operation: i32,
  out: usize,
  oRow: usize,
  oColumn: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  bColumn: usize,
  rows: i32,
  columns: i32,
): void {
  elementwise.binary<f32>(operation, out, oRow, oColumn, a, aRow, aColumn, b, bRow, bColumn, rows, columns);
}

export function addRows32(out: usize, oRow: usize, a: usize, b: usize, rows: i32, columns: i32): void {
  elementwise.addRows<f32>(out, oRow, a, b, rows, columns);
}

export function transposed32(out: usize, oRow: usize, a: usize, aColumn: usize, rows: i32, columns: i32): void {
  packPanel<f32>(out, oRow, a, sizeof<f32>(), aColumn, rows, columns);
}

export function sum32(
  out: usize,
  oRow: usize,
  oColumn: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  rows: i32,
  columns: i32,
  accumulate: bool,
): void {
  reduction.sum<f32>(out, oRow, oColumn, a, aRow, aColumn, rows, columns, accumulate);
}

export function softmax32(
  out: usize,
  oRow: usize,
  oColumn: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  rows: i32,
  columns: i32,
  logs: usize,
  logRow: usize,
): void {
  perRow.softmax<f32>(out, oRow, oColumn, a, aRow, aColumn, rows, columns, logs, logRow, scratch);
}

export function logSumExp32(
  out: usize,
  oRow: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  rows: i32,
  columns: i32,
): void {
  perRow.logSumExp<f32>(out, oRow, a, aRow, aColumn, rows, columns, scratch);
}

export function recurrenceBytes32(rows: i32, columns: i32): i32 {
  return recurrences.recurrenceBytes<f32>(rows, columns);
}

export function recurrence32(
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
): void {
  recurrences.recurrence<f32>(operation, states, stateStep, stateRow, sums, sumStep, sumRow, beside, besideStep, besideRow, weight, weightRow, weightColumn, steps, rows, columns, workspace, scratch);
}

export function peak32(turns: i32, p: usize): void {
  calibrate<f32>(turns, p);
}

export function gemm64(
  out: usize,
  oRow: usize,
  oColumn: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  bColumn: usize,
  rows: i32,
  columns: i32,
  inner: i32,
  accumulate: bool,
): void {
  multiply<f64>(out, oRow, oColumn, a, aRow, aColumn, b, bRow, bColumn, rows, columns, inner, accumulate, scratch);
}

export function unary64(
  operation: i32,
  out: usize,
  oRow: usize,
  oColumn: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  rows: i32,
  columns: i32,
): void {
  elementwise.unary<f64>(operation, out, oRow, oColumn, a, aRow, aColumn, rows, columns);
}

export function binary64(
  operation: i32,
  out: usize,
  oRow: usize,
  oColumn: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  bColumn: usize,
  rows: i32,
  columns: i32,
): void {
  elementwise.binary<f64>(operation, out, oRow, oColumn, a, aRow, aColumn, b, bRow, bColumn, rows, columns);
}

export function addRows64(out: usize, oRow: usize, a: usize, b: usize, rows: i32, columns: i32): void {
  elementwise.addRows<f64>(out, oRow, a, b, rows, columns);
}

export function transposed64(out: usize, oRow: usize, a: usize, aColumn: usize, rows: i32, columns: i32): void {
  packPanel<f64>(out, oRow, a, sizeof<f64>(), aColumn, rows, columns);
}

export function sum64(
  out: usize,
  oRow: usize,
  oColumn: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  rows: i32,
  columns: i32,
  accumulate: bool,
): void {
  reduction.sum<f64>(out, oRow, oColumn, a, aRow, aColumn, rows, columns, accumulate);
}

export function softmax64(
  out: usize,
  oRow: usize,
  oColumn: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  rows: i32,
  columns: i32,
  logs: usize,
  logRow: usize,
): void {
  perRow.softmax<f64>(out, oRow, oColumn, a, aRow, aColumn, rows, columns, logs, logRow, scratch);
}

export function logSumExp64(
  out: usize,
  oRow: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  rows: i32,
  columns: i32,
): void {
  perRow.logSumExp<f64>(out, oRow, a, aRow, aColumn, rows, columns, scratch);
}

export function recurrenceBytes64(rows: i32, columns: i32): i32 {
  return recurrences.recurrenceBytes<f64>(rows, columns);
}

export function recurrence64(
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
): void {
  recurrences.recurrence<f64>(operation, states, stateStep, stateRow, sums, sumStep, sumRow, beside, besideStep, besideRow, weight, weightRow, weightColumn, steps, rows, columns, workspace, scratch);
}

export function peak64(turns: i32, p: usize): void {
  calibrate<f64>(turns, p);
}
