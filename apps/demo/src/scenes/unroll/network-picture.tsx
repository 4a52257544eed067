import { shown } from "../../parts/number-text.ts";
import type { Moment } from "./moments.ts";
import { type Edge, edgesTo, type Part, partName, sub } from "./paths.ts";
import type { UnrolledPass } from "./unrolled.ts";

const column = 140;
const [lossRow, outputRow, stateRow, inputRow] = [28, 96, 196, 296];
const height = 330;
const [boxWidth, boxHeight] = [98, 44];

interface PictureProps {
  readonly pass: UnrolledPass;
  readonly x: readonly number[];
  readonly moment: Moment;
  readonly chosen: Part | undefined;
  readonly onPoint: (part: Part | undefined) => void;
  readonly onChoose: (part: Part) => void;
}

/** The network unrolled: a column for each step, edges as gradients travel them, what is reached so far. */
export function NetworkPicture({ pass, x, moment, chosen, onPoint, onChoose }: PictureProps) {
  const T = x.length;
  const width = (T + 1) * column;
  const lit = chosen && edgesTo(chosen, T);
  const steps = x.map((_, i) => i + 1);
  const node = { moment, chosen, onPoint, onChoose };
  return (
    <svg class="network" viewBox={`0 0 ${width} ${height}`} style={{ minWidth: `${(T + 1) * 112}px` }}>
      <title>The network unrolled over {T} steps</title>
      <defs>
        <marker
          id="arrow"
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="7"
          markerHeight="7"
          orient="auto-start-reverse"
        >
          <path d="M0 0 8 4 0 8z" fill="context-stroke" />
        </marker>
      </defs>
      {steps.map((t) => (
        <Edges key={t} t={t} moment={moment} lit={lit} T={T} />
      ))}
      {pass.states.map((state, t) => (
        <Node
          key={`h${sub(t)}`}
          {...node}
          part={{ kind: "state", t }}
          y={stateRow}
          name={`h${sub(t)}`}
          values={state}
        />
      ))}
      {steps.map((t) => (
        <g key={t}>
          <Node {...node} part={{ kind: "input", t }} y={inputRow} name={`x${sub(t)}`} values={[x[t - 1]]} />
          <Node
            {...node}
            part={{ kind: "error", t }}
            y={outputRow}
            name={`ŷ${sub(t)}`}
            values={[pass.outputs[t - 1]]}
          />
          <text class={reached("loss", t, moment) ? "loss" : "loss ahead"} x={center(t)} y={lossRow - 6}>
            J{sub(t)} = {shown(pass.losses[t - 1])}
          </text>
        </g>
      ))}
    </svg>
  );
}

function center(t: number): number {
  return (t + 0.5) * column;
}

function Edges({ t, moment, lit, T }: { t: number; moment: Moment; lit: ReadonlySet<Edge> | undefined; T: number }) {
  const x = center(t);
  const gap = boxHeight / 2;
  const lines: readonly (readonly [Edge, string, string, number, number])[] = [
    [`loss${t}`, `M${x} ${outputRow - gap} V${lossRow}`, "", 0, 0],
    [`readout${t}`, `M${x} ${stateRow - gap} V${outputRow + gap + 1}`, "W_hy", x + 6, (stateRow + outputRow) / 2 + 4],
    [`input${t}`, `M${x} ${inputRow - gap} V${stateRow + gap + 1}`, "W_xh", x + 6, (stateRow + inputRow) / 2 + 4],
    [
      `recurrent${t}`,
      `M${x - column + boxWidth / 2} ${stateRow} H${x - boxWidth / 2 - 1}`,
      "W_hh",
      x - column / 2 - 14,
      stateRow - 8,
    ],
  ];
  return (
    <>
      {lines.map(([edge, path, label, labelX, labelY]) => {
        const back = travelledBack(edge, t, moment, T);
        const tone = lit ? (lit.has(edge) ? "lit" : "dim") : back ? "back" : "";
        const arrow = back || lit?.has(edge) ? { "marker-start": "url(#arrow)" } : { "marker-end": "url(#arrow)" };
        return (
          <g key={edge} class={`edge ${tone}`} data-edge={edge}>
            <path d={path} {...arrow} />
            {label ? (
              <text x={labelX} y={labelY}>
                {label[0]}
                <tspan class="index" dy="3">
                  {label.slice(2)}
                </tspan>
              </text>
            ) : null}
          </g>
        );
      })}
    </>
  );
}

/** Whether the error has gone back along an edge by this moment. */
function travelledBack(edge: Edge, t: number, moment: Moment, T: number): boolean {
  if (moment.phase === "weights") return true;
  if (moment.phase !== "backward") return false;
  const at = moment.t;
  if (edge.startsWith("recurrent")) return t > at && t <= T;
  return !edge.startsWith("input") && t >= at;
}

/** Whether what is computed in a column is known by this moment. */
function reached(kind: "state" | "input" | "error" | "loss", t: number, moment: Moment): boolean {
  if (moment.phase !== "forward") return true;
  if (kind === "loss") return false;
  return t <= moment.t;
}

interface NodeProps extends Omit<PictureProps, "pass" | "x"> {
  readonly part: Exclude<Part, { kind: "weight" }>;
  readonly y: number;
  readonly name: string;
  readonly values: readonly number[];
}

function Node({ part, y, name, values, moment, chosen, onPoint, onChoose }: NodeProps) {
  const known = reached(part.kind, part.t, moment);
  const here = moment.t === part.t && part.kind !== "input";
  const isChosen = chosen !== undefined && partName(chosen) === partName(part);
  const text = known ? values.map((value) => shown(value, 2)).join("  ") : "";
  const choose = () => onChoose(part);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button cannot be drawn inside of a picture.
    <g
      class={`node ${part.kind} ${known ? "" : "ahead"} ${here ? "here" : ""} ${isChosen ? "chosen" : ""}`}
      data-part={partName(part)}
      role="button"
      tabIndex={0}
      aria-pressed={isChosen}
      onPointerEnter={() => onPoint(part)}
      onPointerLeave={() => onPoint(undefined)}
      onFocus={() => onPoint(part)}
      onBlur={() => onPoint(undefined)}
      onClick={choose}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        choose();
      }}
    >
      <rect x={center(part.t) - boxWidth / 2} y={y - boxHeight / 2} width={boxWidth} height={boxHeight} rx="8" />
      <text class="name" x={center(part.t)} y={y - 5}>
        {name}{" "}
      </text>
      <text class="value" x={center(part.t)} y={y + 13}>
        {text}
      </text>
    </g>
  );
}
