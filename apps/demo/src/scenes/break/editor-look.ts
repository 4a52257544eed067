import { defaultHighlightStyle, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";

/** The default style's colours, each with one for a dark ground, of a contrast of at least 4.5. */
const onDark: Readonly<Record<string, string>> = {
  "#404740": "#b8c0b8",
  "#708": "#d9a5f0",
  "#219": "#a9b8ff",
  "#164": "#7fd8a8",
  "#a11": "#ff9d8a",
  "#e40": "#ffb27a",
  "#00f": "#8fb5ff",
  "#30a": "#c3b1ff",
  "#085": "#6fd6ae",
  "#167": "#7fd0dd",
  "#256": "#94d2c4",
  "#00c": "#a3bdff",
  "#940": "#e0b070",
  "#f00": "#ff9d9d",
};

const highlighting = HighlightStyle.define(
  defaultHighlightStyle.specs.map(({ color, ...spec }) => {
    if (typeof color !== "string") return spec;
    return { ...spec, color: `light-dark(${color}, ${onDark[color] ?? "var(--text)"})` };
  }),
);

const theme = EditorView.theme({
  "&": { backgroundColor: "var(--raised)", color: "var(--text)" },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-gutters": { backgroundColor: "var(--raised)", color: "var(--quiet)", borderRight: "1px solid var(--line)" },
  ".cm-tooltip": { backgroundColor: "var(--ground)", color: "var(--text)", border: "1px solid var(--line)" },
});

/** An editor in the colours of the page, light or dark as the page is. */
export const editorLook = [theme, syntaxHighlighting(highlighting)];
