import type { Terminal } from "../terminal.ts";
import { grouped, inSigma, short } from "../text/numbers.ts";
import { signOf } from "../text/palette.ts";
import { printable } from "../text/prose.ts";
import type { Check } from "./check-log.ts";
import type { FlowEvidence } from "./flow-evidence.ts";
import type { Live } from "./run-training.ts";
import type { EndEvent, ProgressEvent, TrainEvent } from "./train-event.ts";

/** One event as a person reads it, without the line's end. */
export function eventText(event: TrainEvent, { palette }: Pick<Terminal, "palette">): string {
  switch (event.event) {
    case "start": {
      const network = `${grouped(event.parameters)} weights in ${event.precision}`;
      const trivial = `${event.trivial}: loss ${short(event.baseline)}`;
      const from =
        event.from === undefined ? "" : `\n  goes on from step ${grouped(event.step)}, ${printable(event.from)}`;
      return `${palette.strong(event.task)}  ${palette.faint(`${event.source}; ${network}; trivial, ${trivial}`)}${from}`;
    }
    case "refused":
      return palette.refused(`  ! ${printable(event.path)} is not used: ${printable(event.reason)}`);
    case "progress":
      return progressText(event);
    case "check":
      return `${stepText(event.step)}  ${checkText(event, { palette })}`;
    case "checkpoint":
      return palette.faint(`${stepText(event.step)}  saved ${printable(event.path)}`);
    case "end":
      return endText(event, { palette });
  }
}

function progressText(event: ProgressEvent): string {
  const heldOut = event.heldOut === undefined ? "" : `  held out ${short(event.heldOut)}`;
  return `${stepText(event.step)}  ${measures(event, event.shareOfBaseline)}${heldOut}`;
}

function measures(live: Live, share: number): string {
  return [
    `loss ${short(live.loss)} (${ofTrivial(share)} trivial)`,
    `‖g‖ ${short(live.gradientNorm)}`,
    `clipped ${percent(live.clippedShare)}`,
    `horizon ${live.horizon}`,
    `${grouped(Math.round(live.sequencesPerSecond))} seq/s`,
  ].join("  ");
}

/** The live line, the most important first: a narrow terminal shows as much of it as fits. */
export function liveText(live: Live, share: number): string {
  return `${measures(live, share)}  ${duration(live.secondsLeft)} left`;
}

function checkText(
  { verdict, errorInSigma, mistakes, sequences }: Check,
  { palette }: Pick<Terminal, "palette">,
): string {
  const paint = { match: palette.good, mismatch: palette.bad, inconclusive: palette.doubtful }[verdict];
  const named = mistakes.length > 0 ? `; known mistake: ${mistakes.join(" or ")}` : "";
  const judged = `largest error ${inSigma(errorInSigma)}, ${sequences === 1 ? "1 sequence" : `${sequences} sequences`}`;
  return `gradient ${paint(`${signOf[verdict]} ${verdict}`)}  ${judged}${named}`;
}

function endText(event: EndEvent, { palette }: Pick<Terminal, "palette">): string {
  const { ending, step, loss, shareOfBaseline, heldOut, seconds, checks, mismatches, bitsPerCharacter, sample } = event;
  const heading = {
    solved: palette.good(`✓ solved at step ${grouped(step)}`),
    "stopped-early": `stopped early at step ${grouped(step)}: no better on what is held out`,
    "out-of-steps": `ended at step ${grouped(step)}`,
    interrupted: palette.doubtful(`interrupted at step ${grouped(step)}`),
    diverged: palette.bad(`✗ diverged after step ${grouped(step)}: ${event.place ?? "a number is not finite"}`),
  }[ending];
  const lines = [`${heading}  ${palette.faint(`${duration(seconds)}`)}`];
  const held = heldOut === undefined ? "" : `; held out ${short(heldOut)}`;
  if (Number.isFinite(loss))
    lines.push(`  loss ${short(loss)}, ${ofTrivial(shareOfBaseline)} the trivial prediction's${held}`);
  if (event.firstLoss !== undefined)
    lines.push(
      `  the loss grew from ${short(event.firstLoss)}: the steps are too long; next: a smaller --learning-rate`,
    );
  if (checks > 0) lines.push(`  ${checks - mismatches} of ${checks} gradients checked while training match`);
  if (event.flow) lines.push(...flowLines(event.flow));
  if (event.checkpoint !== undefined && ending === "diverged") {
    lines.push(`  the last good checkpoint: ${printable(event.checkpoint)}`);
  }
  if (bitsPerCharacter) {
    const { network, nGrams } = bitsPerCharacter;
    const grams = nGrams.map((bits, i) => `${i + 1}-gram ${bits.toFixed(3)}`).join(", ");
    lines.push(`  bits per character on held-out text: ${palette.strong(network.toFixed(3))}; ${grams}`);
  }
  if (sample !== undefined)
    lines.push("", ...sample.split("\n").map((line) => `  ${palette.faint("|")} ${printable(line)}`));
  return lines.join("\n");
}

function flowLines({ verdict, causes, evidence }: FlowEvidence): string[] {
  const words = {
    flows: "the gradient flows as far back as the task asks",
    obstructed: causes.join(", "),
    inconclusive: "inconclusive",
  };
  return [`  flow: ${words[verdict]}`, ...evidence.map((sentence) => `    ${printable(sentence)}`)];
}

function stepText(step: number): string {
  return `step ${grouped(step).padStart(7)}`;
}

/** "26 % of", or of much more "1,800 times" */
export function ofTrivial(share: number): string {
  return share < 10 ? `${percent(share)} of` : `${grouped(Math.round(share))} times`;
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`;
}

/** "8 s", "3 min", "2.1 h" */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  if (seconds < 99.5) return `${Math.max(0, Math.round(seconds))} s`;
  return seconds < 5970 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
