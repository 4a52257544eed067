import { useId } from "preact/hooks";
import type { NumberSetting } from "../address/settings.ts";

interface SliderProps {
  readonly label: string;
  readonly setting: Pick<NumberSetting, "min" | "max" | "step">;
  readonly value: number;
  readonly onChange: (value: number) => void;
  /** The value in words where the number alone does not say it. */
  readonly shown?: string;
}

/** A number by a slider, its value beside its name. */
export function Slider({ label, setting: { min, max, step }, value, onChange, shown }: SliderProps) {
  const id = useId();
  return (
    <div class="slider">
      <label for={id}>{label}</label>
      <output for={id}>{shown ?? value}</output>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={shown}
        onInput={(event) => onChange(Number(event.currentTarget.value))}
      />
    </div>
  );
}
