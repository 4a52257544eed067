/** What worker.ts tells. */
interface Report {
  readonly step: number;
  /** Of the trivial prediction's loss. */
  readonly share: number;
  readonly done?: boolean;
}

const status = document.querySelector("#status") as HTMLElement;
const log = document.querySelector("#log") as HTMLElement;
const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });

worker.onmessage = ({ data: { step, share, done } }: MessageEvent<Report>) => {
  const percent = `${(100 * share).toFixed(0)} %`;
  status.textContent = done ? `solved at step ${step}: ${percent} of the trivial loss` : `step ${step}: ${percent}`;
  log.append(Object.assign(document.createElement("li"), { textContent: `${step}: ${percent}` }));
};
worker.onerror = ({ message }) => {
  status.textContent = `the worker failed: ${message}`;
};
