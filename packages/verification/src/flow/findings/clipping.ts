import { clipEffect } from "@gradproof/diagnostics";
import type { Subject } from "../explain.ts";
import { type Finding, thresholds } from "../finding.ts";
import { parameterArrays } from "../flow.ts";
import { percent } from "./lags.ts";

/** Question 7: what clipping does to this gradient. */
export function clippingFindings({ flow, options: { clip }, experiments }: Subject): Finding[] {
  if (clip === undefined) return [];
  const arrays = parameterArrays(flow.gradient);
  const all = new Float64Array(arrays.reduce((sum, { data }) => sum + data.length, 0));
  let start = 0;
  for (const { data } of arrays) {
    all.set(data, start);
    start += data.length;
  }
  const { clipped, norm, factor, cosine, share } = clipEffect(all, clip);
  const harmful = !(factor >= thresholds.clipFactor && cosine >= thresholds.clipCosine);
  const how = clip.by === "norm" ? `to length ${clip.limit}` : `each element to ±${clip.limit}`;
  const [now] = experiments;
  return [
    {
      question: 7,
      measure: "length after clipping, as a share of that before",
      value: factor,
      threshold: thresholds.clipFactor,
      evidence: clipped
        ? `a gradient of length ${norm.toPrecision(3)} is clipped ${how}: ${percent(factor)} of it is left, ${percent(share)} of its elements are changed, cosine to the one before ${cosine.toFixed(3)}`
        : `a gradient of length ${norm.toPrecision(3)} is not clipped ${how}`,
      severity: harmful ? "warning" : "note",
      ...(harmful && { cause: "clipping" as const }),
      tryNext: harmful
        ? [
            `mend what makes it long, for clipping keeps its direction: λ₁ is ${now?.exponent.toFixed(3) ?? "unknown"} a step`,
          ]
        : [],
    },
  ];
}
