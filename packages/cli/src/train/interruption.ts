/**
 * Whether somebody pressed Ctrl-C, or closed the pipe that the run is told to (`| head`): the first time the run ends in good
 * order, the second time the process ends.
 */
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
  const listenToPipe = (error: NodeJS.ErrnoException): void => {
    if (error.code === "EPIPE") wanted = true;
  };
  const release = (): void => {
    process.stdout.off("error", listenToPipe);
    process.off("SIGINT", listen);
    process.off("SIGTERM", listen);
  };
  process.stdout.on("error", listenToPipe);
  process.on("SIGINT", listen);
  process.on("SIGTERM", listen);
  return {
    get wanted() {
      return wanted;
    },
    release,
  };
}
