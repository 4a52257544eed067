import { useId } from "preact/hooks";

interface ChoiceProps<C extends string> {
  readonly label: string;
  readonly options: readonly { readonly value: C; readonly label: string }[];
  readonly value: C;
  readonly onChange: (value: C) => void;
}

/** One of a few, all of them in sight. */
export function Choice<C extends string>({ label, options, value, onChange }: ChoiceProps<C>) {
  const name = useId();
  return (
    <fieldset class="choice">
      <legend>{label}</legend>
      {options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
