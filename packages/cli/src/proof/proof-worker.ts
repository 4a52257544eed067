import { parentPort, workerData } from "node:worker_threads";
import { type ProveRnnOptions, proveRnn } from "@gradproof/verification";

/** The thread of one part of a proof: posts how many problems are done, then the part's proof. */
const options = workerData as ProveRnnOptions;
const proof = proveRnn({ ...options, onProgress: (done) => parentPort?.postMessage({ done }) });
parentPort?.postMessage({ proof });
