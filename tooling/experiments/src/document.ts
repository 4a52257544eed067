import { readFileSync } from "node:fs";
import { writeWhole } from "./whole-file.ts";

const [begin, end] = ["<!-- tables -->\n", "<!-- end of tables -->\n"];

/** The document that the tables go into, between two marks. */
export class TablesDocument {
  readonly path: string;

  /** @throws Error where the document cannot be read or has not both marks, in their order. */
  constructor(path: string) {
    this.path = path;
    this.#parts();
  }

  write(tables: string): void {
    const [before, after] = this.#parts();
    writeWhole(this.path, `${before}${begin}\n${tables}\n\n${end}${after}`);
  }

  #parts(): readonly [before: string, after: string] {
    const text = readFileSync(this.path, "utf8");
    const [first, last] = [text.indexOf(begin), text.indexOf(end)];
    if (first >= 0 && last > first) return [text.slice(0, first), text.slice(last + end.length)];
    throw new Error(
      `experiments: ${this.path} lacks the marks of the tables; expected the lines ${begin.trim()} and ${end.trim()}`,
    );
  }
}
