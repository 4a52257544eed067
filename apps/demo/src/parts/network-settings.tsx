import type { ComponentChildren } from "preact";
import type { NumberSetting } from "../address/settings.ts";
import { Slider } from "./slider.tsx";

interface NetworkValues {
  readonly units: number;
  readonly gain: number;
  readonly seed: number;
}

interface NetworkSettingsProps {
  readonly label: string;
  readonly schema: Readonly<Record<"units" | "gain", NumberSetting>>;
  readonly values: NetworkValues;
  readonly onChange: (changed: Partial<NetworkValues>) => void;
  /** What is set besides, before the network. */
  readonly children: ComponentChildren;
}

/** The size of a small network, its gain, and a button that draws its weights anew. */
export function NetworkSettings({ label, schema, values, onChange, children }: NetworkSettingsProps) {
  const { units, gain, seed } = values;
  return (
    <section class="settings" aria-label={label}>
      {children}
      <Slider label="Hidden units" setting={schema.units} value={units} onChange={(units) => onChange({ units })} />
      <Slider
        label="Gain of the recurrent weights"
        setting={schema.gain}
        value={gain}
        onChange={(gain) => onChange({ gain })}
      />
      <button type="button" onClick={() => onChange({ seed: (seed % 9999) + 1 })}>
        Draw other weights
      </button>
    </section>
  );
}
