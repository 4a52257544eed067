import { line, schema } from "../json-lines.ts";
import { type FlowedFile, isExplained } from "./flow-bytes.ts";

/** How the gradient of one file flows, as one line of JSON. */
export function flowJson(file: FlowedFile): string {
  if (!isExplained(file)) return line({ schema, file: file.file, verdict: file.verdict, error: file.error });
  const { causes, findings, flow, lag, experiments } = file.explanation;
  const { spectrum, contributions, saturation, products } = flow;
  return line({
    schema,
    file: file.file,
    verdict: file.verdict,
    causes,
    findings,
    lag,
    horizons: flow.horizons,
    spectrum: {
      exponents: [...spectrum.exponents],
      standardError: spectrum.standardError,
      burnIn: spectrum.burnIn,
      resolved: spectrum.resolved,
      dimension: spectrum.dimension,
      determinant: spectrum.balance,
    },
    lagShares: [...contributions.profile.shares],
    productNorms: products.map(({ to, norm }) => ({ to, log: [...norm] })),
    saturation: {
      share: saturation.share,
      meanSlope: saturation.meanSlope,
      dead: saturation.dead,
      byUnit: [...saturation.byUnit],
    },
    matrix: flow.matrix,
    gradientNorm: flow.gradientNorm,
    noise: flow.noise,
    nonFinite: flow.nonFinite,
    experiments,
    loss: flow.loss,
    problem: file.problem,
    generated: file.generated,
  });
}
