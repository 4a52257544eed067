import type { ComponentChildren } from "preact";

/** What may be wider than the screen, scrolled by hand or by the arrow keys. */
export function Scrolling({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard could not scroll.
    <section class="scrolling" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
