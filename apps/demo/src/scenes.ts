import type { ComponentType } from "preact";

export interface SceneEntry {
  /** Its part of the address. */
  readonly id: string;
  readonly title: string;
  /** Its one idea. */
  readonly idea: string;
  readonly load: () => Promise<ComponentType>;
}

/** In the order in which they are read. Each is loaded when it is opened. */
export const scenes: readonly SceneEntry[] = [
  {
    id: "unroll",
    title: "Unroll",
    idea: "A recurrent network is one layer used again at every step. Unrolled, it is an ordinary chain, and the chain rule goes back along it.",
    load: () => import("./scenes/unroll/unroll.tsx").then(({ Unroll }) => Unroll),
  },
  {
    id: "lags",
    title: "Each lag’s share",
    idea: "The gradient of one loss is a sum: one term for every earlier step, each a product of Jacobians.",
    load: () => import("./scenes/lags/lags.tsx").then(({ Lags }) => Lags),
  },
  {
    id: "vanishing",
    title: "Why gradients vanish",
    idea: "Every step back multiplies by the weight and by the slope of tanh. Long products rarely stay near one.",
    load: () => import("./scenes/vanishing/vanishing.tsx").then(({ Vanishing }) => Vanishing),
  },
  {
    id: "break",
    title: "Break it",
    idea: "Where gradients vanish, so do the mistakes in them. Only exact arithmetic still sees them.",
    load: () => import("./scenes/break/break.tsx").then(({ Break }) => Break),
  },
  {
    id: "train",
    title: "Train",
    idea: "A network learns what its gradient reaches. Ask it to remember further back, and watch it stop.",
    load: () => import("./scenes/train/train.tsx").then(({ Train }) => Train),
  },
  {
    id: "check",
    title: "Check yours",
    idea: "Is the gradient that your own code computed right, and does it flow? Drop a file and see.",
    load: () => import("./scenes/check/check.tsx").then(({ Check }) => Check),
  },
];
