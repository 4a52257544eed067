/** The different characters (Unicode code points) of a text, numbered in their order. */
export class Vocabulary {
  readonly characters: readonly string[];
  readonly #classes: ReadonlyMap<string, number>;

  constructor(text: Iterable<string>) {
    this.characters = [...new Set(text)].sort();
    this.#classes = new Map(this.characters.map((character, label) => [character, label]));
  }

  get size(): number {
    return this.characters.length;
  }

  /** @throws RangeError for a character that is not in the vocabulary. */
  classesOf(text: string): Int32Array {
    return Int32Array.from([...text], (character, place) => {
      const label = this.#classes.get(character);
      if (label !== undefined) return label;
      throw new RangeError(`Vocabulary: "${character}" at ${place} is not one of the text's ${this.size} characters`);
    });
  }

  textOf(classes: Iterable<number>): string {
    return Array.from(classes, (label) => this.characters[label]).join("");
  }
}
