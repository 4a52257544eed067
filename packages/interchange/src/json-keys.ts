const quoteMark = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const colon = 0x3a;

/** A key of an object of a JSON text. */
export interface JsonKey {
  readonly key: string;
  /** How many objects it is in, 1 in the outermost. */
  readonly depth: number;
  /** The key of the object that its object stands at, "" in the outermost. */
  readonly within: string;
  /** Whether its object has had that key before: `JSON.parse` keeps the last of two and says nothing. */
  readonly isRepeated: boolean;
}

/** All keys of a valid JSON text, as they stand there: `JSON.parse` puts those that look like whole numbers first. */
export function* keysOf(json: string): Generator<JsonKey> {
  const objects: { readonly keys: Set<string>; readonly within: string; last: string }[] = [];
  let at = 0;
  while (at < json.length) {
    const code = json.charCodeAt(at);
    const object = objects.at(-1);
    if (code === openBrace) objects.push({ keys: new Set(), within: object?.last ?? "", last: "" });
    else if (code === closeBrace) objects.pop();
    else if (code === quoteMark) {
      const end = endOfString(json, at);
      if (object !== undefined && json.charCodeAt(skipSpace(json, end)) === colon) {
        const key = JSON.parse(json.slice(at, end)) as string;
        yield { key, depth: objects.length, within: object.within, isRepeated: object.keys.has(key) };
        object.keys.add(key);
        object.last = key;
      }
      at = end;
      continue;
    }
    at++;
  }
}

function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json.charCodeAt(at) !== quoteMark) at += json.charCodeAt(at) === backslash ? 2 : 1;
  return at + 1;
}

/** JSON's white space is tab, line feed, carriage return and space. */
function skipSpace(json: string, at: number): number {
  while (at < json.length && " \t\n\r".includes(json.charAt(at))) at++;
  return at;
}
