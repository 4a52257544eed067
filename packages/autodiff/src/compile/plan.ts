import type { CallList } from "./call.ts";
import { withoutDead } from "./liveness.ts";

export function planned<S>(list: CallList<S>): CallList<S> {
  return withoutDead(list);
}
