import { sameShape } from "@gradproof/arithmetic";
import type { Variable } from "../variable.ts";

/** Variables in lists and records, which may be nested, or a single one. */
export type Form<S> = Variable<S> | readonly Form<S>[] | { readonly [name: string]: Form<S> };

/** The same form with every variable replaced, in order; those of a record in that of its names. */
export function mapForm<S>(what: string, form: unknown, replace: (variable: Variable<S>) => unknown): unknown {
  if (isVariable<S>(form)) return replace(form);
  if (Array.isArray(form)) return form.map((part) => mapForm(what, part, replace));
  if (isRecord(form)) {
    return Object.fromEntries(Object.entries(form).map(([name, part]) => [name, mapForm(what, part, replace)]));
  }
  throw new TypeError(`compile: ${what} has ${String(form)}; expected variables, alone or in lists and records`);
}

/** The variables of a form, if it is like the other: the same lists and names, with variables of the same shapes. */
export function variablesIfLike<S>(form: unknown, like: Form<S>, found: Variable<S>[] = []): Variable<S>[] | undefined {
  if (isVariable<S>(like)) {
    if (!isVariable<S>(form) || !sameShape(form.shape, like.shape)) return undefined;
    found.push(form);
    return found;
  }
  if (Array.isArray(like)) {
    if (!Array.isArray(form) || form.length !== like.length) return undefined;
    for (let i = 0; i < like.length; i++) if (!variablesIfLike(form[i], like[i], found)) return undefined;
    return found;
  }
  if (!isRecord(form) || isVariable(form)) return undefined;
  const names = Object.keys(like);
  if (Object.keys(form).length !== names.length) return undefined;
  for (const name of names) {
    if (!(name in form) || !variablesIfLike(form[name], (like as { [name: string]: Form<S> })[name], found)) {
      return undefined;
    }
  }
  return found;
}

function isRecord(form: unknown): form is { readonly [name: string]: unknown } {
  return typeof form === "object" && form !== null && !Array.isArray(form) && !ArrayBuffer.isView(form);
}

function isVariable<S>(form: unknown): form is Variable<S> {
  return isRecord(form) && typeof form.order === "number" && "arithmetic" in form;
}
