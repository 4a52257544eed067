import { Component, type ComponentChildren } from "preact";

/** A fault in a scene ends in a message; the rest of the page goes on. */
export class Boundary extends Component<{ readonly children: ComponentChildren }, { readonly fault?: string }> {
  static override getDerivedStateFromError(error: unknown) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    const { fault } = this.state;
    if (fault === undefined) return this.props.children;
    return (
      <p role="alert" class="notice">
        This scene ran into a fault: {fault}. <a href={location.hash.replace(/\?.*/s, "")}>Open it afresh</a>.
      </p>
    );
  }
}
