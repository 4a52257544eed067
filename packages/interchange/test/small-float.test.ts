import { describe, expect, test } from "vitest";
import { decodeSmallFloat, encodeSmallFloat } from "../src/small-float.ts";

const formats = [
  { dtype: "F16", largest: 65504, smallest: 2 ** -24, infinity: 0x7c00 },
  { dtype: "BF16", largest: 3.3895313892515355e38, smallest: 2 ** -133, infinity: 0x7f80 },
] as const;

describe.each(formats)("$dtype", ({ dtype, largest, smallest, infinity }) => {
  const decode = (bits: number) => decodeSmallFloat(dtype, bits);
  const encode = (value: number) => encodeSmallFloat(dtype, value);

  test("all 65,536 patterns decode to float32 values that encode back", () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = decode(bits);
      expect(Math.fround(value), bits.toString(16)).toBe(value);
      if (Number.isNaN(value)) expect((bits & 0x7fff) > infinity, bits.toString(16)).toBe(true);
      else expect(encode(value), bits.toString(16)).toBe(bits);
    }
  });

  test("its ends are where the format has them", () => {
    expect(decode(infinity - 1)).toBe(largest);
    expect(decode(1)).toBe(smallest);
    expect(decode(infinity)).toBe(Number.POSITIVE_INFINITY);
    expect(decode(infinity | 0x8000)).toBe(Number.NEGATIVE_INFINITY);
    expect(Number.isNaN(decode(encode(Number.NaN)))).toBe(true);
    expect(Object.is(decode(0x8000), -0)).toBe(true);
  });

  test("halfway between neighbours the even one is nearest, and one step of a double to either side decides", () => {
    for (let bits = 0; bits < infinity; bits++) {
      const [below, above] = [decode(bits), bits + 1 < infinity ? decode(bits + 1) : 2 * largest - decode(bits - 1)];
      const half = below / 2 + above / 2;
      const even = bits % 2 === 0 ? bits : bits + 1;
      expect(encode(half), `${half}`).toBe(even);
      expect(encode(half * (1 - 2 ** -52)), `${half} less`).toBe(bits);
      expect(encode(half * (1 + 2 ** -52)), `${half} more`).toBe(bits + 1);
      expect(encode(-half), `-${half}`).toBe(even | 0x8000);
    }
  });

  test("far outside is infinity or zero", () => {
    expect(encode(Number.MAX_VALUE)).toBe(infinity);
    expect(encode(-Number.MAX_VALUE)).toBe(infinity | 0x8000);
    expect(encode(Number.MIN_VALUE)).toBe(0);
    expect(encode(-Number.MIN_VALUE)).toBe(0x8000);
  });
});
