import { CrossCheckError } from "@gradproof/verification";
import { expect, test, vi } from "vitest";
import { caseFile } from "./cases.ts";
import { recorded } from "./recording-terminal.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const thrown = vi.hoisted(() => ({ error: undefined as unknown }));

vi.mock("@gradproof/verification", async (original) => ({
  ...(await original<typeof import("@gradproof/verification")>()),
  judge: () => {
    throw thrown.error;
  },
}));

const folder = temporaryFolder();
const file = folder.write("case.safetensors", caseFile());

test.each([new CrossCheckError("Whh", 1e-3, 1e-16), new TypeError("x is not a function")])(
  "%s is a fault of gradproof: status 70, message and stack on standard error",
  async (error) => {
    thrown.error = error;
    const { status, out, err } = await recorded(["check", file, `${file}.missing`]);
    expect(status).toBe(70);
    expect(out).toContain("! fault");
    expect(out).toContain("! error");
    expect(err).toContain(error.stack);
    expect(err).toContain("a fault of gradproof");
    expect(JSON.parse((await recorded(["check", "--json", file])).out)).toEqual({
      schema: 1,
      file,
      verdict: "fault",
      error: error.message,
    });
  },
);

test("a problem that does not fit into memory is the file's fault", async () => {
  thrown.error = new RangeError("Array buffer allocation failed");
  const { status, out } = await recorded(["check", file]);
  expect(status).toBe(2);
  expect(out).toContain("does not fit into memory");
});
