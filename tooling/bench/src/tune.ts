import { float32 } from "@gradproof/arithmetic";
import { simd } from "@gradproof/arithmetic/simd";
import { backward, forward, liftProblem } from "@gradproof/rnn";
import { shapes, problemOf, gemmOperations } from "./shapes.ts";
const A = simd("float32");
const which = process.argv.slice(2);
// peak



function best(f: () => void, ms: number) { let b = 1e9; for (let i = 0; i < 20; i++) { f(); } const end = performance.now() + ms; while (performance.now() < end) { const t = performance.now(); f(); b = Math.min(b, performance.now() - t); } return b; }
import { peakPerMillisecond } from "./peak.ts"; const peak = peakPerMillisecond(0.4)/1e6;
console.log("peak GF/s", (2 * peak).toFixed(1));
for (const s of shapes) { if (which.length && !which.includes(s.name)) continue;
  const lifted = liftProblem(A, problemOf(s));
  const step = () => A.scope(() => { backward(A, lifted, forward(A, lifted)); });
  const fw = () => A.scope(() => { forward(A, lifted); });
  const t = best(step, 4000), f = best(fw, 2000); const bound = gemmOperations(s) / peak / 1e6;
  console.log(s.name, "step ms", t.toFixed(4), "forward", f.toFixed(4), "bound", bound.toFixed(4), "ratio", (t / bound).toFixed(2));
}
