import { expect, test, vi } from "vitest";
import { progress } from "../src/progress.ts";
import { palette } from "../src/text/palette.ts";

function watched() {
  let drawn = "";
  const write = (text: string) => {
    drawn += text;
    return true;
  };
  const stream = { isTTY: true, columns: 80, write, on: () => {}, removeListener: () => {} };
  return {
    terminal: { print: () => {}, complain: () => {}, palette: palette(false), columns: 80, progress: stream },
    drawn: () => drawn,
  };
}

test("short work draws nothing", () => {
  const { terminal, drawn } = watched();
  const bar = progress(terminal, "{value} of {total}", 10);
  bar.show(1);
  bar.clear();
  expect(drawn()).toBe("");
});

test("long work is drawn, and cleared away", () => {
  const clock = vi.spyOn(performance, "now").mockReturnValueOnce(0).mockReturnValue(1000);
  const { terminal, drawn } = watched();
  const bar = progress(terminal, "{value} of {total} {remark}", 10);
  bar.show(3, "case.npz");
  bar.clear();
  clock.mockRestore();
  expect(drawn()).toContain("3 of 10 case.npz");
  expect(drawn().lastIndexOf("\u001b[")).toBeGreaterThan(drawn().lastIndexOf("case.npz"));
});

test("in a pipe nothing is drawn", () => {
  const { terminal, drawn } = watched();
  const clock = vi.spyOn(performance, "now").mockReturnValueOnce(0).mockReturnValue(1000);
  progress({ ...terminal, progress: undefined }, "{value}", 10).show(5);
  clock.mockRestore();
  expect(drawn()).toBe("");
});
