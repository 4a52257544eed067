/** What is used of WebAssembly here: the types of pages and workers have it, those of Node do not. */
interface WebAssemblyObject {
  readonly Memory: new (pages: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared?: boolean;
  }) => Memory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => Module;
  readonly Instance: new (module: Module, imports: { readonly env: { readonly memory: Memory } }) => Instance;
  validate(bytes: Uint8Array<ArrayBuffer>): boolean;
}

export interface Memory {
  /** One that threads share has a `SharedArrayBuffer` here, which typed arrays take alike. */
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** A compiled module; it has no members of use here. */
export type Module = object;

export interface Instance {
  readonly exports: Readonly<Record<string, unknown>>;
}

/** @throws Error where the engine has no WebAssembly. */
export function webAssembly(): WebAssemblyObject {
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly?: WebAssemblyObject };
  if (!WebAssembly)
    throw new Error("simd: this engine has no WebAssembly; expected one that has; use float32 or float64");
  return WebAssembly;
}
