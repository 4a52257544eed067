import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

/** What a computation has come to: its last result stays while the next one is on its way. */
export interface Outcome<R> {
  readonly result?: R;
  readonly error?: string;
  readonly busy: boolean;
}

/**
 * The result of `compute` for the latest inputs. While one computation runs, only the newest of those that wait is kept.
 *
 * @param key - text that changes with the inputs.
 */
export function useLatest<R>(key: string, compute: () => Promise<R>): Outcome<R> {
  const outcome = useSignal<Outcome<R>>({ busy: true });
  const running = useRef(false);
  const waiting = useRef<(() => Promise<R>) | undefined>(undefined);
  useEffect(() => {
    waiting.current = compute;
    outcome.value = { ...outcome.peek(), busy: true };
    if (!running.current) run();
  }, [key]);

  async function run() {
    running.current = true;
    while (waiting.current) {
      const next = waiting.current;
      waiting.current = undefined;
      try {
        const result = await next();
        if (!waiting.current) outcome.value = { result, busy: false };
      } catch (error) {
        if (!waiting.current) {
          outcome.value = { error: error instanceof Error ? error.message : String(error), busy: false };
        }
      }
    }
    running.current = false;
  }
  return outcome.value;
}
