import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "preact/hooks";
import { editorLook } from "./editor-look.ts";

interface EditorProps {
  readonly label: string;
  readonly text: string;
  readonly error: { readonly message: string; readonly line: number } | undefined;
  readonly onChange: (text: string) => void;
}

/** A text of JavaScript to edit, an error shown at its line. The tabulator leaves it, as any other field. */
export function Editor({ label, text, error, onChange }: EditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | undefined>(undefined);
  const changed = useRef(onChange);
  changed.current = onChange;
  useEffect(() => {
    const parent = place.current;
    if (!parent) return undefined;
    const editor = new EditorView({
      parent,
      state: EditorState.create({
        extensions: [
          lineNumbers(),
          history(),
          keymap.of([...defaultKeymap, ...historyKeymap]),
          javascript(),
          editorLook,
          lintGutter(),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed.current(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [label]);
  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text]);
  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const line = error && error.line <= editor.state.doc.lines ? editor.state.doc.line(error.line) : undefined;
    const found =
      error && line ? [{ from: line.from, to: line.to, severity: "error" as const, message: error.message }] : [];
    editor.dispatch(setDiagnostics(editor.state, found));
  }, [error]);
  return <div class="editor" ref={place} />;
}
