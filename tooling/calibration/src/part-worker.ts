import { parentPort, workerData } from "node:worker_threads";
import { calibrate } from "./calibrate.ts";
import type { Part } from "./parts.ts";

const part: Part = workerData;
parentPort?.postMessage(calibrate(part, part.start, part.end));
