/** Something that training was given cannot be used: a sentence, without a fault of gradproof. */
export class TrainError extends Error {
  override readonly name = "TrainError";
}
