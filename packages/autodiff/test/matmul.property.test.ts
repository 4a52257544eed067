import { primeField, type Tensor, transpose as transposeView } from "@gradproof/arithmetic";
import { seed } from "@gradproof/vitest-preset/settings";
import { expect, test } from "vitest";
import { matmul } from "../src/operations/matmul.ts";
import { broadcastShape } from "../src/operations/shape.ts";
import { vjp } from "../src/transforms/reverse.ts";
import { type Variable, wrap } from "../src/variable.ts";
import { assemble, binary, broadcast, broughtBack, elements } from "./tensors.ts";

type Residues = Tensor<Float64Array>;

const F = primeField(seed);

/** Leading axes that broadcast to [2, 3] or less. */
const leading: readonly (readonly number[])[] = [[], [1], [3], [1, 1], [1, 3], [2, 1], [2, 3]];
const [rows, inner, columns] = [2, 3, 4];

/** Uniform residues, row by row or, where the view is turned, column by column. */
function drawn(lead: readonly number[], matrix: readonly [number, number], turned: boolean): Residues {
  return turned ? transposeView(F.uniform([...lead, matrix[1], matrix[0]])) : F.uniform([...lead, ...matrix]);
}

/** Sums of left · right, both broadcast to [..., M, K, N], over what is brought back to a shape. */
function contracted(left: Residues, right: Residues, full: readonly number[], to: readonly number[]): Residues {
  return broughtBack(F, binary(F, "multiply", broadcast(F, left, full), broadcast(F, right, full)), to);
}

/** The elements under another shape of the same size. */
const seenAs = (t: Residues, shape: readonly number[]) => assemble(F, elements(t), shape);

const title = `${leading.length ** 2} pairs of leading axes, each operand turned or not`;
test(`${title}: value and cotangents by their sums, exactly`, () => {
  for (const leftLead of leading) {
    for (const rightLead of leading) {
      for (const [leftTurned, rightTurned] of [
        [false, false],
        [true, false],
        [false, true],
        [true, true],
      ]) {
        const lead = broadcastShape("matmul", leftLead, rightLead);
        const full = [...lead, rows, inner, columns];
        const a = drawn(leftLead, [rows, inner], leftTurned);
        const b = drawn(rightLead, [inner, columns], rightTurned);
        const wideA = seenAs(a, [...leftLead, rows, inner, 1]);
        const wideB = seenAs(b, [...rightLead, 1, inner, columns]);
        const of = `of [${a.shape}] and [${b.shape}], turned: ${leftTurned}, ${rightTurned}`;

        const { value, pullback } = vjp(([x, y]: Variable<Float64Array>[]) => matmul(x, y), [wrap(F, a), wrap(F, b)]);
        const expected = seenAs(contracted(wideA, wideB, full, [...lead, rows, 1, columns]), [...lead, rows, columns]);
        expect(value.shape, of).toEqual(expected.shape);
        expect(F.same(value.value, expected), `value ${of}`).toBe(true);

        const ct = F.uniform(value.shape);
        const wideCt = seenAs(ct, [...lead, rows, 1, columns]);
        const [da, db] = pullback(wrap(F, ct)).map((part) => part.value);
        const left = contracted(wideCt, wideB, full, wideA.shape);
        const right = contracted(wideA, wideCt, full, wideB.shape);
        expect(F.same(da, seenAs(left, a.shape)), `da ${of}`).toBe(true);
        expect(F.same(db, seenAs(right, b.shape)), `db ${of}`).toBe(true);
      }
    }
  }
});
