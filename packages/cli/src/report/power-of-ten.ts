const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** "10¹²", "1", "10" */
export function powerOfTen(size: number): string {
  const exponent = Math.round(Math.log10(size));
  if (exponent === 0 || exponent === 1) return String(10 ** exponent);
  const raised = [...String(Math.abs(exponent))].map((digit) => superscripts[Number(digit)] ?? "").join("");
  return `10${exponent < 0 ? "⁻" : ""}${raised}`;
}
