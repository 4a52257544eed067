import type { Page } from "playwright-core";

/** What keeps a page from answering for longer than this, in milliseconds, is felt. */
export const mostBlocked = 50;

/** The longest task of the page's main thread while something is done with it; 0 where none took 50 ms. */
export async function longestTask(page: Page, act: (page: Page) => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const seen = globalThis as unknown as { longTasks: number[]; longTaskObserver?: PerformanceObserver };
    seen.longTasks = [];
    seen.longTaskObserver?.disconnect();
    seen.longTaskObserver = new PerformanceObserver((list) => {
      seen.longTasks.push(...list.getEntries().map(({ duration }) => duration));
    });
    seen.longTaskObserver.observe({ type: "longtask" });
  });
  await act(page);
  // Entries are handed over in a task of their own.
  await page.waitForTimeout(100);
  return page.evaluate(() => Math.max(0, ...(globalThis as unknown as { longTasks: number[] }).longTasks));
}

/** How many times as long as its processor time work takes just now: 1 on a machine that has nothing else to do. */
export function contention(): number {
  const [start, before] = [performance.now(), process.cpuUsage()];
  while (performance.now() - start < 200);
  const { user, system } = process.cpuUsage(before);
  return Math.max(1, (1000 * (performance.now() - start)) / (user + system));
}

/** What a reader does in each scene once it stands there: short, and with everything that computes or draws. */
export const strolls: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  async unroll(page) {
    await page.getByRole("slider", { name: /^Moment/ }).focus();
    for (let step = 0; step < 9; step++) await page.keyboard.press("ArrowRight");
    await page.locator("[data-part=h2]").hover();
    await page.getByRole("button", { name: "Draw other weights" }).click();
  },
  async lags(page) {
    await page.getByRole("slider", { name: "State k" }).focus();
    for (let step = 0; step < 3; step++) await page.keyboard.press("ArrowLeft");
    await page.getByRole("radio", { name: "Eq. 14, total derivatives" }).focus();
    await page.keyboard.press("Space");
    await page.getByText(/rows do not add up/).waitFor();
  },
  async vanishing(page) {
    await page.getByRole("slider", { name: "Weight w" }).focus();
    for (let step = 0; step < 4; step++) await page.keyboard.press("ArrowLeft");
    await page.getByRole("slider", { name: /^Drive/ }).focus();
    await page.keyboard.press("ArrowRight");
    await page.waitForTimeout(500);
  },
  async break(page) {
    await page.getByRole("combobox", { name: "The derivation" }).selectOption("recurrent-not-transposed");
    await page.locator("[data-ready]").first().waitFor();
    await page.getByRole("textbox", { name: "The derivation as JavaScript" }).focus();
    await page.keyboard.type("// mine");
  },
  async train(page) {
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await page.locator("[data-horizon]").waitFor();
    await page.waitForTimeout(1000);
    await page
      .getByRole("button", { name: "Stop" })
      .or(page.getByRole("button", { name: "Train" }))
      .first()
      .click();
  },
  async check(page) {
    await page.getByRole("button", { name: "A forgotten transpose" }).click();
    await page.locator("[data-verdict]").waitFor();
    await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save the report", exact: true }).click(),
    ]);
  },
};
