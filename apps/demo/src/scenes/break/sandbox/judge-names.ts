/** The judges of numbers, in the order of their verdicts; the prime field, which judges the program, comes after them. */
export const judgeNames = [
  "PyTorch’s gradcheck",
  "JAX’s check_grads",
  "Finite differences that know their error",
  "Autodiff, allclose",
  "Autodiff, in units of rounding",
] as const;

export type JudgeName = (typeof judgeNames)[number];
