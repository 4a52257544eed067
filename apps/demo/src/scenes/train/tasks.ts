import { adding, copy, delayedXor, type Task, type TextTask, temporalOrder, textTask } from "@gradproof/training";
import type { TaskName } from "./task-names.ts";

/** A task of that length; `text` is what the text task learns. */
export function taskOf(name: TaskName, length: number, text = ""): Task | TextTask {
  switch (name) {
    case "temporal-order":
      return temporalOrder(Math.max(10, length));
    case "copy":
      return copy(length, { symbols: 4, length: 3 });
    case "delayed-xor":
      return delayedXor(length);
    case "text":
      return textTask(text, { steps: length });
    default:
      return adding(length);
  }
}
