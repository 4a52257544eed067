import { parentPort } from "node:worker_threads";
import { calibrate } from "./calibrate.ts";
import type { Part } from "./parts.ts";

parentPort?.on("message", (part: Part) => parentPort?.postMessage(calibrate(part, part.start, part.end)));
