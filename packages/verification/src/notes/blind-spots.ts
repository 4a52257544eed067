import { fitted, type Net, without } from "./net.ts";

/** W_hh = 0: no state depends on an earlier one. */
export const noRecurrence = { when: "W_hh = 0", change: (net: Net<Float64Array>) => without(net, "Whh") };

/** Targets that are met: every e_t is 0. */
export const nothingToLearn = { when: "ŷ_t = y_t for every t", change: fitted };

/** One unit, one input and one output over two steps: the smallest net with a past. */
export const twoSteps = { l: 1, n: 1, m: 1, z: 2 } as const;
