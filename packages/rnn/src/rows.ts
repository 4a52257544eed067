import { reshape, slice, type Tensor } from "@gradproof/arithmetic";

/**
 * The steps [start, end) of [L, B, N], all unless given, as [(end − start)·B, N]: a view, made in one go where the tensor
 * lies in row-major order as nearly all do; what cannot be seen so is a ShapeError of `reshape`.
 */
export function rows<S>(t: Tensor<S>, start = 0, end = t.shape[0]): Tensor<S> {
  const [L, B, N] = t.shape;
  const [step, row, column] = t.strides;
  const shape = [(end - start) * B, N];
  if (step === B * N && row === N && column === 1 && 0 <= start && start <= end && end <= L) {
    return { store: t.store, offset: t.offset + start * step, shape, strides: [N, 1] };
  }
  return reshape(slice(t, start, end), shape);
}
