import type { UnrolledPass } from "./unrolled.ts";

/** One equation at work: its tag, what it says, its formula for this step, and the numbers that it gives. */
export interface EquationAtWork {
  readonly tag: string;
  readonly says: string;
  readonly formula: string;
  readonly numbers: readonly (readonly number[])[];
}

/** What happens at once in the picture: one step forward, the loss, one step backward, the sums over time. */
export type Moment =
  | { readonly phase: "forward" | "backward"; readonly t: number }
  | { readonly phase: "loss" | "weights"; readonly t?: undefined };

/** Forward through t = 1 … T, the loss, back from T to 1, the gradients. */
export function momentsOf(T: number): readonly Moment[] {
  const steps = Array.from({ length: T }, (_, i) => i + 1);
  return [
    ...steps.map((t) => ({ phase: "forward", t }) as const),
    { phase: "loss" },
    ...steps.toReversed().map((t) => ({ phase: "backward", t }) as const),
    { phase: "weights" },
  ];
}

export function momentName(moment: Moment): string {
  switch (moment.phase) {
    case "loss":
      return "The loss";
    case "weights":
      return "The gradients: sums over time";
    default:
      return `${moment.phase === "forward" ? "Forward" : "Backward"}, step ${moment.t}`;
  }
}

export function equationsAt(moment: Moment, pass: UnrolledPass): readonly EquationAtWork[] {
  switch (moment.phase) {
    case "forward":
      return forwardEquations(pass, moment.t);
    case "backward":
      return backwardEquations(pass, moment.t);
    case "loss":
      return lossEquations(pass);
    default:
      return weightEquations(pass);
  }
}

function forwardEquations(pass: UnrolledPass, t: number): EquationAtWork[] {
  return [
    {
      tag: "F1",
      says: "The input and the state before are weighed and added.",
      formula: `u_{${t}} = W_{xh}\\, x_{${t}} + W_{hh}\\, h_{${t - 1}}`,
      numbers: column(pass.preactivations[t - 1]),
    },
    {
      tag: "F2",
      says: "tanh keeps the new state between −1 and 1.",
      formula: `h_{${t}} = \\tanh(u_{${t}})`,
      numbers: column(pass.states[t]),
    },
    {
      tag: "F3",
      says: "The output is read off the state.",
      formula: `\\hat y_{${t}} = W_{hy}\\, h_{${t}}`,
      numbers: [[pass.outputs[t - 1]]],
    },
  ];
}

function lossEquations(pass: UnrolledPass): EquationAtWork[] {
  return [
    {
      tag: "F4",
      says: "Each step’s output is compared with its target, and the losses are added.",
      formula: "J = \\sum_t \\tfrac12\\, (\\hat y_t - y_t)^2",
      numbers: [[pass.loss]],
    },
  ];
}

function backwardEquations(pass: UnrolledPass, t: number): EquationAtWork[] {
  const T = pass.outputs.length;
  const last = t === T;
  return [
    {
      tag: "B1",
      says: "How the loss changes with this output.",
      formula: `e_{${t}} = \\hat y_{${t}} - y_{${t}}`,
      numbers: [[pass.outputErrors[t - 1]]],
    },
    {
      tag: "B2",
      says: "Through the readout, to the state.",
      formula: `W_{hy}^\\top e_{${t}}`,
      numbers: column(pass.directErrors[t - 1]),
    },
    {
      tag: "B3",
      says: last
        ? "Nothing comes from later steps: this is the last one."
        : "What later steps say of this state is added: it comes back through the recurrent weights.",
      formula: `\\frac{\\partial J}{\\partial h_{${t}}} = W_{hy}^\\top e_{${t}}${last ? "" : ` + W_{hh}^\\top \\delta_{${t + 1}}`}`,
      numbers: column(pass.stateErrors[t - 1]),
    },
    {
      tag: "B4",
      says: "Through tanh: times its slope, which is never above 1.",
      formula: `\\delta_{${t}} = (1 - h_{${t}}^2) \\odot \\frac{\\partial J}{\\partial h_{${t}}}`,
      numbers: column(pass.deltas[t - 1]),
    },
  ];
}

function weightEquations({ gradient }: UnrolledPass): EquationAtWork[] {
  return [
    {
      tag: "B5",
      says: "The readout is used at every step, so its gradient is a sum over steps.",
      formula: "\\frac{\\partial J}{\\partial W_{hy}} = \\sum_t e_t\\, h_t^\\top",
      numbers: gradient.Why,
    },
    {
      tag: "B7",
      says: "So is that of the recurrent weights: error after times state before.",
      formula: "\\frac{\\partial J}{\\partial W_{hh}} = \\sum_t \\delta_t\\, h_{t-1}^\\top",
      numbers: gradient.Whh,
    },
    {
      tag: "B8",
      says: "And that of the input weights.",
      formula: "\\frac{\\partial J}{\\partial W_{xh}} = \\sum_t \\delta_t\\, x_t^\\top",
      numbers: gradient.Wxh,
    },
    {
      tag: "B12",
      says: "The initial state has a gradient too.",
      formula: "\\frac{\\partial J}{\\partial h_0} = W_{hh}^\\top \\delta_1",
      numbers: column(gradient.h0),
    },
  ];
}

function column(values: readonly number[]): number[][] {
  return values.map((value) => [value]);
}
