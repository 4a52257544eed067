import { type Enlistment, labour } from "./labour.ts";

/** A running thread, of Node or of a page. */
export interface Thread {
  begin(enlistment: Enlistment): void;
  /** Is told once if the thread ends, or cannot begin. */
  whenEnded(tell: (why: string) => void): void;
  /** Ends the thread, whatever it does. */
  end(): void;
}

/** The part of Node's and of a page's interface that is used here; each has one of them. */
interface NodeWorker {
  unref(): void;
  on(event: "error", listener: (error: Error) => void): void;
  on(event: "exit", listener: (status: number) => void): void;
  postMessage(message: unknown): void;
  terminate(): Promise<number>;
}
interface PageWorker {
  onerror: ((event: { readonly message?: string; preventDefault(): void }) => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  postMessage(message: unknown): void;
  terminate(): void;
}
interface Surroundings {
  readonly process?: { getBuiltinModule?(name: "node:worker_threads"): NodeThreads };
  readonly Worker?: new (address: string) => PageWorker;
}
interface NodeThreads {
  readonly Worker: new (program: string, options: { readonly eval: true; readonly execArgv: [] }) => NodeWorker;
}

/**
 * A thread of its own that {@link labour labours}. Its program is a text: so no file has to be found beside this one, which
 * bundlers and servers each have their own way to move.
 *
 * @throws Error where the engine can start none.
 */
export function startThread(): Thread {
  const surroundings = globalThis as unknown as Surroundings;
  const threads = surroundings.process?.getBuiltinModule?.("node:worker_threads");
  if (threads) return nodeThread(threads);
  if (surroundings.Worker) return pageThread(surroundings.Worker);
  throw new Error(
    "threaded: this engine starts no threads; expected Node 20.16 or newer, or a page's worker; use simd",
  );
}

/** Compilers that keep the names of functions call this one inside of them. */
const program = `const __name = (f) => f; const labour = ${labour};`;

function nodeThread({ Worker }: NodeThreads): Thread {
  const receive = 'require("node:worker_threads").parentPort.once("message", labour);';
  // Without the options of the process, of which one may say how a text is to be read.
  const worker = new Worker(`${program} ${receive}`, { eval: true, execArgv: [] });
  // Node may end although nobody has closed the crew.
  worker.unref();
  return {
    begin: (enlistment) => worker.postMessage(enlistment),
    whenEnded(tell) {
      worker.on("error", (error) => tell(error.message));
      worker.on("exit", (status) => tell(`it ended with ${status}`));
    },
    end: () => void worker.terminate(),
  };
}

function pageThread(Worker: NonNullable<Surroundings["Worker"]>): Thread {
  const receive = "onmessage = ({ data }) => { labour(data); postMessage(null); close(); };";
  const address = URL.createObjectURL(new Blob([`${program} ${receive}`], { type: "text/javascript" }));
  const worker = new Worker(address);
  return {
    begin: (enlistment) => worker.postMessage(enlistment),
    whenEnded(tell) {
      worker.onerror = (event) => {
        event.preventDefault();
        tell(event.message ?? "it could not be started; a page's Content-Security-Policy must allow worker-src blob:");
      };
      worker.onmessage = () => tell("it ended");
    },
    end() {
      worker.terminate();
      URL.revokeObjectURL(address);
    },
  };
}
