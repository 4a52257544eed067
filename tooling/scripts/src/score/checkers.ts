import type { Checker } from "@gradproof/verification";
import { chainRules } from "./rules/chain-rules.ts";
import { hipsAutograd, jax } from "./rules/directional.ts";
import { gradproof } from "./rules/gradproof.ts";
import { pytensor } from "./rules/pytensor.ts";
import { torchFast, torchSlow } from "./rules/torch.ts";

/** Acceptance rules as their projects document them, written anew: the rules are scored, not the libraries. */
export const checkers: readonly { readonly name: string; readonly checker: Checker }[] = [
  { name: "PyTorch gradcheck", checker: torchSlow },
  { name: "PyTorch gradcheck, fast mode", checker: torchFast },
  { name: "JAX check_grads", checker: jax },
  { name: "HIPS autograd check_grads", checker: hipsAutograd },
  { name: "PyTensor verify_grad", checker: pytensor },
  { name: "ChainRulesTestUtils test_rrule", checker: chainRules },
  { name: "gradproof check", checker: gradproof },
];
