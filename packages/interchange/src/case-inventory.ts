import { differentiable, extraPrefix, gradientPrefix, settingNames, tensorNames } from "./case-names.ts";
import { type CaseSource, list } from "./case-source.ts";

/** Refuses a file with names that mean nothing here, without names that a case needs, or with two kinds of loss. */
export function requireInventory(source: CaseSource): void {
  const tensors = [...source.tensors.keys()];
  const unknown = unknownNames(tensors);
  const missing = missingNames(source);
  if (missing.length > 0) {
    const has = tensors.length === 0 ? "no tensors" : list(tensors);
    const settings = source.metadata.size === 0 ? "no settings" : `the settings ${list([...source.metadata.keys()])}`;
    const hint = suggestions(unknown);
    const detail = `missing: ${missing.join(", ")}; the file has ${has} and ${settings}${hint === "" ? "" : `; ${hint}`}`;
    throw source.refuse("missing", detail, ...missing.map((name) => name.replace(/^.* /, "")));
  }
  if (unknown.length > 0) {
    const known = `expected ${list(tensorNames)} and grad.NAME`;
    const next = `name it ${extraPrefix}NAME if gradproof is to pass over it`;
    const hint = suggestions(unknown);
    const detail = `unknown tensors: ${list(unknown)}; ${hint === "" ? known : hint}; ${next}`;
    throw source.refuse("unknown-name", detail, ...unknown);
  }
  requireKnownSettings(source);
  requireOneLoss(source);
}

function isKnown(name: string): boolean {
  return tensorNames.includes(name) || name.startsWith(extraPrefix);
}

/** Gradients of unknown things are spoken of where gradients are read. */
function unknownNames(tensors: readonly string[]): string[] {
  return tensors.filter((name) => !isKnown(name) && !name.startsWith(gradientPrefix));
}

/** Tensors and settings that every case has; a loss is one of two sets. */
function missingNames({ tensors, metadata }: CaseSource): string[] {
  const settings = isLinear(tensors) ? ["nonlinearity"] : settingNames;
  return [
    ...missingTensors(tensors).map((name) => `tensor ${name}`),
    ...settings.filter((name) => !metadata.has(name)).map((name) => `setting ${name}`),
  ];
}

interface Names {
  has(name: string): boolean;
}

function isLinear(tensors: Names): boolean {
  return tensors.has("grad_output") || tensors.has("grad_hidden");
}

function missingTensors(tensors: Names): string[] {
  const needed = ["rnn.weight_ih_l0", "rnn.weight_hh_l0", "x"];
  if (tensors.has("grad_output") || !isLinear(tensors)) needed.push("readout.weight");
  if (!isLinear(tensors)) needed.push("target");
  return needed.filter((name) => !tensors.has(name));
}

/** What a file whose data does not fit its header lacks besides: often the reason why it does not fit. */
export function describeGaps(tensors: readonly string[], gradientsOptional = false): string {
  const missing = missingTensors(new Set(tensors));
  if (missing.length > 0) return `; besides, the case lacks ${list(missing)}`;
  const judged = gradientsOptional || tensors.some((name) => name.startsWith(gradientPrefix));
  return judged ? "" : "; besides, the case has no gradient to judge (a tensor grad.NAME)";
}

function suggestions(unknown: readonly string[]): string {
  const hints = unknown.flatMap((name) => {
    const last = name.split(".").at(-1) ?? name;
    const meant = [...differentiable.keys(), "target", "mask"].find(
      (known) => known.endsWith(`.${last}`) || known === last,
    );
    return meant === undefined ? [] : [`is ${list([name])} meant as ${meant}?`];
  });
  return hints.slice(0, 6).join(" ");
}

function requireKnownSettings({ metadata, refuse }: CaseSource): void {
  // Hugging Face's writers put { format: "pt" } into every file.
  const unknown = [...metadata.keys()].filter(
    (name) => !(settingNames as readonly string[]).includes(name) && name !== "format" && !name.startsWith(extraPrefix),
  );
  if (unknown.length === 0) return;
  const next = `name it ${extraPrefix}NAME if gradproof is to pass over it`;
  throw refuse(
    "unknown-name",
    `unknown settings: ${list(unknown)}; expected ${list(settingNames)}; ${next}`,
    ...unknown,
  );
}

function requireOneLoss({ tensors, metadata, refuse }: CaseSource): void {
  const given = ["grad_output", "grad_hidden"].filter((name) => tensors.has(name));
  if (given.length > 0) {
    const other = [
      ...["target", "mask"].filter((name) => tensors.has(name)),
      ...(metadata.has("loss") ? ["loss"] : []),
    ];
    if (other.length > 0) {
      const detail = `${list(given)} stand for the loss, but the file also has ${list(other)}`;
      const next = other.includes("mask") ? "; next: multiply the mask into them" : "";
      throw refuse("conflict", `${detail}; expected one or the other${next}`, ...given, ...other);
    }
  }
  if (tensors.has("readout.bias") && !tensors.has("readout.weight")) {
    throw refuse("missing", "readout.bias has no readout.weight beside it; expected both or neither", "readout.weight");
  }
}
