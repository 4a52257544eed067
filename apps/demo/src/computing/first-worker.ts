import { wrap } from "comlink";
import type { Computations } from "./worker.ts";

/** The worker of the first scenes. */
export const firstWorker = wrap<Computations>(
  new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "computations" }),
);
