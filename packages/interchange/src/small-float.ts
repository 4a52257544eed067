/** A binary floating-point format of 16 bits: sign, exponent, and `precision` - 1 stored bits of the significand. */
interface SmallFloat {
  /** Bits of the significand, the hidden one included. */
  readonly precision: number;
  readonly minimumExponent: number;
  /** The bits of +infinity: all of the exponent, none of the significand. */
  readonly infinity: number;
}

const formats: Readonly<Record<"F16" | "BF16", SmallFloat>> = {
  F16: { precision: 11, minimumExponent: -14, infinity: 0x7c00 },
  BF16: { precision: 8, minimumExponent: -126, infinity: 0x7f80 },
};

const scratch = new DataView(new ArrayBuffer(8));

/** 2 ** exponent, exactly, for the normal range of a double (`**` is only approximate by the language's standard). */
function powerOfTwo(exponent: number): number {
  scratch.setUint32(0, (exponent + 1023) << 20);
  scratch.setUint32(4, 0);
  return scratch.getFloat64(0);
}

/** floor(log2 |value|), for normal doubles; -1023 below them. */
function exponentOf(value: number): number {
  scratch.setFloat64(0, value);
  return ((scratch.getUint32(0) >>> 20) & 0x7ff) - 1023;
}

/** The value of 16 bits. Every one is exact in float32. */
export function decodeSmallFloat(dtype: "F16" | "BF16", bits: number): number {
  const { precision, minimumExponent, infinity } = formats[dtype];
  const sign = bits & 0x8000 ? -1 : 1;
  const magnitude = bits & 0x7fff;
  if (magnitude >= infinity) return magnitude === infinity ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  const hidden = 1 << (precision - 1);
  const field = magnitude >>> (precision - 1);
  const significand = field === 0 ? magnitude : (magnitude & (hidden - 1)) | hidden;
  return sign * significand * powerOfTwo(Math.max(field, 1) - 1 + minimumExponent - precision + 1);
}

/**
 * The 16 bits nearest to a value, ties to even, rounded once; beyond the largest finite value infinity, as IEEE 754
 * has it.
 */
export function encodeSmallFloat(dtype: "F16" | "BF16", value: number): number {
  const { precision, minimumExponent, infinity } = formats[dtype];
  if (Number.isNaN(value)) return infinity | (1 << (precision - 2));
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (magnitude === Number.POSITIVE_INFINITY) return sign | infinity;
  const exponent = Math.max(exponentOf(magnitude), minimumExponent);
  // The division by a power of two is exact or far below a half; adding 2^52 then rounds to an integer, ties to even.
  const steps = magnitude / powerOfTwo(exponent - precision + 1) + 2 ** 52 - 2 ** 52;
  // The hidden bit of a normal number adds the one that its exponent field is ahead of a subnormal's; so does a carry.
  const bits = (exponent - minimumExponent) * (1 << (precision - 1)) + steps;
  return sign | Math.min(bits, infinity);
}
