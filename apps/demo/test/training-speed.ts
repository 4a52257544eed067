import type { Page } from "playwright-core";
import type { RunSettings } from "../src/scenes/train/report.ts";
import { run } from "../src/scenes/train/run.ts";
import { newReader, openBrowser } from "./reader.ts";
import { openSite } from "./site.ts";

/** Training steps per second of the same run in the page and in Node, in turn, each with all its reports. */
const rounds = Number(process.argv[2] ?? 3);
const milliseconds = 4000;
const common = { hidden: 32, initialisation: "orthogonal", gain: 1, clip: 1, seed: 1 } as const;
const runs: readonly RunSettings[] = [
  { ...common, task: "adding", length: 40 },
  { ...common, task: "adding", length: 100 },
  { ...common, task: "temporal-order", length: 50 },
];

class Enough extends Error {}

async function inNode(settings: RunSettings): Promise<number> {
  const start = performance.now();
  let speed = 0;
  try {
    await run(settings, (report) => {
      if (!("measure" in report)) return;
      speed = report.measure.stepsPerSecond;
      if (performance.now() - start > milliseconds) throw new Enough();
    });
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  return speed;
}

async function inPage(page: Page, url: string, { task, length }: RunSettings): Promise<number> {
  await page.goto(`${url}#/train?task=${task}&length=${length}`);
  await page.reload();
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await page.waitForTimeout(milliseconds);
  const speed = await page.locator("[data-speed]").getAttribute("data-speed");
  return Number(speed);
}

const [site, browser] = await Promise.all([openSite(), openBrowser()]);
const { page } = await newReader(browser, site.url);
for (const settings of runs) {
  const ratios: number[] = [];
  let [bestInNode, bestInPage] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    const [node, inside] = [await inNode(settings), await inPage(page, site.url, settings)];
    ratios.push(inside / node);
    [bestInNode, bestInPage] = [Math.max(bestInNode, node), Math.max(bestInPage, inside)];
  }
  const { task, length } = settings;
  const [median] = ratios.toSorted((a, b) => a - b).slice(Math.floor(ratios.length / 2));
  console.log(
    `${task} ${length}: best in the page ${bestInPage.toFixed(0)}, in Node ${bestInNode.toFixed(0)} steps per second; in turn, ${ratios.map((ratio) => ratio.toFixed(2)).join(", ")} of Node's, median ${median.toFixed(2)}`,
  );
}
await browser.close();
site.close();
