import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { scene } from "./address/address.ts";
import { Boundary } from "./parts/boundary.tsx";
import { type SceneEntry, scenes } from "./scenes.ts";

/** The page: where one is, the present scene, the way on. */
export function App() {
  const wanted = scene.value;
  const index = wanted === "" ? 0 : scenes.findIndex(({ id }) => id === wanted);
  return (
    <>
      <header class="masthead">
        <a class="skip" href={`#/${wanted}`} onClick={skipToScene}>
          Skip to the scene
        </a>
        <p class="name">gradproof</p>
        <Contents current={scenes[index]?.id} />
      </header>
      {index < 0 ? <NoScene wanted={wanted} /> : <Scene key={scenes[index].id} entry={scenes[index]} index={index} />}
      <footer class="colophon">
        <p>Everything on this page is computed in it, as you look, by the gradproof packages. Nothing leaves it.</p>
      </footer>
    </>
  );
}

function skipToScene(event: Event) {
  event.preventDefault();
  document.querySelector("main")?.focus();
}

function Contents({ current }: { readonly current: string | undefined }) {
  return (
    <nav aria-label="Scenes">
      <ol>
        {scenes.map(({ id, title }) => (
          <li key={id}>
            <a href={`#/${id}`} aria-current={id === current ? "page" : undefined}>
              {title}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function NoScene({ wanted }: { readonly wanted: string }) {
  return (
    <main tabIndex={-1}>
      <h1>No such scene</h1>
      <p role="alert">
        The address asks for “{wanted.slice(0, 40)}”. <a href={`#/${scenes[0].id}`}>Begin with the first scene</a>.
      </p>
    </main>
  );
}

function Scene({ entry, index }: { readonly entry: SceneEntry; readonly index: number }) {
  const loaded = useSignal<ComponentType | undefined>(undefined);
  const failed = useSignal(false);
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    document.title = `${entry.title} – gradproof`;
    entry.load().then(
      (component) => {
        loaded.value = component;
      },
      () => {
        failed.value = true;
      },
    );
  }, [entry, loaded, failed]);
  useFocusOnArrival(main);
  const Content = loaded.value;
  const [before, after] = [scenes[index - 1], scenes[index + 1]];
  return (
    <main tabIndex={-1} ref={main} data-scene={entry.id}>
      <h1>
        <span class="count">{index + 1}</span> {entry.title}
      </h1>
      <p class="idea">{entry.idea}</p>
      {failed.value ? <p role="alert">This scene could not be loaded. Reload the page to try again.</p> : null}
      {Content ? (
        <Boundary>
          <Content />
        </Boundary>
      ) : null}
      <nav class="onward" aria-label="Before and after">
        {before ? (
          <a href={`#/${before.id}`} rel="prev">
            <small>Before</small> {before.title}
          </a>
        ) : (
          <span />
        )}
        {after ? (
          <a href={`#/${after.id}`} rel="next">
            <small>Next</small> {after.title}
          </a>
        ) : null}
      </nav>
    </main>
  );
}

let openedBefore = false;

/** Moves focus and view to the top of a scene that was opened by a link of the page, not by loading it. */
function useFocusOnArrival(main: { readonly current: HTMLElement | null }) {
  useEffect(() => {
    if (openedBefore) {
      main.current?.focus({ preventScroll: true });
      scrollTo({ top: 0 });
    }
    openedBefore = true;
  }, [main]);
}
