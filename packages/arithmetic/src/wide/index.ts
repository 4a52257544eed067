export { type WideResult, wide } from "./wide.ts";
