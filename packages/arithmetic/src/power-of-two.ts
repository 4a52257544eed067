const bits = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(8));

/** The exponent of a finite number other than 0: |x| / 2^e is in [1, 2). */
export function exponentOf(x: number): number {
  bits.setFloat64(0, x);
  const biased = (bits.getUint32(0) >>> 20) & 0x7ff;
  return biased > 0 ? biased - 1023 : exponentOf(x * 2 ** 64) - 64;
}

/** 2^e for -1022 <= e <= 1023, exactly on every engine. */
export function powerOfTwo(e: number): number {
  bits.setUint32(0, (e + 1023) << 20);
  bits.setUint32(4, 0);
  return bits.getFloat64(0);
}

/** x 2^e for any integer e. It rounds once, and only where the result is subnormal or overflows, if |x| >= 2^-22 or x is 0. */
export function scaleByPowerOfTwo(x: number, e: number): number {
  let y = x;
  let rest = e;
  for (; rest > 1000; rest -= 1000) y *= 2 ** 1000;
  for (; rest < -1000; rest += 1000) y *= 2 ** -1000;
  return y * powerOfTwo(rest);
}
