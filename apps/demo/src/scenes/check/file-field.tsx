import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";

/** A file by dropping it, or by choosing it with mouse or keyboard. */
export function FileField({ onFile }: { readonly onFile: (file: File) => void }) {
  const id = useId();
  const over = useSignal(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the field inside does the same by mouse and keyboard.
    <div
      class={over.value ? "drop over" : "drop"}
      onDragOver={(event) => {
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={() => {
        over.value = false;
      }}
      onDrop={(event) => {
        event.preventDefault();
        over.value = false;
        const file = event.dataTransfer?.files[0];
        if (file) onFile(file);
      }}
    >
      <label for={id}>Drop a .safetensors or .npz file here, or choose one. Nothing leaves the page.</label>
      <input
        id={id}
        type="file"
        accept=".safetensors,.npz"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file) onFile(file);
        }}
      />
    </div>
  );
}
