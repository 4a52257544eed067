import { expose } from "comlink";
import { checked } from "./checked.ts";

const computations = { checked };

export type CheckComputations = typeof computations;

expose(computations);
