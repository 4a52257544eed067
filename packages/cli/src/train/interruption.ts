/** Whether somebody pressed Ctrl-C: the first time the run ends in good order, the second time the process ends. */
export interface Interruption {
  readonly wanted: boolean;
  /** Leaves Ctrl-C to the system again. */
  release(): void;
}

export function interruption(): Interruption {
  let wanted = false;
  const listen = (): void => {
    wanted = true;
    release();
  };
  const release = (): void => {
    process.off("SIGINT", listen);
    process.off("SIGTERM", listen);
  };
  process.on("SIGINT", listen);
  process.on("SIGTERM", listen);
  return {
    get wanted() {
      return wanted;
    },
    release,
  };
}
