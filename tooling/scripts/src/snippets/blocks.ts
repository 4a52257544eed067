/** A fenced block of a Markdown text. */
export interface Block {
  readonly language: string;
  readonly code: string;
  /** Of its first line of code, counted from 1. */
  readonly line: number;
}

/** The fenced blocks of a Markdown text, in order. */
export function blocks(markdown: string): Block[] {
  const found: Block[] = [];
  let open: { fence: string; indent: number; language: string; start: number } | undefined;
  const lines = markdown.split("\n");
  for (const [index, line] of lines.entries()) {
    const [, indent = "", fence = "", information = ""] = /^( *)(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (!open && fence) {
      const [language = ""] = information.trim().split(/\s+/);
      open = { fence, indent: indent.length, language, start: index + 1 };
    } else if (open && fence.startsWith(open.fence) && information.trim() === "") {
      const { indent: width, language, start } = open;
      const code = lines.slice(start, index).map((codeLine) => codeLine.slice(width));
      found.push({ language, code: `${code.join("\n")}\n`, line: start + 1 });
      open = undefined;
    }
  }
  if (open) throw new Error(`the block that begins on line ${open.start} does not end`);
  return found;
}
