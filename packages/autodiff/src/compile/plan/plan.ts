import type { CallList } from "../call.ts";
import { chains } from "./chains.ts";
import { withoutDead } from "./liveness.ts";
import { withRecurrences } from "./recurrences.ts";
import { rolesOf } from "./roles.ts";
import { scheduled } from "./schedule.ts";
import { withoutCopies } from "./sharing.ts";
import { withTurnedOperands } from "./turning.ts";

/**
 * The calls of a recording, fewer and larger ones, with the same results to the bit.
 *
 * @param hasRecurrence - whether the arithmetic has a kernel for all steps of a loop over time.
 */
export function planned<S>(recording: CallList<S>, hasRecurrence = false): CallList<S> {
  const live = withoutCopies(withoutDead(recording));
  const roles = rolesOf(live.calls);
  const { calls, placement } = scheduled(chains(live.calls, roles), roles);
  const results = live.results.map((view) => placement.resolved(view));
  // What was copied step by step may now be a copy of all steps.
  const list = withTurnedOperands(withoutCopies({ inputs: live.inputs, calls, results }));
  return hasRecurrence ? withRecurrences(list) : list;
}
