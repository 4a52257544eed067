/** A `.safetensors` file of any header text and data, whether they fit or not. */
export function safetensorsBytes(header: string | object, dataBytes = 0, declaredLength?: bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, declaredLength ?? BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}
