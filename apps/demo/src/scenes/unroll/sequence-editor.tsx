import { Scrolling } from "../../parts/scrolling.tsx";
import { sub } from "./paths.ts";

interface SequenceEditorProps {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly min: number;
  readonly max: number;
  readonly least: number;
  readonly most: number;
  readonly onChange: (changed: { x: readonly number[]; y: readonly number[] }) => void;
}

/** The inputs and targets as numbers to edit, and their number. */
export function SequenceEditor({ x, y, min, max, least, most, onChange }: SequenceEditorProps) {
  const T = x.length;
  const rows = [
    { name: "x", label: "Input", values: x, change: (values: readonly number[]) => onChange({ x: values, y }) },
    { name: "y", label: "Target", values: y, change: (values: readonly number[]) => onChange({ x, y: values }) },
  ];
  return (
    <div class="sequence">
      <Scrolling label="The sequence">
        <table>
          <tbody>
            {rows.map(({ name, label, values, change }) => (
              <tr key={name}>
                <th scope="row">{label}s</th>
                {values.map((value, i) => (
                  <td key={i}>
                    <input
                      type="number"
                      aria-label={`${label} ${name}${sub(i + 1)}`}
                      min={min}
                      max={max}
                      step="0.25"
                      value={value}
                      onChange={(event) => {
                        const entered = event.currentTarget.valueAsNumber;
                        if (min <= entered && entered <= max) change(values.with(i, entered));
                        else event.currentTarget.value = String(value);
                      }}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolling>
      <p class="buttons">
        <button type="button" disabled={T === most} onClick={() => onChange({ x: [...x, 0.5], y: [...y, 0] })}>
          Add a step
        </button>
        <button type="button" disabled={T === least} onClick={() => onChange({ x: x.slice(0, -1), y: y.slice(0, -1) })}>
          Remove the last
        </button>
      </p>
    </div>
  );
}
