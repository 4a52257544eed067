import type { Call } from "../call.ts";
import { batchOf, oneBehindTheOther, resolvedCall, sideBySide } from "./batching.ts";
import { type Unit, unitsOf } from "./dependencies.ts";
import { Placement } from "./placement.ts";
import { ranksOf } from "./ranks.ts";
import type { Roles } from "./roles.ts";

/** Units of one role that wait for nothing any more, and the one to make next. */
interface Ready<S> {
  units: Unit<S>[];
  next: Unit<S>;
}

/**
 * The calls in an order that keeps to what each waits for, in which like ones come together and are made as one: of what
 * can be made next, that on which the longest way to the end depends, and with it all that is like it.
 */
export function scheduled<S>(
  groups: readonly (readonly Call<S>[])[],
  { callRole }: Roles<S>,
): { readonly calls: Call<S>[]; readonly placement: Placement<S> } {
  const placement = new Placement<S>();
  const calls: Call<S>[] = [];
  const rankOf = ranksOf(groups.flat());
  const ready = new Map<string, Ready<S>>();
  const roleOf = (unit: Unit<S>) => (unit.calls.length > 1 ? `chain ${unit.index}` : callRole(unit.calls[0]));

  function release(unit: Unit<S>): void {
    const role = roleOf(unit);
    const like = ready.get(role);
    if (!like) ready.set(role, { units: [unit], next: unit });
    else {
      like.units.push(unit);
      like.next = first(like.next, unit);
    }
  }

  function finish(units: readonly Unit<S>[]): void {
    for (const unit of units) {
      for (const next of unit.successors) if (--next.waiting === 0) release(next);
    }
  }

  for (const unit of unitsOf(groups)) if (unit.waiting === 0) release(unit);
  while (ready.size > 0) {
    let [role, like] = ["", undefined as Ready<S> | undefined];
    for (const [name, other] of ready) {
      if (!like || first(like.next, other.next) === other.next) [role, like] = [name, other];
    }
    if (!like) break;
    const done = take(like);
    const left = new Set(like.units);
    for (const unit of done) left.delete(unit);
    like.units = [...left];
    if (like.units.length === 0) ready.delete(role);
    else like.next = like.units.reduce(first);
    finish(done);
  }
  // Buffers may have been put into a slab after a call that uses them was made.
  return { calls: calls.map((call) => resolvedCall(call, placement)), placement };

  /** Makes the calls of the next unit, and those of units that can be made with it; answers which. */
  function take({ units, next: unit }: Ready<S>): readonly Unit<S>[] {
    if (unit.calls.length > 1) {
      for (let rest = unit.calls; rest.length > 0; ) {
        const { length, call } = batchOf(rest, placement, oneBehindTheOther);
        calls.push(call);
        rest = rest.slice(length);
      }
      return [unit];
    }
    if (units.length > 1) {
      const sorted = units
        .map((one) => ({ one, call: one.calls[0], rank: rankOf(one.calls[0]) }))
        .sort((a, b) => a.rank - b.rank || a.one.index - b.one.index);
      const at = sorted.findIndex(({ one }) => one === unit);
      for (let start = 0; start <= at; ) {
        const { length, call } = batchOf(
          sorted.slice(start).map((other) => other.call),
          placement,
          sideBySide,
        );
        start += length;
        if (length > 1 && start > at) {
          calls.push(call);
          return sorted.slice(start - length, start).map(({ one }) => one);
        }
      }
    }
    const [call] = unit.calls;
    calls.push(resolvedCall(call, placement));
    return [unit];
  }
}

/** The one of two on which the longer way to the end depends. */
function first<S>(a: Unit<S>, b: Unit<S>): Unit<S> {
  return b.height > a.height || (b.height === a.height && b.index < a.index) ? b : a;
}
