import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { installPeers } from "../src/peers.ts";

let place = "";
const said: string[] = [];

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "gradproof-peers-"));
  said.length = 0;
  writeFileSync(join(place, "package.json"), '{ "dependencies": { "library": "1.2.3" } }');
});
afterEach(() => {
  rmSync(place, { recursive: true });
  vi.unstubAllEnvs();
});

function putLibrary(version: string): void {
  mkdirSync(join(place, "node_modules/library"), { recursive: true });
  writeFileSync(join(place, "node_modules/library/package.json"), JSON.stringify({ version }));
}

const install = () => installPeers((text) => said.push(text), place);

test("starts nothing where all libraries are there", () => {
  putLibrary("1.2.3");
  vi.stubEnv("npm_execpath", "/nowhere/pnpm");
  expect(install()).toBeUndefined();
  expect(said).toEqual([]);
});

test("installs what is missing, or is there in another version", () => {
  putLibrary("1.2.2");
  vi.stubEnv("npm_execpath", "true");
  expect(install()).toBeUndefined();
  expect(said).toEqual([expect.stringContaining("library 1.2.3")]);
});

test("says why the libraries are not there", () => {
  vi.stubEnv("npm_execpath", "/nowhere/pnpm");
  expect(install()).toMatch(/could not be started/);
  vi.stubEnv("npm_execpath", "false");
  expect(install()).toMatch(/ended with 1 .* needs the network/);
});
