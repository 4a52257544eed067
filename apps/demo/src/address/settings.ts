/** One setting of a scene, as it stands in the address of the page. */
export interface Setting<V> {
  readonly fallback: V;
  /** The value that a text stands for; undefined where it stands for none. */
  read(text: string): V | undefined;
  write(value: V): string;
  /** What `read` understands, for a message. */
  readonly expected: string;
}

// biome-ignore lint/suspicious/noExplicitAny: settings of any type; each keeps its own.
export type AnySchema = Readonly<Record<string, Setting<any>>>;
export type ValuesOf<S extends AnySchema> = { readonly [K in keyof S]: S[K] extends Setting<infer V> ? V : never };

export interface Range {
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

export type NumberSetting = Setting<number> & Range;

/** A number in a range, kept to its steps. */
export function number(range: Range): NumberSetting {
  const { min, max, step } = range;
  return {
    ...range,
    expected: `a number from ${min} to ${max}`,
    read(text) {
      const value = text.trim() === "" ? Number.NaN : Number(text);
      if (!(min <= value && value <= max)) return undefined;
      return tidy(min + Math.round((value - min) / step) * step);
    },
    write: (value) => String(tidy(value)),
  };
}

/** Several numbers in a range, separated by spaces. */
export function numbers(
  fallback: readonly number[],
  { min, max, least, most }: { min: number; max: number; least: number; most: number },
): Setting<readonly number[]> {
  return {
    fallback,
    expected: `${least} to ${most} numbers from ${min} to ${max}, with spaces between them`,
    read(text) {
      const values = text
        .trim()
        .split(/[\s,]+/)
        .map(Number);
      const fits = values.length >= least && values.length <= most && values.every((v) => min <= v && v <= max);
      return fits ? values : undefined;
    },
    write: (values) => values.join(" "),
  };
}

export type ChoiceSetting<C extends string> = Setting<C> & { readonly choices: readonly C[] };

/** One of several names. */
export function choice<const C extends string>(choices: readonly C[], fallback: NoInfer<C>): ChoiceSetting<C> {
  return {
    choices,
    fallback,
    expected: choices.length > 8 ? "a name of the list" : choices.join(", "),
    read: (text) => choices.find((name) => name === text),
    write: (value) => value,
  };
}

/** Any text up to a length; empty for none. */
export function text(most: number): Setting<string> {
  return {
    fallback: "",
    expected: `a text of up to ${most} characters`,
    read: (value) => (value.length <= most ? value : undefined),
    write: (value) => value,
  };
}

/** Settings out of the query of an address, and a sentence for everything in it that is no setting. */
export function readSettings<S extends AnySchema>(
  schema: S,
  query: string,
): { readonly values: ValuesOf<S>; readonly problems: readonly string[] } {
  const parameters = new URLSearchParams(query);
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(schema)) {
    const given = parameters.get(name);
    const value = given === null ? setting.fallback : setting.read(given);
    if (value === undefined) problems.push(`${name} is “${shortened(given ?? "")}”; expected ${setting.expected}`);
    values[name] = value ?? setting.fallback;
  }
  for (const name of new Set(parameters.keys())) {
    if (!Object.hasOwn(schema, name)) problems.push(`there is no setting “${shortened(name)}” here`);
  }
  return { values: values as ValuesOf<S>, problems };
}

/** The query that gives these settings back; what is as by default is left out. */
export function writeSettings<S extends AnySchema>(schema: S, values: ValuesOf<S>): string {
  const parameters = new URLSearchParams();
  for (const [name, setting] of Object.entries(schema)) {
    const written = setting.write(values[name as keyof S]);
    if (written !== setting.write(setting.fallback)) parameters.set(name, written);
  }
  return parameters.toString();
}

function tidy(value: number): number {
  return Number(value.toFixed(10));
}

function shortened(given: string): string {
  return given.length > 40 ? `${given.slice(0, 40)}…` : given;
}
