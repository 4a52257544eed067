import type { Arithmetic } from "@gradproof/arithmetic";
import { arithmeticOf, isDifferentiated, isStandIn, type Variable, wrap } from "../variable.ts";
import { audit as auditCalls } from "./audit.ts";
import { type Form, mapForm, variablesIfLike } from "./form.ts";
import { layoutOf } from "./plan/layout.ts";
import { planned } from "./plan/plan.ts";
import { type Program, programOf } from "./program.ts";
import { type Recording, recordingOf } from "./recording.ts";

export interface CompileOptions {
  /** Every how many calls the function itself runs again, to see that it still does what was recorded; never unless given. */
  readonly audit?: number;
}

/** A program, and what it was recorded with. */
interface Compiled<S> {
  readonly arithmetic: Arithmetic<S>;
  readonly like: Form<S>;
  readonly recording: Recording<S>;
  readonly program: Program<S>;
  calls: number;
}

/** Programs that are kept, the latest used: one for each form and shapes of inputs. */
const kept = 8;

/**
 * The same function, whose kernel calls are recorded once and then replayed into memory planned for them: nothing is
 * differentiated, allocated or checked again. It has the bits of the function itself.
 *
 * Inputs and result are variables, alone or in lists and records; results are new tensors, the user's to keep. Inputs of
 * other shapes, forms or arithmetic are recorded anew. What the function uses besides its inputs is constant: of tensors
 * made outside their elements at each run count, of numbers those when it was recorded.
 *
 * @throws Error where the function reads values (`lower`, `same`), writes to its inputs or, audited, makes other calls
 *   than were recorded; where inputs are being differentiated: compile the gradient instead.
 * @example
 * ```ts
 * import { float64 } from "@gradproof/arithmetic";
 * import { multiply, square, sum, type Variable, valueAndGrad, variable } from "@gradproof/autodiff";
 * import { compile } from "@gradproof/autodiff/compile";
 *
 * type Floats = Variable<Float64Array>;
 * const x = variable(float64, [1, 2, 3]);
 * const step = compile(valueAndGrad((w: Floats) => sum(square(multiply(w, x)))));
 * const { value, gradient } = step(variable(float64, [1, 1, 2]));
 * console.log(float64.lower(value.value)[0], ...float64.lower(gradient.value)); // -> 41 2 8 36
 * ```
 */
export function compile<I extends readonly unknown[], O>(
  f: (...inputs: I) => O,
  { audit }: CompileOptions = {},
): (...inputs: I) => O {
  if (audit !== undefined && !(Number.isSafeInteger(audit) && audit > 0)) {
    throw new RangeError(`compile: audit every ${audit} calls; expected a positive integer`);
  }
  const run = f as unknown as (...inputs: readonly unknown[]) => unknown;
  const programs: Compiled<unknown>[] = [];

  return (...inputs) => {
    let variables: Variable<unknown>[] | undefined;
    const known = programs.findIndex(({ like, arithmetic }) => {
      variables = variablesIfLike(inputs, like);
      return variables?.every((variable) => variable.arithmetic === arithmetic);
    });
    if (known > 0) programs.unshift(...programs.splice(known, 1));
    if (!variables || known < 0) {
      const given: Variable<unknown>[] = [];
      const like = mapForm("the inputs", inputs, (variable) => {
        given.push(variable);
        const { arithmetic, shape, order } = variable;
        return { arithmetic, shape, order };
      });
      variables = given;
      if (given.length === 0) throw new TypeError("compile: no variable among the inputs; expected at least one");
      const arithmetic = arithmeticOf("compile", given);
      if (isStandIn(arithmetic)) return f(...inputs);
      programs.unshift(compiled(arithmetic, run, like as Form<unknown>));
      programs.splice(kept);
    }
    if (variables.some(isDifferentiated)) {
      throw new Error(
        "compile: an input is being differentiated; expected the gradient inside, as in compile(grad(f)), or f itself, not compiled",
      );
    }
    const own = programs[0];
    const { arithmetic: A, recording, program } = own;
    if (audit !== undefined && own.calls % audit === audit - 1)
      A.lasting(() => auditCalls(A, recording, recordingOf(A, run, inputs)));
    own.calls++;
    const results = program.run(variables.map(({ value }) => value));
    return recording.formOf((index) => wrap(A, results[index])) as O;
  };
}

function compiled<S>(A: Arithmetic<S>, f: (...inputs: readonly unknown[]) => unknown, like: Form<S>): Compiled<S> {
  let made: Compiled<S> | undefined;
  // Its constants and memory outlive the scopes that it is called in.
  A.lasting(() => {
    const recording = recordingOf(A, f, like as readonly unknown[]);
    const list = planned(recording, A.recurrence !== undefined);
    made = { arithmetic: A, like, recording, program: programOf(A, list, layoutOf(list)), calls: 0 };
  });
  return made!;
}
