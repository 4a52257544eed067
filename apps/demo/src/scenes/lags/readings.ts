import { type Arithmetic, at, reshape } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { dimensions, jacobianProducts, type ProductSource } from "@gradproof/rnn";

/** One way to read the notes: as corrected, or an equation as it is written there. */
export type Reading = "corrected" | "eq15" | "eq14" | "eq20" | "eq27";

export interface ReadingText {
  readonly value: Reading;
  readonly label: string;
  readonly tex: string;
  readonly says: string;
}

export const readingTexts: readonly ReadingText[] = [
  {
    value: "corrected",
    label: "Corrected",
    tex: "\\frac{dJ_t}{dW} = \\sum_{k=1}^{t} \\frac{\\partial J_t}{\\partial \\hat y_t} \\frac{\\partial \\hat y_t}{\\partial h_t} \\frac{dh_t}{dh_k} \\frac{\\partial^{+} h_k}{\\partial W}",
    says: "The last factor holds the state before constant. Each path is counted once.",
  },
  {
    value: "eq15",
    label: "Eq. 15 as written",
    tex: "\\sum_{k=1}^{t} \\frac{\\partial J_t}{\\partial \\hat y_k} \\frac{\\partial \\hat y_k}{\\partial h_t} \\frac{dh_t}{dh_k} \\frac{\\partial^{+} h_k}{\\partial W}",
    says: "The loss of step t depends on the output of step t alone, so every term but k = t is zero: nothing goes back in time.",
  },
  {
    value: "eq14",
    label: "Eq. 14, total derivatives",
    tex: "\\sum_{k=1}^{t} \\frac{\\partial J_t}{\\partial h_t} \\frac{dh_t}{dh_k} \\frac{dh_k}{dW}",
    says: "With the total derivative as its last factor, a term holds all earlier ones too. The path by way of step j is counted t − j + 1 times.",
  },
  {
    value: "eq20",
    label: "Eq. 20 in the order of the index",
    tex: "\\frac{dh_t}{dh_k} = \\prod_{m=k+1}^{t} A_m = A_{k+1} A_{k+2} \\cdots A_t",
    says: "Matrices do not commute: the latest Jacobian belongs on the left. With one hidden unit nobody would notice.",
  },
  {
    value: "eq27",
    label: "Eq. 27 as written",
    tex: "\\frac{\\partial h_t}{\\partial h_{t-1}} = \\bigl(1 - f'(u_t)^2\\bigr)\\, W",
    says: "The slope of tanh is 1 − f(u)², not 1 − f′(u)². The two agree only where |u| = 0.7218.",
  },
];

/** The products of Jacobians of a reading, on any number system. */
export function productsOf(reading: Reading): ProductSource<Float64Array> {
  return reading === "eq20" || reading === "eq27" ? misread(reading) : jacobianProducts;
}

/** Φ with Jacobians multiplied on from the left, Eq. 20, or with the slope of Eq. 27. */
function misread(reading: "eq20" | "eq27"): ProductSource<Float64Array> {
  return function* (A: Arithmetic<Float64Array>, problem, trajectory, t) {
    const { B, H } = dimensions(problem);
    const [slope, jacobian] = [A.empty([B, H]), A.empty([B, H, H])];
    let [product, next] = [A.empty([B, H, H]), A.empty([B, H, H])];
    A.copy(product, A.ratio(0, 1));
    for (let b = 0; b < B; b++) for (let i = 0; i < H; i++) A.copy(at(at(at(product, b), i), i), A.ratio(1, 1));
    yield { k: t, product };
    for (let k = t; k > 0; k--) {
      A.unary(op.square, slope, at(trajectory.states, k));
      A.unary(op.oneMinus, slope, slope);
      if (reading === "eq27") {
        A.unary(op.square, slope, slope);
        A.unary(op.oneMinus, slope, slope);
      }
      A.binary(op.multiply, jacobian, reshape(slope, [B, H, 1]), problem.parameters.Whh);
      for (let b = 0; b < B; b++) {
        const [left, right] = reading === "eq20" ? [jacobian, product] : [product, jacobian];
        A.gemm(at(next, b), at(left, b), at(right, b), "write");
      }
      [product, next] = [next, product];
      yield { k: k - 1, product };
    }
  };
}
