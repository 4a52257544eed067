import type * as files from "@gradproof/interchange";
import type * as rnn from "@gradproof/rnn";
import type * as verdicts from "../src/judgement.ts";

/**
 * What passes between packages is plain data, and each declares what it uses. These assignments hold the declarations
 * together: the type checker refuses this file when one of them drifts.
 */
type Assignable<To, _From extends To> = true;

type Problem = rnn.RnnProblem<rnn.NumericArray>;
type FileProblem = files.RnnProblem<files.NumericArray>;

export type FilesGiveProblemsToRnn = Assignable<Problem, FileProblem>;
export type FilesGiveCasesToTheJudge = Assignable<verdicts.GivenProblem, files.Case>;
export type GradientsAreOfTheSameThings = [
  Assignable<verdicts.GivenGradient["of"], files.GradientOf>,
  Assignable<files.GradientOf, verdicts.GivenGradient["of"]>,
];
export type DtypesAreTheSame = [
  Assignable<verdicts.GivenGradient["dtype"], files.FloatDtype>,
  Assignable<files.FloatDtype, verdicts.GivenGradient["dtype"]>,
];
export type NonlinearitiesAreTheSame = Assignable<FileProblem["nonlinearity"], rnn.Nonlinearity>;
export type LossesAreTheSame = Assignable<FileProblem["loss"], Problem["loss"]>;

// @ts-expect-error: a file's problem is no gradient, so the check itself can fail.
export type Control = Assignable<rnn.RnnGradient<rnn.NumericArray>, FileProblem>;
