/**
 * The same module for a memory that threads share: WebAssembly has that in the type of the memory that a module imports, and
 * nothing else in these kernels depends on it, so that they need not be compiled and shipped twice.
 *
 * A module is a header of 8 bytes and sections { id, length, content }; the second kind of section are the imports,
 * { count, module, name, kind, type }, and a memory's type is { flags, least pages, most pages if flags & 1 }, flags & 2
 * saying that it is shared. (WebAssembly Core Specification 5.3.7, 5.5.5)
 *
 * @param bytes - a module whose only import is a memory.
 * @param mostPages - what the memory that it is given may grow to.
 * @throws Error where it is another module.
 */
export function withSharedMemory(bytes: Uint8Array<ArrayBuffer>, mostPages: number): Uint8Array<ArrayBuffer> {
  const importSection = 2;
  const memoryKind = 2;
  let at = 8;
  while (at < bytes.length) {
    const id = bytes[at];
    const length = unsigned(bytes, at + 1);
    const start = length.end;
    if (id !== importSection) {
      at = start + length.value;
      continue;
    }
    const count = unsigned(bytes, start);
    const kind = skipName(bytes, skipName(bytes, count.end));
    if (count.value !== 1 || bytes[kind] !== memoryKind) break;
    const leastPages = unsigned(bytes, kind + 2);
    const content = [...bytes.subarray(start, kind + 1), 3, ...encoded(leastPages.value), ...encoded(mostPages)];
    const rest = bytes.subarray(start + length.value);
    return Uint8Array.from([...bytes.subarray(0, at + 1), ...encoded(content.length), ...content, ...rest]);
  }
  throw new Error("withSharedMemory: the module has no import, or others; expected that of one memory");
}

/** A number of 7 bits a byte, the lowest first (LEB128). */
function unsigned(bytes: Uint8Array, at: number): { readonly value: number; readonly end: number } {
  let [value, scale, end] = [0, 1, at];
  for (; bytes[end] >= 128; end++, scale *= 128) value += (bytes[end] - 128) * scale;
  return { value: value + bytes[end] * scale, end: end + 1 };
}

function encoded(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...encoded(Math.floor(value / 128))];
}

function skipName(bytes: Uint8Array, at: number): number {
  const { value, end } = unsigned(bytes, at);
  return end + value;
}
