export const taskNames = ["adding", "temporal-order", "copy", "delayed-xor", "text"] as const;

export type TaskName = (typeof taskNames)[number];

/** What the length of each task is. */
export const lengthMeans: Readonly<Record<TaskName, string>> = {
  adding: "Steps of a sequence",
  "temporal-order": "Steps of a sequence",
  copy: "Steps of delay",
  "delayed-xor": "Steps of delay",
  text: "Characters that a loss reaches back",
};
