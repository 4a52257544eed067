/** The document with what stands between `<!-- name -->` and `<!-- /name -->` replaced. */
export function pasted(document: string, name: string, text: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [start, end] = [document.indexOf(open), document.indexOf(close)];
  if (start < 0 || end < start) throw new Error(`the document has no ${open} with a ${close} behind it`);
  return `${document.slice(0, start + open.length)}\n\n${text}\n${document.slice(end)}`;
}
