import { readFileSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { runClaims, seed, withClaimTables } from "./derivation/claim-tables.ts";
import { claimsReport } from "./derivation/claims-report.ts";

const root = resolve(import.meta.dirname, "../../..");
const path = resolve(root, "apps/docs/derivation.md");

const { values } = parseArgs({
  options: { seed: { type: "string", default: String(seed) }, write: { type: "boolean", default: false } },
});
const from = Number(values.seed);
if (!Number.isSafeInteger(from)) throw new RangeError(`notes: --seed is ${values.seed}; expected an integer`);

const runs = runClaims(from);
console.log(claimsReport(runs));
if (runs.some(({ failure }) => failure !== undefined)) process.exitCode = 1;
else if (values.write) {
  writeFileSync(path, withClaimTables(readFileSync(path, "utf8"), runs));
  console.log(`tables written to ${relative(root, path)}`);
}
