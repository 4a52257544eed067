const functions = new Set(["softmax", "onehot", "tanh", "diag"]);

/** Words of a formula, "for t < T" or "where J is the mean": two letters at least, and no index. */
const words = /(?<![_{A-Za-z])[A-Za-z]{2,}(?![_A-Za-z])(?:,? (?:[A-Za-z]{2,}(?![_A-Za-z])|a(?= )))*/g;

const quantity = "(?:⁺?[A-Za-zŷθ](?:_(?:\\{[^}]*\\}|[A-Za-z0-9]+))?)";
const derivative = new RegExp(`∂(${quantity})/∂(${quantity})`, "g");

const signs: Readonly<Record<string, string>> = {
  "∂": "\\partial ",
  δ: "\\delta ",
  θ: "\\theta ",
  Σ: "\\sum ",
  Φ: "\\Phi ",
  ŷ: "\\hat{y}",
  ᵀ: "^\\top ",
  "²": "^2",
  "⁺": "^{+}",
  "′": "'",
  "−": "-",
  "·": "\\cdot ",
  "⊙": "\\odot ",
  "⋯": "\\cdots ",
  "≤": "\\le ",
  "≥": "\\ge ",
};

/**
 * A formula of the catalogue as TeX.
 *
 * @example
 * ```ts
 * console.log(formulaTex("∂J/∂h_0 = W_hhᵀ δ_1")); // -> \frac{\partial J}{\partial h_{0}} = W_{hh}^\top \delta_{1}
 * ```
 */
export function formulaTex(formula: string): string {
  let tex = "";
  let end = 0;
  for (const match of formula.matchAll(words)) {
    const [text] = match;
    tex += mathTex(formula.slice(end, match.index));
    tex += functions.has(text) ? `\\operatorname{${text}}` : `\\text{ ${text} }`;
    end = match.index + text.length;
  }
  return `${tex}${mathTex(formula.slice(end))}`.replace(/ +/g, " ").replace(/ ([_^])/g, "$1");
}

function mathTex(math: string): string {
  return math
    .replace(derivative, (_, above: string, below: string) => `\\frac{∂${above}}{∂${below}}`)
    .replace(/_([A-Za-z0-9]+)/g, "_{$1}")
    .replace(/[^\x20-\x7e]/g, (sign) => signs[sign] ?? sign);
}
