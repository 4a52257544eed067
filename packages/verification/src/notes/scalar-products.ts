/** ∂h_t/∂h_0 for t = 0 to steps of a single neuron h ← tanh(w h + drive). */
export function productsOf(w: number, start: number, steps: number, drive: (t: number) => number = () => 0): number[] {
  const products = [1];
  let h = start;
  for (let t = 1; t <= steps; t++) {
    h = Math.tanh(w * h + drive(t));
    products.push(products[t - 1] * (w * (1 - h * h)));
  }
  return products;
}
