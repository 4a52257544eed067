import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium as browserType } from "playwright-core";
import { build, preview } from "vite";
import { chromium } from "./chromium.ts";
import { execute } from "./pnpm.ts";

/** What a consumer does with the three core packages; plain JavaScript, the same in Node and in a page. */
const use = `
import { float64, primeField } from "@gradproof/arithmetic";
import { grad, hvp, jvp, multiply, scan, square, sum, tanh, variable } from "@gradproof/autodiff";
import { backward, forward, initialise, liftProblem, lossAndGradient } from "@gradproof/rnn";

export function use() {
  const x = variable(float64, [0.5, -2, 3]);
  const cubes = (x) => sum(multiply(x, square(x)));
  const cube = float64.lower(grad(cubes)(x).value);
  const along = float64.lower(jvp(cubes, x, x).tangent.value);
  const second = float64.lower(hvp(cubes, x, x).value);
  const step = (h, x, w) => {
    const next = tanh(multiply(w, multiply(h, x)));
    return { carry: next, output: next };
  };
  const w = variable(float64, [0.5], []);
  const scanned = grad((w) => sum(scan(step, w, x, w, { segment: 2 }).outputs))(w);
  const [T, B, I, H, O] = [3, 2, 2, 4, 3];
  const numbers = (...shape) => ({
    shape,
    data: Float64Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => ((i * 7) % 11) / 8 - 0.5),
  });
  const problem = {
    nonlinearity: "relu",
    loss: "mse",
    reduction: "mean",
    parameters: initialise({ seed: 1, I, H, O, kind: "uniform" }),
    x: numbers(T, B, I),
    h0: numbers(B, H),
    target: numbers(T, B, O),
  };
  const { loss, gradient } = lossAndGradient(float64, problem);
  const F = primeField(1);
  const exact = liftProblem(F, problem);
  const once = backward(F, exact, forward(F, exact));
  const again = backward(F, exact, forward(F, exact));
  const autodiff = { cube: [...cube], along: [...along], second: [...second], scan: [...float64.lower(scanned.value)] };
  return JSON.stringify({ autodiff, loss, Whh: [...gradient.Whh.data], same: F.same(once.Whh, again.Whh) });
}
`;

const html = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><link rel="icon" href="data:,"><title>gradproof in a page</title></head>
  <body><p id="result"></p><p id="worker"></p><script type="module" src="./main.js"></script></body>
</html>
`;

const main = `
import { use } from "./use.js";
document.querySelector("#result").textContent = use();
const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
worker.onmessage = ({ data }) => {
  document.querySelector("#worker").textContent = data;
};
`;

const worker = `
import { use } from "./use.js";
postMessage(use());
`;

/** Uses the packages installed in a project in Node, and in a Chromium as a page that Vite built, there in a worker too; says what differs. */
export async function useInPage(project: string, temporary: string): Promise<readonly string[]> {
  writeFileSync(join(project, "use.js"), use);
  writeFileSync(join(project, "main.js"), main);
  writeFileSync(join(project, "worker.js"), worker);
  writeFileSync(join(project, "index.html"), html);
  const script = 'import { use } from "./use.js"; process.stdout.write(use());';
  const expected = execute(process.execPath, ["--input-type=module", "--eval", script], project);
  await build({ root: project, logLevel: "error" });
  const server = await preview({ root: project, logLevel: "error", preview: { port: 0 } });
  const browser = await browserType.launch(await chromium(join(temporary, "chromium")));
  try {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    await page.goto(server.resolvedUrls?.local[0] ?? "");
    await page.locator("#worker", { hasText: "autodiff" }).waitFor();
    for (const place of ["result", "worker"]) {
      const shown = await page.locator(`#${place}`).textContent();
      if (shown !== expected) problems.push(`shows ${shown} as ${place}; expected ${expected}, as in Node`);
    }
    return problems;
  } finally {
    await browser.close();
    await server.close();
  }
}
