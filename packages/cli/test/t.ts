import { readFileSync } from "node:fs";
import { readCase } from "@gradproof/interchange";
import { judge } from "../../verification/src/judge.ts";
const dir="/work/shared/cases/";
for (const {file, expect, mistake} of JSON.parse(readFileSync(dir+"index.json","utf8"))) {
  const t0=performance.now();
  try {
    const c = readCase(new Uint8Array(readFileSync(dir+file)), {name:file});
    const j = judge(c);
    const ok = j.verdict===expect;
    console.log(ok?"ok ":"BAD", file, j.verdict, mistake??"", (performance.now()-t0).toFixed(0)+"ms", "sigma", Math.max(...j.gradients.map(g=>g.errorInSigma)).toPrecision(3), "res", Math.max(...j.gradients.map(g=>g.resolution??0)).toExponential(1), "lag",j.power.visibleLag, "/",j.power.largestLag,"caught",j.power.caught.length, j.contestedUnits, [...new Set(j.gradients.flatMap(g=>g.mistakes))].join(), j.gradients.find(g=>g.reason)?.reason??"");
  } catch (e) { console.log(expect==="error"?"ok ":"BAD", file, (expect==="error"? e.message: e.stack)); }
}
