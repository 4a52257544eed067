import { computed, signal } from "@preact/signals";
import { type AnySchema, readSettings, type ValuesOf, writeSettings } from "./settings.ts";

/** Where the reader is: `#/scene?settings`. A fragment works from any folder, without a server's help. */
export interface Address {
  readonly scene: string;
  readonly query: string;
}

export const address = signal(readAddress(location.hash));

export const scene = computed(() => address.value.scene);

addEventListener("hashchange", () => {
  address.value = readAddress(location.hash);
});

function readAddress(hash: string): Address {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split(/\?(.*)/s);
  return { scene: path, query };
}

/** Browsers allow some hundred changes of the address in half a minute: dragging a slider must wait for its end. */
const patience = 250;
let pending: ReturnType<typeof setTimeout> | undefined;

/** Keeps the settings in the address, without a step in the reader's history. */
export function keep(query: string): void {
  address.value = { ...address.value, query };
  clearTimeout(pending);
  pending = setTimeout(() => {
    const { scene: path, query: latest } = address.value;
    history.replaceState(null, "", `#/${path}${latest && `?${latest}`}`);
  }, patience);
}

/** The settings of the present scene as the address has them; `set` changes some of them. */
export function useSettings<S extends AnySchema>(schema: S) {
  const { values, problems } = readSettings(schema, address.value.query);
  const set = (changed: Partial<ValuesOf<S>>) => {
    const latest = readSettings(schema, address.value.query).values;
    keep(writeSettings(schema, { ...latest, ...changed }));
  };
  return { values, problems, set };
}
