export { type ThreadedArithmetic, type ThreadedOptions, threaded } from "./threaded.ts";
