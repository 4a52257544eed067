import { expose } from "comlink";
import { run } from "./run.ts";

const computations = { run };

export type TrainComputations = typeof computations;

expose(computations);
