import { type Module, webAssembly } from "../simd/web-assembly.ts";

/** How V8 is told, through Node, what to do with the modules that it compiles from then on. */
export interface Flags {
  setFlagsFromString(flags: string): void;
}

interface Surroundings {
  readonly process?: { getBuiltinModule?(name: "node:v8"): Flags };
}

/** The flags of the V8 that runs this, where there is one that takes them: in Node. */
export function flagsOfV8(): Flags | undefined {
  return (globalThis as unknown as Surroundings).process?.getBuiltinModule?.("node:v8");
}

/** All functions at once, by the compiler that optimises: a flag that is set for a moment holds for the whole module. */
const wholly = { set: "--no-liftoff --no-wasm-lazy-compilation", back: "--liftoff --wasm-lazy-compilation" };
const widely = { set: "--experimental-wasm-revectorize", back: "--no-experimental-wasm-revectorize" };

/**
 * Compiles a module wholly, with pairs of neighbouring 128-bit operations made one of 256 bits where V8 can, or without; then
 * sets the flags back, so that no other module is compiled so.
 */
export function compiledWholly(bytes: Uint8Array<ArrayBuffer>, isWide: boolean, flags: Flags): Module {
  const used = isWide ? [wholly, widely] : [wholly];
  try {
    for (const { set } of used) for (const flag of set.split(" ")) flags.setFlagsFromString(flag);
    return new (webAssembly().Module)(named(bytes, isWide ? "wide" : "whole"));
  } finally {
    for (const { back } of used) for (const flag of back.split(" ")) flags.setFlagsFromString(flag);
  }
}

/**
 * The module with a custom section { 0, length, name's length, name } behind it: V8 keeps what it has compiled by a module's
 * bytes, and would answer with what it has.
 */
function named(bytes: Uint8Array<ArrayBuffer>, name: string): Uint8Array<ArrayBuffer> {
  const characters = [...name].map((character) => character.charCodeAt(0));
  return Uint8Array.from([...bytes, 0, name.length + 1, name.length, ...characters]);
}
