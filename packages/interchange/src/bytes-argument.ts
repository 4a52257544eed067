/** Refuses what is no Uint8Array (an ArrayBuffer, a string, a path), also where one comes from another realm. */
export function requireBytes(caller: string, bytes: unknown): asserts bytes is Uint8Array {
  const kind = Object.prototype.toString.call(bytes).slice(8, -1);
  if (kind !== "Uint8Array") {
    const next = kind === "ArrayBuffer" ? "; pass new Uint8Array(buffer)" : "";
    throw new TypeError(`${caller}: bytes is ${kind}, expected the file's contents as a Uint8Array${next}`);
  }
}
