import { Command } from 'commander';
import { messageOf } from '../ops/problem.ts';
import { CATALOGUE } from './catalogue.ts';
import { EXIT } from './terminal/exit-code.ts';
import { plainText } from './terminal/plain-text.ts';
import { printJsonError } from './terminal/print-json.ts';
import { endWithOutput, stopCode } from './terminal/until-stopped.ts';

/** How a command ends that has failed, by the name of its error; with any other, as trouble. */
const EXITS: Readonly<Record<string, number>> = {
  UnknownNameError: EXIT.usage,
  AmbiguousNameError: EXIT.usage,
  DataInUseError: EXIT.usage,
  UnreadableError: EXIT.unknown,
};

/** Runs the command that was typed, and sets the exit code of the process. */
export async function run(argv: readonly string[]): Promise<void> {
  /** A person's mistake or a failure is told to a program in the form that it asked for. */
  const asJson = argv.includes('--json');
  endWithOutput();
  try {
    await (await createProgram(argv, asJson)).parseAsync([...argv]);
  } catch (error) {
    // The last resort of a command line: one line for the person, the stack only when asked for.
    if (!isSilent(error)) reportFailure(error, asJson);
  }
  // Stopped from outside: the caller's shell is told by what, unless the command calls that its ordinary end.
  process.exitCode ??= stopCode();
}

/** Only the command that is asked for is loaded; of the others there are the names, which the help lists and a slip is compared with. */
async function createProgram(argv: readonly string[], asJson: boolean): Promise<Command> {
  const program = new Command('fanfare')
    .description('Runs and operates a Fanfare event backbone.')
    .showHelpAfterError()
    .configureOutput({ outputError: (text, write) => write(text) })
    .exitOverride(({ exitCode, message }) => {
      if (exitCode === EXIT.ok) process.exit(EXIT.ok);
      if (asJson) printJsonError({ name: 'UsageError', message: message.replace(/^error: /, '') });
      process.exit(EXIT.usage);
    });
  const [, , first = '', second = ''] = argv;
  const asked = first === 'help' ? second : first;
  for (const [name, { summary, load }] of Object.entries(CATALOGUE)) {
    if (name === asked) (await load())(program);
    else program.command(name).description(summary);
  }
  return program;
}

/** No message is written to a closed terminal or output. A request that Ctrl-C has ended is no failure. */
function isSilent(error: unknown): boolean {
  const code = stopCode();
  if (code === EXIT.terminalClosed || code === EXIT.outputClosed) return true;
  return code !== undefined && error instanceof Error && error.name === 'AbortError';
}

function reportFailure(error: unknown, asJson: boolean): void {
  const name = error instanceof Error ? error.name : 'Error';
  const message = messageOf(error);
  if (asJson) printJsonError({ name, message });
  // A line for each problem; what a message or a record has put into one is no order to the terminal.
  console.error(`fanfare: ${message.split('\n').map(plainText).join('\n')}`);
  if (process.env.FANFARE_DEBUG && error instanceof Error) console.error(error.stack);
  process.exitCode = stopCode() ?? EXITS[name] ?? EXIT.trouble;
}
