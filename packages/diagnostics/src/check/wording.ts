/** A number in up to six digits, as short as it gets. */
export function number(value: number): string {
  return short(value, Number(value.toPrecision(6)));
}

/** The same, of an error: one digit, two if the first is 1. */
export function roughly(value: number): string {
  const leads = Math.abs(value).toExponential(0).startsWith("1");
  return short(value, Number(value.toPrecision(leads ? 2 : 1)));
}

function short(value: number, rounded: number): string {
  const size = Math.abs(rounded);
  if (!Number.isFinite(value) || rounded === 0 || (size >= 1e-3 && size < 1e7)) return String(rounded);
  return rounded.toExponential().replace("e+", "e");
}

/** A share, as a percentage or as a power of ten where that would be long. */
export function percent(share: number): string {
  return share >= 1e-3 ? `${roughly(share * 100)} %` : roughly(share);
}

/** "W[1, 2]" where the shape is known, else "W[5]". */
export function elementName(
  name: string,
  { index, position }: { readonly index: number; readonly position?: readonly number[] },
): string {
  return `${name}[${(position ?? [index]).join(", ")}]`;
}
