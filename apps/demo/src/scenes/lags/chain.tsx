import { Equation } from "../../parts/equation.tsx";
import { Matrix } from "../../parts/matrix.tsx";
import { shown } from "../../parts/number-text.ts";
import { Scrolling } from "../../parts/scrolling.tsx";
import type { ChainLink } from "./lag-shares.ts";

interface ChainProps {
  readonly t: number;
  readonly k: number;
  readonly chain: readonly ChainLink[];
}

/** dh_t/dh_k factor by factor, with the size of the product after each. */
export function Chain({ t, k, chain }: ChainProps) {
  const name = `dh_{${t}}/dh_{${k}}`;
  if (chain.length === 0) {
    return (
      <p>
        <Equation tex={`${name} = I`} />: the loss sees this state without a step in between.
      </p>
    );
  }
  const factors = chain.map(({ m }) => `A_{${m}}`);
  const listed = factors.length > 5 ? [...factors.slice(0, 2), "\\cdots", factors[factors.length - 1]] : factors;
  const largest = Math.max(1, ...chain.map(({ norm }) => norm));
  const width = (norm: number) => Math.max(0, 100 + (100 / 8) * Math.log10(norm / largest));
  return (
    <>
      <p>
        <Equation tex={`\\displaystyle \\frac{dh_{${t}}}{dh_{${k}}} = ${listed.join("\\,")}`} />
        <br />
        <Equation tex="A_m = \mathrm{diag}(1 - h_m^2)\, W_{hh}" />
      </p>
      <Scrolling label="The chain, factor by factor">
        <table class="chain">
          <thead>
            <tr>
              <th scope="col">factor</th>
              <th scope="col">product so far</th>
              <th scope="col">its size</th>
            </tr>
          </thead>
          <tbody>
            {chain.map(({ m, jacobian, product, norm }) => (
              <tr key={m} data-factor={m}>
                <td>
                  <Equation tex={`A_{${m}} =`} /> <Matrix rows={jacobian} digits={2} />
                </td>
                <td>
                  <Matrix rows={product} digits={2} />
                </td>
                <td class="size">
                  <span>{shown(norm)}</span>
                  <span class="bar" style={{ width: `${width(norm)}%` }} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolling>
    </>
  );
}
