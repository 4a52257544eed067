const quoteMark = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const colon = 0x3a;

/**
 * The first key that an object of a valid JSON text has twice, or undefined. `JSON.parse` keeps the last of two equal
 * keys and says nothing; safetensors forbids them.
 */
export function firstDuplicateKey(json: string): string | undefined {
  const objects: Set<string>[] = [];
  let at = 0;
  while (at < json.length) {
    const code = json.charCodeAt(at);
    if (code === openBrace) objects.push(new Set());
    else if (code === closeBrace) objects.pop();
    else if (code === quoteMark) {
      const end = endOfString(json, at);
      const keys = objects.at(-1);
      if (keys !== undefined && json.charCodeAt(skipSpace(json, end)) === colon) {
        const key = JSON.parse(json.slice(at, end)) as string;
        if (keys.has(key)) return key;
        keys.add(key);
      }
      at = end;
      continue;
    }
    at++;
  }
  return undefined;
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
