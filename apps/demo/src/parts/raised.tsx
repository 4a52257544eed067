/** A sentence of the packages, with what stands behind a ^ raised. */
export function Raised({ text }: { readonly text: string }) {
  const parts = text.split(/(?<=\be|\b10|W_hh)\^([−\d.]+)/);
  return <>{parts.map((part, i) => (i % 2 === 1 ? <sup key={`${i} ${part}`}>{part}</sup> : part))}</>;
}
