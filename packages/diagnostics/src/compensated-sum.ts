/** Adds numbers up with the roundings carried along (Neumaier 1974); a sum that is not finite is what plain adding gives. */
export class CompensatedSum {
  #sum = 0;
  #carried = 0;

  add(term: number): void {
    const next = this.#sum + term;
    const largerFirst = Math.abs(this.#sum) >= Math.abs(term);
    this.#carried += largerFirst ? this.#sum - next + term : term - next + this.#sum;
    this.#sum = next;
  }

  get value(): number {
    return Number.isFinite(this.#sum) ? this.#sum + this.#carried : this.#sum;
  }
}
