import { expose } from "comlink";
import { lagShares } from "../scenes/lags/lag-shares.ts";
import { unrolled } from "../scenes/unroll/unrolled.ts";

/** What the first scenes compute; later ones have workers of their own, loaded with them. */
const computations = { lagShares, unrolled };

export type Computations = typeof computations;

expose(computations);
