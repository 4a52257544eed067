import type { Arithmetic } from "@gradproof/arithmetic";
import { requireChoice, requireNumber } from "./checks.ts";
import type { Rule } from "./optimiser.ts";
import { adagrad } from "./optimisers/adagrad.ts";
import { adam } from "./optimisers/adam.ts";
import { adamw } from "./optimisers/adamw.ts";
import { momentum } from "./optimisers/momentum.ts";
import { nesterov } from "./optimisers/nesterov.ts";
import { rmsprop } from "./optimisers/rmsprop.ts";
import { sgd } from "./optimisers/sgd.ts";

/** A rule of descent and its coefficients, as plain data; a coefficient that is absent has the default given here. */
export type OptimiserSettings =
  | { readonly kind: "sgd" }
  /** momentum: 0.9 */
  | { readonly kind: "momentum" | "nesterov"; readonly momentum?: number }
  /** epsilon: 1e-8 */
  | { readonly kind: "adagrad"; readonly epsilon?: number }
  /** decay: 0.9, epsilon: 1e-8 */
  | { readonly kind: "rmsprop"; readonly decay?: number; readonly epsilon?: number }
  /** beta1: 0.9, beta2: 0.999, epsilon: 1e-8 */
  | { readonly kind: "adam"; readonly beta1?: number; readonly beta2?: number; readonly epsilon?: number }
  /** as adam; weightDecay: 0.01 */
  | {
      readonly kind: "adamw";
      readonly beta1?: number;
      readonly beta2?: number;
      readonly epsilon?: number;
      readonly weightDecay?: number;
    };

export type OptimiserKind = OptimiserSettings["kind"];

export const optimiserKinds: readonly OptimiserKind[] = [
  "sgd",
  "momentum",
  "nesterov",
  "adagrad",
  "rmsprop",
  "adam",
  "adamw",
];

/**
 * The rule that the settings name, its coefficients rounded to the number system. Called outside a scope: the coefficients
 * live as long as the rule.
 *
 * @throws RangeError for an unknown kind, a decay outside [0, 1), or a coefficient below 0 or not finite.
 */
export function optimiser<S>(A: Arithmetic<S>, settings: OptimiserSettings): Rule<S> {
  const below1 = (name: string, value: number) =>
    A.round([requireNumber("optimiser", name, value, { least: 0, below: 1 })], []);
  const atLeast0 = (name: string, value: number) =>
    A.round([requireNumber("optimiser", name, value, { least: 0 })], []);
  requireChoice("optimiser", "kind", settings.kind, optimiserKinds);
  switch (settings.kind) {
    case "sgd":
      return sgd();
    case "momentum":
      return momentum(below1("momentum", settings.momentum ?? 0.9));
    case "nesterov":
      return nesterov(below1("momentum", settings.momentum ?? 0.9));
    case "adagrad":
      return adagrad(atLeast0("epsilon", settings.epsilon ?? 1e-8));
    case "rmsprop":
      return rmsprop(below1("decay", settings.decay ?? 0.9), atLeast0("epsilon", settings.epsilon ?? 1e-8));
    default: {
      const coefficients = {
        beta1: below1("beta1", settings.beta1 ?? 0.9),
        beta2: below1("beta2", settings.beta2 ?? 0.999),
        epsilon: atLeast0("epsilon", settings.epsilon ?? 1e-8),
      };
      if (settings.kind === "adam") return adam(coefficients);
      return adamw(coefficients, atLeast0("weightDecay", settings.weightDecay ?? 0.01));
    }
  }
}
