export type { Case, GivenGradient, GradientOf, NumericArray, RnnParameters, RnnProblem } from "./case.ts";
export { parameterNames } from "./case-names.ts";
export { type ReadCaseOptions, readCase } from "./case-reader.ts";
export { writeCase } from "./case-writer.ts";
export type { Dtype, FloatDtype } from "./dtype.ts";
export {
  CaseError,
  type CaseProblem,
  type FileFormat,
  FileFormatError,
  type FileProblem,
  TensorWriteError,
} from "./errors.ts";
export { type NpzOptions, readNpz } from "./npz-reader.ts";
export { type NpzWriteOptions, writeNpz } from "./npz-writer.ts";
export { readSafetensors } from "./safetensors-reader.ts";
export { writeSafetensors } from "./safetensors-writer.ts";
export { type ReadStateDictOptions, readStateDict, type StateDict } from "./state-dict.ts";
export type { StoredTensor, TensorFile, WritableTensor, WritableTensorFile } from "./tensor-file.ts";
export { WeightsError, weightsOf, weightTensors } from "./weights.ts";
export type { WriteOptions } from "./writable.ts";
