import type { EvalModule } from "../protocol/eval.ts";
import { ba } from "./ba.ts";
import { det } from "./det.ts";
import { gmm } from "./gmm.ts";
import { hello } from "./hello.ts";
import { ht } from "./ht.ts";
import { kmeans } from "./kmeans.ts";
import { llsq } from "./llsq.ts";
import { lse } from "./lse.ts";
import { lstm } from "./lstm.ts";
import { ode } from "./ode.ts";
import { particle } from "./particle.ts";
import { saddle } from "./saddle.ts";

/** GradBench's modules, by the names it calls them. */
export const modules: Readonly<Record<string, EvalModule>> = {
  hello,
  llsq,
  lse,
  gmm,
  det,
  lstm,
  ode,
  kmeans,
  saddle,
  particle,
  ba,
  ht,
};
