import { parseSync } from "oxc-parser";

/** Where a tag such as (B3) stands. */
export interface TagPlace {
  readonly tag: string;
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
}

/** A letter and a number in parentheses: the tag of an equation. */
const tagPattern = /\(([A-Z]\d+)\)/g;

/** The tags in a source's comments, in order. */
export function tagsInSource(path: string, source: string): TagPlace[] {
  return parseSync(path, source).comments.flatMap(({ start, value }) => {
    const first = source.slice(0, start).split("\n").length;
    return tagsIn(path, value, tagPattern).map(({ tag, line }) => ({ tag, path, line: first + line - 1 }));
  });
}

/**
 * The tags of a document: the equations that they belong to, `\tag{B3}` or a table's row that begins with (B3), and where
 * its text speaks of them, (B3).
 */
export interface DocumentTags {
  readonly equations: readonly TagPlace[];
  readonly mentions: readonly TagPlace[];
}

export function tagsInDocument(path: string, markdown: string): DocumentTags {
  return {
    equations: tagsIn(path, markdown, /(?:\\tag\{|^\| \()([A-Z]\d+)[)}]/g),
    mentions: tagsIn(path, markdown, tagPattern),
  };
}

function tagsIn(path: string, text: string, pattern: RegExp): TagPlace[] {
  return text
    .split("\n")
    .flatMap((line, index) => Array.from(line.matchAll(pattern), ([, tag = ""]) => ({ tag, path, line: index + 1 })));
}

/** Where code and document do not have the same tags, one sentence each, beginning with the place. */
export function tagProblems(code: readonly TagPlace[], { equations, mentions }: DocumentTags): string[] {
  const inCode = new Set(code.map(({ tag }) => tag));
  const inDocument = new Set(equations.map(({ tag }) => tag));
  const twice = equations.filter(({ tag }, i) => equations.findIndex((other) => other.tag === tag) < i);
  return [
    ...firstOfEach(code)
      .filter(({ tag }) => !inDocument.has(tag))
      .map((place) => problem(place, "has no equation in the document")),
    ...firstOfEach(equations)
      .filter(({ tag }) => !inCode.has(tag))
      .map((place) => problem(place, "is in no comment of the code")),
    ...twice.map((place) => problem(place, "is the tag of another equation already")),
    ...firstOfEach(mentions)
      .filter(({ tag }) => !inDocument.has(tag))
      .map((place) => problem(place, "is mentioned, and no equation has that tag")),
  ];
}

function firstOfEach(places: readonly TagPlace[]): TagPlace[] {
  return places.filter(({ tag }, i) => places.findIndex((other) => other.tag === tag) === i);
}

function problem({ path, line, tag }: TagPlace, what: string): string {
  return `${path}:${line}: (${tag}) ${what}`;
}
