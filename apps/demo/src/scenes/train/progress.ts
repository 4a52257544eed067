import type { Look, Measure, Report, Sample, TaskFacts } from "./report.ts";

/** What a run has told so far. */
export interface Progress {
  readonly facts?: TaskFacts;
  readonly measures: readonly Measure[];
  readonly look?: Look;
  /** The first, some on the way, and the latest. */
  readonly samples: readonly Sample[];
}

export const nothing: Progress = { measures: [], samples: [] };

const mostMeasures = 256;
const mostSamples = 5;

export function withReport(before: Progress, report: Report): Progress {
  if ("facts" in report) return { ...before, facts: report.facts };
  const { measure, look = before.look, sample } = report;
  return {
    ...before,
    measures: thinned([...before.measures, measure]),
    samples: sample ? spread([...before.samples, sample]) : before.samples,
    ...(look && { look }),
  };
}

/** Of too many measures every other one goes, the latest stays. */
function thinned(measures: readonly Measure[]): readonly Measure[] {
  if (measures.length <= mostMeasures) return measures;
  return measures.filter((_, i) => i % 2 === 0 || i === measures.length - 1);
}

/** Of too many samples the one goes that follows the one before it most closely, by the ratio of their steps. */
function spread(samples: readonly Sample[]): readonly Sample[] {
  if (samples.length <= mostSamples) return samples;
  const ratios = samples.slice(1, -1).map(({ step }, i) => step / samples[i].step);
  const closest = 1 + ratios.indexOf(Math.min(...ratios));
  return samples.filter((_, i) => i !== closest);
}
