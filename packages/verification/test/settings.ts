/** What the proofs here draw from; another one by GRADPROOF_SEED. */
export const seed = Number(process.env.GRADPROOF_SEED ?? 20261122);

/** Problems for each proof: 200, GRADPROOF_RUNS times as many. */
export const problems = Math.round(200 * Number(process.env.GRADPROOF_RUNS ?? 1));

/** One row of the table that the proofs print: what was proven, and how often its control was refused or could not show. */
export function printRow(road: string, count: number, elements: number, refused: number, inert: number): void {
  const columns = [
    road.padEnd(44),
    `${count} problems`.padStart(14),
    `${elements} elements`.padStart(18),
    `control refused ${refused}, inert ${inert}`,
  ];
  console.log(columns.join("  "));
}
