import { type Mistake, mistakeFamilies, mistakesBeyondEquations } from "@gradproof/verification";
import { pasted } from "../derivation/pasted.ts";
import { type ScoredChecker, scoreLegend, scoreRows } from "./score-table.ts";

/** The page about the catalogue with its tables of mistakes as they are in the code. */
export function withMistakeTables(document: string): string {
  const families = mistakeFamilies.map(({ name, mistakes }) => `### ${name}\n\n${mistakeTable(mistakes)}`);
  return pasted(pasted(document, "mistakes", families.join("\n")), "beyond-equations", beyondTable());
}

/** The same page with the table of scores. */
export function withScoreTable(document: string, scored: readonly ScoredChecker[], seed: number): string {
  const [heads = [], ...rows] = scoreRows(scored);
  return pasted(document, "scores", `${table(heads, rows)}\n${scoreLegend} Seed ${seed}.\n`);
}

function mistakeTable(mistakes: readonly Mistake[]): string {
  return table(
    ["mistake", "as mistaken", "right", "inert when", "seen in"],
    mistakes.map(({ name, mistaken, right, inertWhen, seen = [] }) => [
      `\`${name}\``,
      mistaken,
      right,
      inertWhen,
      seen.join("; "),
    ]),
  );
}

function beyondTable(): string {
  return table(
    ["mistake", "what happens", "seen in", "found by"],
    mistakesBeyondEquations.map(({ name, what, seen = [], foundBy }) => [
      `\`${name}\``,
      what,
      seen.join("; "),
      `"${foundBy.test}" in [${foundBy.file.split("/").at(-1)}](../../${foundBy.file})`,
    ]),
  );
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(" | ")} |\n`;
  return [line(heads), `|${heads.map(() => " --- |").join("")}\n`, ...rows.map(line)].join("");
}

/** What Markdown would take for its own. */
function escaped(cell: string): string {
  return cell.startsWith("`") ? cell : cell.replaceAll(/[|*_]/g, "\\$&");
}
