import { expose } from "comlink";
import { network } from "./network.ts";
import { neuron } from "./neuron.ts";

const computations = { network, neuron };

export type VanishingComputations = typeof computations;

expose(computations);
