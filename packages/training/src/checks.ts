interface Range {
  readonly least?: number;
  readonly below?: number;
  readonly above?: number;
  readonly integer?: boolean;
}

/** The value, if it is a finite number in the range. */
export function requireNumber(caller: string, name: string, value: number, range: Range = {}): number {
  const { least, below, above, integer } = range;
  const kind = integer ? Number.isSafeInteger(value) : Number.isFinite(value);
  const high = below === undefined || value < below;
  const low = (least === undefined || value >= least) && (above === undefined || value > above);
  if (kind && high && low) return value;
  const bounds = [
    ...(least === undefined ? [] : [`at least ${least}`]),
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(below === undefined ? [] : [`below ${below}`]),
  ].join(" and ");
  throw new RangeError(
    `${caller}: ${name} is ${value}; expected ${integer ? "an integer" : "a number"} ${bounds}`.trimEnd(),
  );
}

/** The value, if it is one of the choices: types rule others out, but plain JavaScript calls too. */
export function requireChoice<V extends string>(caller: string, name: string, value: V, choices: readonly V[]): V {
  if (choices.includes(value)) return value;
  throw new RangeError(`${caller}: ${name} is "${value}"; expected ${choices.join(", ")}`);
}
