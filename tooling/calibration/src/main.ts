import { parseArgs } from "node:util";
import { countFalseAlarms } from "./false-alarms.ts";

const { values } = parseArgs({
  options: { problems: { type: "string", default: "20000" }, seed: { type: "string" } },
});
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(values.seed);
const problems = Number(values.problems);
console.log(`judging ${problems} correct gradients, float32 and float64 in turn, seed ${seed}`);
const run = countFalseAlarms(problems, seed, (done) => {
  if (process.stderr.isTTY && done % 20 === 0) process.stderr.write(`\r${done} of ${problems}`);
});
const at = (share: number) => run.errors[Math.floor(share * (run.errors.length - 1))]?.toFixed(2);
const inconclusive = run.problems - run.match - run.falseAlarms.length;
console.log(`
match          ${run.match}
false alarms   ${run.falseAlarms.length}
inconclusive   ${inconclusive} (${((100 * inconclusive) / run.problems).toFixed(2)} %)
${[...run.inconclusive].map(([reason, count]) => `               ${count}  ${reason}`).join("\n")}
planted 4Kσ    ${run.planted}, ${run.missed.length} missed
kinks          ${run.kinks} matched on the other side of a relu's kink

largest |error|/σ of a problem: median ${at(0.5)}, 99 % ${at(0.99)}, 99.9 % ${at(0.999)}, largest ${at(1)}`);
for (const line of [...run.falseAlarms, ...run.missed.map((name) => `missed: ${name}`)]) console.log(line);
process.exitCode = run.falseAlarms.length + run.missed.length > 0 || inconclusive > problems / 100 ? 1 : 0;
