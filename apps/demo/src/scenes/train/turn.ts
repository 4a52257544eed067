/** Something costly that is done now and then: its turn comes when the rest has had nine times what it took. */
export class Turn {
  #next = 0;

  /** Whether it is its turn, at a time in milliseconds. */
  isDue(now: number): boolean {
    return now >= this.#next;
  }

  /** Does it, and puts its next turn off by nine times its cost, but by at least so many milliseconds. */
  take<R>(least: number, body: () => R): R {
    const start = performance.now();
    const result = body();
    const end = performance.now();
    this.#next = end + Math.max(least, 9 * (end - start));
    return result;
  }
}
