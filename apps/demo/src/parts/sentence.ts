/** Words as a sentence: a capital where there is a Latin letter to begin with, and a full stop. */
export function sentence(words: string): string {
  const capital =
    /^[a-z](?!_)/.test(words) && !/^(ln|rnn|x|h0)\b/.test(words) ? words[0].toUpperCase() : words.slice(0, 1);
  return `${capital}${words.slice(1)}${words === "" || /[.!?]$/.test(words) ? "" : "."}`;
}
