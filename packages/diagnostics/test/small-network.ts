import fc from "fast-check";

/** Weights of y = v · act(W x + b), shapes [H, I], [H], [H]. */
export type Weights = { readonly [name in "W" | "b" | "v"]: Float64Array };

/** Σ (y - target)² over a few samples, with its gradient by hand; in double precision or in float32 throughout. */
export interface Network {
  readonly activation: "tanh" | "relu";
  readonly single: boolean;
  readonly inputs: readonly (readonly number[])[];
  readonly targets: readonly number[];
  readonly weights: Weights;
}

/** Values k/16 times a scale; zero among them. */
const values = (length: number, scale: number) =>
  fc
    .array(fc.integer({ min: -32, max: 32 }), { minLength: length, maxLength: length })
    .map((list) => list.map((k) => (k * scale) / 16));

export const networks: fc.Arbitrary<Network> = fc
  .record({
    activation: fc.constantFrom("tanh" as const, "relu" as const),
    single: fc.boolean(),
    I: fc.integer({ min: 1, max: 3 }),
    H: fc.integer({ min: 1, max: 4 }),
    B: fc.integer({ min: 1, max: 3 }),
    scale: fc.constantFrom(1, 0.3, 0.01, 1e-3),
  })
  .chain(({ activation, single, I, H, B, scale }) =>
    fc
      .record({
        W: values(H * I, scale),
        b: values(H, scale),
        v: values(H, scale),
        inputs: fc.array(values(I, 0.7), { minLength: B, maxLength: B }),
        targets: values(B, 0.9),
      })
      .map(({ W, b, v, inputs, targets }) => ({
        activation,
        single,
        inputs,
        targets,
        weights: { W: Float64Array.from(W), b: Float64Array.from(b), v: Float64Array.from(v) },
      })),
  );

/** The loss and its gradient at some weights. */
export function run({ activation, single, inputs, targets }: Network, { W, b, v }: Weights) {
  const r = single ? Math.fround : (x: number) => x;
  const [H, I] = [b.length, W.length / b.length];
  const gradient: Weights = { W: new Float64Array(H * I), b: new Float64Array(H), v: new Float64Array(H) };
  let loss = 0;
  inputs.forEach((x, k) => {
    const u = Array.from(b, (bias, i) => {
      let sum = r(bias);
      for (let j = 0; j < I; j++) sum = r(sum + r(r(W[i * I + j]) * r(x[j])));
      return sum;
    });
    const h = u.map((value) => r(activation === "relu" ? Math.max(value, 0) : Math.tanh(value)));
    let y = 0;
    for (let i = 0; i < H; i++) y = r(y + r(r(v[i]) * h[i]));
    const error = r(y - r(targets[k]));
    loss = r(loss + r(error * error));
    for (let i = 0; i < H; i++) {
      const slope = activation === "relu" ? (u[i] > 0 ? 1 : 0) : r(1 - r(h[i] * h[i]));
      const delta = r(r(r(2 * error) * r(v[i])) * slope);
      gradient.v[i] = r(gradient.v[i] + r(r(2 * error) * h[i]));
      gradient.b[i] = r(gradient.b[i] + delta);
      for (let j = 0; j < I; j++) gradient.W[i * I + j] = r(gradient.W[i * I + j] + r(delta * r(x[j])));
    }
  });
  return { loss, gradient };
}
