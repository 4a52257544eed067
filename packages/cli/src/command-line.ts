import { randomInt } from "node:crypto";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { checkCommand, complainOfFault } from "./check-command.ts";
import { corpusCommand } from "./corpus-command.ts";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import { proveCommand } from "./prove-command.ts";
import type { Terminal } from "./terminal.ts";
import { version } from "./version.ts";
import { ReportError } from "./write-report.ts";

const statuses = `
Exit status:
  0   every gradient matches (prove: proven)
  1   a mismatch (prove: refuted, or a known mistake not refused)
  2   a file that cannot be judged: missing, malformed, inconsistent, no vanilla RNN
  3   inconclusive
  64  wrong usage
  70  a fault of gradproof itself
Of several files the worst counts, in the order 70, 2, 1, 3, 0.`;

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
      "Is this gradient of an RNN right? Judges gradients from files, and proves backpropagation through time.",
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

  addCommand(program, "prove", "prove BPTT equal to autodiff over prime fields, on random problems")
    .option("--problems <number>", "how many random problems", integer(1), 500)
    .option("--seed <number>", "of the problems and primes; drawn anew unless given", integer(0))
    .option("--json", "print one line of JSON, and nothing else")
    .option("--report <file.html>", "also write an HTML report")
    .action(async ({ seed = randomInt(2 ** 32), ...options }) =>
      finish(await proveCommand({ seed, ...options }, terminal)),
    );

  addCommand(program, "corpus", "write the wrong gradients of the catalogue as case files, to score a checker with")
    .argument("<folder>", "where to: a new folder, in which index.json says which gradient is right")
    .option("--scale <numbers>", "sizes of the weights, separated by commas", sizes, [0.001, 0.1, 1])
    .option("--seed <number>", "of the problems", integer(0), 1)
    .action((folder: string, options) => finish(corpusCommand(folder, options, terminal)));
  return program;
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

/** Help and version were asked for, or something is wrong with the call. */
function statusOfUsage(error: CommanderError, args: readonly string[], terminal: Terminal): ExitStatus {
  if (error.exitCode === 0) return exitStatus.match;
  const command = args.find((argument) => ["check", "prove", "corpus"].includes(argument));
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
        ? "no command is given; expected check, prove or corpus"
        : `there is no command '${args[1]}'`;
    case "commander.missingArgument":
      return `${sentence}; expected at least one case file`;
    case "commander.unknownCommand":
      return sentence.includes("did you mean") ? sentence : `${sentence}; to judge a file: gradproof check FILE`;
    default:
      return sentence;
  }
}
