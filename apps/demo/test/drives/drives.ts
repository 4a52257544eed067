import type { Page } from "playwright-core";
import { driveBreak } from "./break.ts";
import { driveCheck } from "./check.ts";
import { driveLags } from "./lags.ts";
import { driveTrain } from "./train.ts";
import { driveUnroll } from "./unroll.ts";
import { driveVanishing } from "./vanishing.ts";

/** What a reader does in each scene, and what they must see. */
export const drives: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  unroll: driveUnroll,
  lags: driveLags,
  vanishing: driveVanishing,
  break: driveBreak,
  train: driveTrain,
  check: driveCheck,
};
