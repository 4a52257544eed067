import type { CallList } from "../call.ts";
import { chains } from "./chains.ts";
import { withoutDead } from "./liveness.ts";
import { rolesOf } from "./roles.ts";
import { scheduled } from "./schedule.ts";

/** The calls of a recording, fewer and larger ones, with the same results to the bit. */
export function planned<S>(recording: CallList<S>): CallList<S> {
  const { inputs, calls, results } = withoutDead(recording);
  const roles = rolesOf(calls);
  const schedule = scheduled(chains(calls, roles), roles);
  return {
    inputs,
    calls: schedule.calls,
    results: results.map((view) => schedule.placement.resolved(view)),
  };
}
