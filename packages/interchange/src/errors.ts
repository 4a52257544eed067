/** The formats that are read; `unknown` where the bytes are neither. */
export type FileFormat = "safetensors" | "npz" | "unknown";

/** Why a file was refused, as a word that programs can count and compare. */
export type FileProblem =
  | "empty-file"
  | "foreign-format"
  | "pickle"
  | "truncated"
  | "trailing-bytes"
  | "header-length"
  | "header-encoding"
  | "header-json"
  | "header-field"
  | "duplicate-name"
  | "name"
  | "metadata"
  | "dtype"
  | "shape"
  | "size"
  | "outside"
  | "overlap"
  | "hole"
  | "value"
  | "zip-directory"
  | "zip-entry"
  | "encrypted"
  | "compression-method"
  | "deflate"
  | "checksum"
  | "too-large";

const readers: Readonly<Record<FileFormat, string>> = {
  safetensors: "readSafetensors",
  npz: "readNpz",
  unknown: "readCase",
};

/** A file that is not what its format requires. The message says what is wrong, the value, and what was expected. */
export class FileFormatError extends Error {
  override readonly name = "FileFormatError";
  readonly format: FileFormat;
  readonly problem: FileProblem;
  /** The sentence without the function and the file. */
  readonly detail: string;
  /** The tensor, array or zip entry at fault, where there is one. */
  readonly place: string | undefined;
  /** The name that the caller gave the file. */
  readonly file: string | undefined;
  /** The tensors that the header names, where the header could be read and only the data does not fit it. */
  readonly listed: readonly string[] | undefined;

  constructor(format: FileFormat, problem: FileProblem, detail: string, where: FaultPlace = {}) {
    super(`${where.caller ?? readers[format]}: ${where.file === undefined ? "" : `${where.file}: `}${detail}`);
    this.format = format;
    this.problem = problem;
    this.detail = detail;
    this.place = where.place;
    this.file = where.file;
    this.listed = where.listed;
  }
}

interface FaultPlace {
  readonly place?: string | undefined;
  readonly file?: string | undefined;
  readonly listed?: readonly string[] | undefined;
  readonly caller?: string;
}

/** Why a well-formed file is not a case that can be judged. */
export type CaseProblem =
  | "missing"
  | "unknown-name"
  | "conflict"
  | "not-a-vanilla-rnn"
  | "setting"
  | "dtype"
  | "shape"
  | "value"
  | "no-gradient"
  | "too-large";

/** A file whose tensors and settings do not make a case: what is wrong, the value, and what was expected. */
export class CaseError extends Error {
  override readonly name = "CaseError";
  readonly problem: CaseProblem;
  readonly detail: string;
  /** Tensors and settings at fault, by their names in the file. */
  readonly names: readonly string[];
  readonly file: string | undefined;

  constructor(
    caller: "readCase" | "writeCase" | "readStateDict",
    problem: CaseProblem,
    detail: string,
    names: readonly string[],
    file?: string | undefined,
  ) {
    super(`${caller}: ${file === undefined ? "" : `${file}: `}${detail}`);
    this.problem = problem;
    this.detail = detail;
    this.names = names;
    this.file = file;
  }
}

/** A tensor or setting that a format cannot hold as it is. */
export class TensorWriteError extends Error {
  override readonly name = "TensorWriteError";
  /** The tensor or setting at fault. */
  readonly place: string;
  readonly detail: string;

  constructor(caller: string, place: string, detail: string) {
    super(`${caller}: ${detail}`);
    this.place = place;
    this.detail = detail;
  }
}
