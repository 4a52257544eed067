import { type Arithmetic, float64, type PrimeField, type Tensor } from "@gradproof/arithmetic";
import { ClaimError, type TestedClaim } from "../claim.ts";
import { jacobian } from "../dual-jacobian.ts";
import { eachFloatCase } from "../float-cases.ts";
import { inner, negative, plus, row, scaled } from "../matrices.ts";
import { bpttGradient, drawDyadicNet, fitted, lossOf, type Net, weightNames } from "../net.ts";
import { netClaim, type SmallNets, smallNet, smallNetText, unknownsOf } from "../net-claim.ts";
import { counterexampleText, numberText } from "../number-text.ts";
import { smallIntegers } from "../small-integers.ts";

/** d J(θ + η d)/dη at 0 along d = sign · ∇J over the three weights: the gradient is BPTT's, the rate forward mode's. */
function rateAlong(F: PrimeField, net: Net<Float64Array>, sign: 1 | -1): Tensor<Float64Array> {
  const gradient = bpttGradient(net);
  const rates = weightNames.map((name) => {
    const slope = jacobian(F, net, name, (own) => lossOf(own));
    return inner(F, slope, row(F, gradient[name] as Tensor<Float64Array>));
  });
  const rate = plus(F, rates[0], rates[1], rates[2]);
  return sign === 1 ? rate : negative(F, rate);
}

function squaredNorm(A: Arithmetic<Float64Array>, net: Net<Float64Array>): Tensor<Float64Array> {
  const gradient = bpttGradient(net);
  const [a, b, c] = weightNames.map((name) => gradient[name] as Tensor<Float64Array>).map((d) => inner(A, d, d));
  return plus(A, a, b, c);
}

/** J at θ + step ∇J */
function lossAfter(net: Net<Float64Array>, step: number): number {
  const gradient = bpttGradient(net);
  const moved = (name: (typeof weightNames)[number]) =>
    plus(net.A, net[name], scaled(net.A, net.A.lift([step], []), gradient[name] as Tensor<Float64Array>));
  return float64.lower(lossOf({ ...net, Wxh: moved("Wxh"), Whh: moved("Whh"), Why: moved("Why") }))[0];
}

/** The first η of 1, ½, ¼, ... such that J(θ − η∇J) lies below J by at least half of what the gradient promises. */
function descendingStep(net: Net<Float64Array>): number | undefined {
  const [loss, norm] = [float64.lower(lossOf(net))[0], float64.lower(squaredNorm(float64, net))[0]];
  for (let step = 1; step > 2 ** -40; step /= 2) if (lossAfter(net, -step) <= loss - (step * norm) / 2) return step;
  return undefined;
}

const smallestNets: SmallNets = { sizes: { l: 1, n: 1, m: 1, z: 1 }, vary: ["Wxh", "Why", "x", "y"] };

/** The simplest integers on which a step of ½ downhill lowers the loss and the same step uphill raises it. */
function simplestDescent(): string {
  for (const values of smallIntegers(unknownsOf(smallestNets).length, 8)) {
    const net = smallNet(float64, smallestNets, values);
    const [loss, down, up] = [float64.lower(lossOf(net))[0], lossAfter(net, -0.5), lossAfter(net, 0.5)];
    if (!(down < loss && up > loss)) continue;
    const place = `${smallNetText(smallestNets, values)}, J = ${numberText(loss)}, η = 1/2`;
    return counterexampleText(place, "J after the step", "ok", numberText(up), numberText(down));
  }
  throw new ClaimError("Text (a), (b)", "no net of small integers on which a step descends");
}

/** The text before Eq. 1, (a) and (b): the gradient, and against it. */
export const descentRate: TestedClaim = netClaim({
  row: "Text (a), (b)",
  statement: "along minus the gradient the loss changes at the rate minus its squared norm",
  asWritten: String.raw`\theta \leftarrow \theta - \eta \nabla J`,
  corrected: String.raw`\frac{d}{d \eta} J(\theta - \eta \nabla J) = -\lVert \nabla J \rVert^2 \text{ at } \eta = 0`,
  verdict: "ok",
  sizes: {},
  laws: [
    {
      name: "rate along −∇J = −‖∇J‖²",
      sides: ({ F, net }) => [rateAlong(F, net, -1), negative(F, squaredNorm(F, net))],
    },
  ],
  wrongReading: "a step along the gradient",
  quantity: "dJ/dη",
  wrong: ({ F, net }) => rateAlong(F, net, 1),
  right: ({ F, net }) => negative(F, squaredNorm(F, net)),
  blindSpots: [{ when: "ŷ_t = y_t for every t: the gradient is 0", change: fitted }],
  small: smallestNets,
});

/** The same for steps that are not infinitely small. */
export const descentStep: TestedClaim = {
  row: "Text (a), (b)",
  statement: "some step of a halving sequence lowers the loss, and a small one the other way raises it",
  asWritten: String.raw`\theta \leftarrow \theta - \eta \nabla J`,
  corrected: String.raw`J(\theta - \eta \nabla J) < J(\theta) \text{ for some } \eta > 0 \text{, not for every one}`,
  verdict: "ok",
  kind: "float",
  wrongReading: "the same step along the gradient",
  blindSpots: [{ when: "the gradient is 0" }],
  check: (seed) =>
    eachFloatCase(seed, 60, (source) => {
      const net = drawDyadicNet(source);
      if (descendingStep(net) === undefined) throw new ClaimError("Text (a), (b)", "no step lowers the loss");
    }),
  control(seed) {
    let caught = 0;
    const { cases } = eachFloatCase(seed, 60, (source) => {
      const net = drawDyadicNet(source);
      // Far below the step that descends as promised, the first order decides.
      const step = (descendingStep(net) ?? 0) / 64;
      if (lossAfter(net, step) > float64.lower(lossOf(net))[0]) caught++;
    });
    return {
      cases,
      caught,
      counterexample: simplestDescent(),
    };
  },
};
