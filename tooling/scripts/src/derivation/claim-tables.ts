import { type Claim, type ClaimRun, claims, runClaim } from "@gradproof/verification";
import { pasted } from "./pasted.ts";

/** The seed of what is pasted into the document; the counterexamples do not depend on it. */
export const seed = 20261122;

export function runClaims(from: number): ClaimRun[] {
  return claims.map((claim) => runClaim(claim, from));
}

/** The derivation with the tables that its tests give. */
export function withClaimTables(document: string, runs: readonly ClaimRun[]): string {
  return pasted(pasted(document, "errata", errataTable(runs)), "as-written", asWrittenTable(runs));
}

/** What the notes have wrong, ambiguous or without proof: as written, corrected, the test, and its counterexample. */
function errataTable(runs: readonly ClaimRun[]): string {
  const rows = runs
    .filter(({ claim }) => claim.verdict !== "ok")
    .map(({ claim, control }) => [
      plain(claim.row),
      claim.verdict,
      math(claim.asWritten),
      math(claim.corrected),
      testCell(claim),
      control ? code(control.counterexample) : "",
    ]);
  return table(["", "verdict", "as written", "corrected", "the test", "what it found"], rows);
}

/** What the notes have right: what holds, the test, and the mistake that it must not miss. */
function asWrittenTable(runs: readonly ClaimRun[]): string {
  const rows = runs.flatMap(({ claim, control }) =>
    claim.verdict === "ok" && claim.kind !== "qualitative" && control
      ? [
          [
            plain(claim.row),
            math(claim.corrected),
            testCell(claim),
            plain(claim.wrongReading),
            code(control.counterexample),
          ],
        ]
      : [],
  );
  return table(["", "what holds", "the test", "the mistake that it tells apart", "where"], rows);
}

function testCell(claim: Claim): string {
  return claim.kind === "qualitative"
    ? `${plain(claim.statement)} (no test: ${plain(claim.reason)})`
    : `${plain(claim.statement)} (${claim.kind})`;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  return [heads, heads.map(() => "---"), ...rows].map(line).join("");
}

/** TeX as Markdown: its text outside the formulas, where it can be broken into lines. */
function math(tex: string): string {
  return tex
    .split(/\\text\{([^{}]*)\}/)
    .map((part, i) => (i % 2 === 1 ? plain(part) : part.trim() && `$${part.trim()}$`))
    .join("");
}

/** Text as it stands, in a cell. */
function plain(text: string): string {
  return text.replaceAll(/[|*]/g, "\\$&");
}

function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}
