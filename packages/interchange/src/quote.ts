/** A name or value from a file as it is shown in a message: quoted, one line, cut where it is long. */
export function quote(text: string): string {
  return printable(JSON.stringify(cut(text)));
}

/** Any JSON value, in a few words: lists one level deep, because a hostile one can be nested beyond any stack. */
export function show(value: unknown): string {
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) {
    const items = value.slice(0, 16).map((item) => (Array.isArray(item) ? "[…]" : show(item)));
    return `[${items.join(", ")}${value.length > 16 ? ", …" : ""}]`;
  }
  return typeof value === "object" && value !== null ? "{…}" : String(value);
}

export function showShape(shape: readonly number[]): string {
  const shown = shape.length > 16 ? [...shape.slice(0, 16), "…"] : shape;
  return `[${shown.join(", ")}]`;
}

/** Text without what a terminal would obey: control and format characters and line breaks are shown by their code. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) as number).toString(16)}}`;
  });
}

function cut(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
