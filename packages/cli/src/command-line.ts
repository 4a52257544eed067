import { randomInt } from "node:crypto";
import { optimiserKinds } from "@gradproof/training";
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { checkCommand, complainOfFault } from "./check-command.ts";
import { corpusCommand } from "./corpus-command.ts";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import { flowCommand } from "./flow-command.ts";
import { proveCommand } from "./proof/prove-command.ts";
import { replayCommand } from "./proof/replay-command.ts";
import type { Terminal } from "./terminal.ts";
import { taskChoices, taskNames } from "./train/task-choices.ts";
import { scheduleFrom, truncationFrom } from "./train/train-settings.ts";
import { trainCommand } from "./train-command.ts";
import { version } from "./version.ts";
import { ReportError } from "./write-report.ts";

const statuses = `
Exit status:
  0   every gradient matches (prove: proven; replay: the certificate holds; flow: it flows; train: ended, checked
      gradients match)
  1   a mismatch (prove: refuted, or a known mistake not refused; replay: it does not hold; flow: obstructed)
  2   a file that cannot be used: missing, malformed, inconsistent, no vanilla RNN
  3   inconclusive (train: diverged, or interrupted)
  64  wrong usage
  70  a fault of gradproof itself
Of several files the worst counts, in the order 70, 2, 1, 3, 0.`;

const usualLengths = taskChoices.flatMap(({ name, length }) => (length ? `${name} ${length.usual}` : [])).join(", ");

const commandNames: readonly string[] = ["check", "prove", "replay", "flow", "train", "corpus"];

/** What a command expects that was called without its argument. */
const missingArguments: { readonly [command: string]: string } = {
  check: "at least one case file",
  replay: "a certificate",
  flow: "at least one case file",
  train: `one of ${taskNames.join(", ")}`,
  corpus: "a folder that is new or empty",
};

/** Runs the command with its arguments; answers the exit status. Never throws. */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  let status: ExitStatus = exitStatus.match;
  const program = commands(terminal, (answer) => {
    status = answer;
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return statusOfUsage(error, args, terminal);
    if (error instanceof ReportError) {
      terminal.complain(`gradproof: ${error.message}\n`);
      return exitStatus.usage;
    }
    complainOfFault(terminal, error instanceof Error ? (error.stack ?? error.message) : String(error));
    return exitStatus.fault;
  }
}

function commands(terminal: Terminal, finish: (status: ExitStatus) => void): Command {
  const program = new Command("gradproof")
    .description(
      "Is this gradient of an RNN right, and does it flow? Judges gradients from files, proves backpropagation through time, and trains by it.",
    )
    .version(version, "--version", "print the version")
    .helpOption("-h, --help", "print what there is to know about a command")
    .helpCommand("help [command]", "print what there is to know about a command")
    .addHelpText("after", statuses)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text),
      writeErr: (text) => terminal.complain(text),
      // What is wrong is said once, by statusOfUsage.
      outputError: () => {},
      getOutHelpWidth: () => Math.min(terminal.columns, 100),
      getErrHelpWidth: () => Math.min(terminal.columns, 100),
    });

  addCommand(program, "check", "judge the gradients in case files (.safetensors, .npz)")
    .argument("<file...>", "case files: an RNN problem and the gradients that somebody computed for it")
    .option("--seed <number>", "of the perturbed runs that measure how far rounding moves a gradient", integer(0), 1)
    .option("--json", "print one line of JSON per file, and nothing else")
    .option("--report <file.html>", "also write an HTML report with figures")
    .action(async (files: string[], options) => finish(await checkCommand(files, options, terminal)));

  addCommand(program, "prove", "prove every derivation of the RNN's gradient equal to autodiff, over prime fields")
    .option("--problems <number>", "how many random problems", integer(1), 1000)
    .option("--runs <number>", "runs of each derivation on each problem, over primes of their own", integer(1), 2)
    .option("--seed <number>", "of the problems and primes; drawn anew unless given", integer(0))
    .option("--certificate <file.json>", "also write what was proven, for others to replay")
    .option("--json", "print one line of JSON, and nothing else")
    .option("--report <file.html>", "also write an HTML report, with the certificate in it")
    .action(async ({ seed = randomInt(2 ** 32), ...options }) =>
      finish(await proveCommand({ seed, ...options }, terminal)),
    );

  addCommand(program, "replay", "prove what a certificate says again: with its seed, then with your own")
    .argument("<certificate>", "a file that prove --certificate wrote")
    .option("--seed <number>", "your own; drawn anew unless given", integer(0))
    .option("--json", "print one line of JSON, and nothing else")
    .action(async (file: string, { seed = randomInt(2 ** 32), json }) =>
      finish(await replayCommand(file, { seed, json }, terminal)),
    );
  addCommand(program, "corpus", "write the wrong gradients of the catalogue as case files, to score a checker with")
    .argument("<folder>", "where to: a new folder, in which index.json says which gradient is right")
    .option("--scale <numbers>", "sizes of the weights, separated by commas", sizes, [0.001, 0.1, 1])
    .option("--seed <number>", "of the problems", integer(0), 1)
    .action((folder: string, options) => finish(corpusCommand(folder, options, terminal)));
  addFlow(program, terminal, finish);
  addTrain(program, terminal, finish);
  return program;
}

function addFlow(program: Command, terminal: Terminal, finish: (status: ExitStatus) => void): void {
  addCommand(program, "flow", "explain how the gradient flows through time: vanishing, exploding, saturated, cut off")
    .argument(
      "<file...>",
      "case files, with gradients or without; several are a series, such as weights during training",
    )
    .option("--lag <number>", "steps back that the task needs; half of the sequence unless given", integer(0))
    .option("--clip-norm <number>", "how the training clips: the gradient's length", positive)
    .option("--clip-value <number>", "how the training clips: each element", positive)
    .option("--truncation <number>", "steps after which the training stops gradients", integer(1))
    .option("--exponents <number>", "how many Lyapunov exponents; 16, or all where that costs little", integer(1))
    .option("--weights", "files are weights alone, a state dict of PyTorch's; input is generated")
    .option("--steps <number>", "with --weights: steps of generated input (200)", integer(2))
    .addOption(
      new Option("--nonlinearity <f>", "with --weights: where the file does not say").choices(["tanh", "relu"]),
    )
    .option("--seed <number>", "of generated input", integer(0), 1)
    .option("--json", "print one line of JSON per file, and nothing else")
    .option("--report <file.html>", "also write an HTML report with figures")
    .action(async (files: string[], options) => finish(await flowCommand(files, options, terminal)));
}

function addTrain(program: Command, terminal: Terminal, finish: (status: ExitStatus) => void): void {
  const command = addCommand(program, "train", "train an RNN on a task, its gradient checked on the way")
    .addArgument(new Argument("<task>", "what is to be learnt").choices(taskNames))
    .option("--length <number>", `the task's length or delay (${usualLengths})`, integer(1))
    .option("--text <file>", "of the task text: your own, in UTF-8 (Genesis unless given)")
    .option("--steps <number>", "steps of training at most (5000; text 20000)", integer(1))
    .option("--no-stop", "go on when the task is solved")
    .option("--patience <number>", "stop after so many evaluations on held-out data without a new best", integer(1))
    .option("--seed <number>", "of weights and data", integer(0), 1)
    .option("--hidden <number>", "hidden units (32; text 100)", integer(1))
    .option("--batch <number>", "sequences in a batch (16)", integer(1))
    .option("--accumulate <number>", "batches to a step (1)", integer(1))
    .addOption(new Option("--optimiser <kind>", "rule of descent (adam)").choices(optimiserKinds))
    .option("--learning-rate <number>", "length of a step (0.003)", positive)
    .option(
      "--schedule <schedule>",
      "step:EVERY:FACTOR, exponential:FACTOR, cosine:STEPS or inverse-square-root:EVERY",
      read(scheduleFrom),
    )
    .option("--warm-up <number>", "steps until the full learning rate", integer(0))
    .option("--clip-norm <number>", "longest gradient (1)", positive)
    .option("--clip-value <number>", "largest element of a gradient, in place of --clip-norm", positive)
    .option("--no-clip", "leave gradients as they are")
    .option(
      "--truncate <truncation>",
      "window:STEPS or chunks:STEPS, how far back a loss reaches",
      read(truncationFrom),
    )
    .option("--omega <number>", "weight of Pascanu's regulariser, which asks errors to keep their length", positive)
    .addOption(new Option("--nonlinearity <f>", "of the hidden units (tanh)").choices(["tanh", "relu"]))
    .option("--gain <number>", "factor of the first recurrent weights (1)", positive)
    .addOption(
      new Option("--precision <type>", "of weights and gradients").choices(["float32", "float64"]).default("float32"),
    )
    .addOption(
      new Option("--arithmetic <kernels>", "WebAssembly SIMD, or plain loops")
        .choices(["simd", "portable"])
        .default("simd"),
    )
    .option("--threads <number>", "threads that compute; the same bits for any number of them", integer(1), 1)
    .option("--weights <file>", "begin with the weights of a file (.safetensors or .npz), PyTorch's or a checkpoint")
    .option("--check-every <number>", "judge the gradient of every so many steps", integer(1))
    .option("--save <folder>", "write checkpoints: .safetensors files whose weights PyTorch loads")
    .option("--save-every <number>", "steps between checkpoints", integer(1), 500)
    .option("--resume", "go on from the newest checkpoint in the folder")
    .option("--log-every <number>", "steps between lines of the log (a twentieth of the steps)", integer(1))
    .option("--sample <number>", "of the task text: characters to write at the end (300)", integer(0))
    .option("--temperature <number>", "of the sample", positive, 1)
    .option("--json", "print one line of JSON per event, and nothing else")
    .option("--report <file.html>", "also write an HTML report with figures");
  command.addHelpText(
    "after",
    `
Examples:
  gradproof train adding --length 10 --save runs/adding     Ctrl-C saves; --resume goes on
  gradproof train text --text mine.txt --temperature 0.7    learns to write like a file
  gradproof train adding --length 100 --check-every 500 --report adding.html`,
  );
  command.action(async (task: string, options, { parent }: Command) =>
    finish(await trainCommand(task, options, parent?.args ?? [], terminal)),
  );
}

function addCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .version(version, "--version", "print the version")
    .helpOption("-h, --help", "print this")
    .addHelpText("after", statuses);
}

/** Reads an option's value as an integer of at least `least`. */
function integer(least: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least) return number;
    throw new InvalidArgumentError(`expected an integer of at least ${least}`);
  };
}

/** Reads an option's value as numbers above 0. */
function sizes(text: string): number[] {
  const numbers = text.split(",").map(Number);
  if (numbers.every((number) => number > 0 && Number.isFinite(number))) return numbers;
  throw new InvalidArgumentError("expected numbers above 0, as 0.001,1");
}

/** Reads an option's value as a number above 0. */
function positive(text: string): number {
  const number = Number(text);
  if (text.trim() !== "" && Number.isFinite(number) && number > 0) return number;
  throw new InvalidArgumentError("expected a number above 0");
}

/** Reads an option's value by a function that answers nothing for what it does not know. */
function read<V>(from: (text: string) => V | undefined): (text: string) => V {
  return (text) => {
    const value = from(text);
    if (value !== undefined) return value;
    throw new InvalidArgumentError("expected one of the forms that the help names");
  };
}

/** Help and version were asked for, or something is wrong with the call. */
function statusOfUsage(error: CommanderError, args: readonly string[], terminal: Terminal): ExitStatus {
  if (error.exitCode === 0) return exitStatus.match;
  const command = args.find((argument) => commandNames.includes(argument));
  const help = ["gradproof", ...(command ? [command] : []), "--help"].join(" ");
  terminal.complain(`gradproof: ${usageSentence(error, args)} (see ${help})\n`);
  return exitStatus.usage;
}

function usageSentence({ code, message }: CommanderError, args: readonly string[]): string {
  const sentence = message
    .replace(/^error: /, "")
    .replace(/\n\(Did you mean (.*)\?\)$/, "; did you mean $1?")
    .replace(". expected", "; expected");
  switch (code) {
    // The help has been printed instead.
    case "commander.help":
      return args[1] === undefined
        ? `no command is given; expected one of ${commandNames.join(", ")}`
        : `there is no command '${args[1]}'`;
    case "commander.missingArgument":
      return `${sentence}; expected ${missingArguments[args[0] ?? ""]}`;
    case "commander.unknownCommand":
      return sentence.includes("did you mean") ? sentence : `${sentence}; to judge a file: gradproof check FILE`;
    default:
      return sentence;
  }
}
