import { certificateOf, holds, proveRnn, type RnnProof } from "@gradproof/verification";
import { checkBytes, flowBytes, flowReportPage, isJudged, type JudgedFile, reportPage } from "gradproof/page";
import { type Checked, checked } from "./checked.ts";
import { proofProblems } from "./desk-limits.ts";

export interface ProofSummary {
  readonly holds: boolean;
  readonly derivations: number;
  readonly mistakes: number;
}

/** One file under judgement, and what is made of it: verdict, reports, and a proof of the derivation that judges it. */
export class Desk {
  readonly #version: string;
  #bytes: Uint8Array = new Uint8Array();
  #file: JudgedFile | undefined;
  #proof: RnnProof | undefined;

  /** @param version - of gradproof, as reports name it. */
  constructor(version: string) {
    this.#version = version;
  }

  /**
   * Judges a file and looks at its flow, as the command does.
   *
   * @throws Error where it cannot be judged: what is wrong with it, as the command says it.
   */
  check(bytes: Uint8Array, name: string, onProgress: (runs: number) => void): Checked {
    const file = checkBytes(bytes, { name, onProgress });
    if (!isJudged(file)) throw new Error(file.error);
    this.#bytes = bytes;
    this.#file = file;
    return checked(file, flowBytes(bytes, { name }));
  }

  /** Proves every derivation of the package on random shapes, known mistakes among them, by the reader's own seed. */
  prove(seed: number, onProgress: (done: number) => void): ProofSummary {
    const proof = proveRnn({ seed, problems: proofProblems, onProgress });
    this.#proof = proof;
    return { holds: holds(proof), derivations: proof.derivations.length, mistakes: proof.mistakes.length };
  }

  /** The page that `gradproof check --report` writes, with the proof where there is one. */
  report(): Promise<string> {
    return reportPage({ files: [this.#judged()], ...(this.#proof && { proof: this.#proof }) }, this.#version);
  }

  /** The page that `gradproof flow --report` writes. */
  flowReport(): Promise<string> {
    return flowReportPage([flowBytes(this.#bytes, { name: this.#judged().file })], this.#version);
  }

  /** What `gradproof replay` takes. */
  certificate(): string {
    if (!this.#proof) throw new Error("there is no proof yet");
    return `${JSON.stringify(certificateOf(this.#proof), undefined, 1)}\n`;
  }

  #judged(): JudgedFile {
    if (!this.#file) throw new Error("there is no judged file yet");
    return this.#file;
  }
}
