/** A file that cannot be read: what is wrong with it, as a sentence without its name. */
export class ReadError extends Error {
  override readonly name = "ReadError";
}
