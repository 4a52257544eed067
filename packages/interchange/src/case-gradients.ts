import type { GivenGradient } from "./case.ts";
import { differentiable, gradientPrefix } from "./case-names.ts";
import { type CaseSource, list, showTensor } from "./case-source.ts";
import { requireFloat, toFloat64 } from "./case-values.ts";
import { quote, showShape } from "./quote.ts";

/** The gradients under test: `grad.NAME` for a NAME of the file, of NAME's shape. h0 may be the zeros that are not there. */
export function readGradients(source: CaseSource, h0Shape: readonly number[], optional = false): GivenGradient[] {
  const gradients: GivenGradient[] = [];
  for (const [key, tensor] of source.tensors) {
    if (!key.startsWith(gradientPrefix)) continue;
    const name = key.slice(gradientPrefix.length);
    const of = differentiable.get(name);
    if (of === undefined) {
      const detail = `${quote(key)} is the gradient of ${quote(name)}, which has none here`;
      throw source.refuse(
        "unknown-name",
        `${detail}; expected grad. and one of ${list([...differentiable.keys()])}`,
        key,
      );
    }
    const shape = name === "h0" ? h0Shape : source.tensors.get(name)?.shape;
    if (shape === undefined) throw source.refuse("missing", `${key} is given, but the file has no ${name}`, name);
    if (shape.length !== tensor.shape.length || shape.some((length, axis) => length !== tensor.shape[axis])) {
      const detail = `${showTensor(key, tensor)} does not have the shape of ${name}`;
      throw source.refuse("shape", `${detail}; expected ${showShape(shape)}`, key);
    }
    const dtype = requireFloat(source, key, tensor.dtype);
    gradients.push({ name, of, dtype, shape: tensor.shape, data: toFloat64(tensor) });
  }
  if (gradients.length > 0 || optional) return gradients;
  const next = `expected at least one tensor grad.NAME, with NAME of ${list([...differentiable.keys()])}`;
  throw source.refuse("no-gradient", `the file has no gradient to judge; ${next}`);
}
