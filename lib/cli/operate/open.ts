import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { requireBus } from '../../ops/deployment.ts';
import { UnreadableError } from '../../ops/errors.ts';
import { fanfareCommand } from '../../ops/fanfare-command.ts';
import { portNumber } from '../terminal/parse-options.ts';
import { printJson } from '../terminal/print-json.ts';
import { mayBeOpened, openInBrowser } from './open-in-browser.ts';
import { deploymentNameOf, type TargetOptions, targetFrom, withDeployment, withTarget } from './target.ts';

type Target = 'console' | 'api' | 'docs';

interface OpenOptions extends TargetOptions {
  readonly url: string;
  readonly consolePort: number;
  readonly print: boolean;
  readonly json: boolean;
}

const ANSWER_MS = 5_000;

/** Adds `fanfare open`. */
export function addOpenCommand(program: Command): void {
  withTarget(program.command('open'))
    .description(
      'Prints the address of the console, the HTTP API or its documents, and opens it in a browser where there is one.',
    )
    .addArgument(
      new Argument('[what]', 'what to open').choices(['console', 'api', 'docs']).default('console'),
    )
    .addOption(
      new Option('--url <url>', 'the HTTP API on this machine')
        .env('FANFARE_URL')
        .default('http://127.0.0.1:3000')
        .argParser(openable),
    )
    .addOption(
      new Option('--console-port <port>', 'of the console on this machine')
        .env('FANFARE_CONSOLE_PORT')
        .default(3001)
        .argParser(portNumber),
    )
    .option('--print', 'print the address only', false)
    .option('--json', 'print it as JSON', false)
    .action(runOpen);
}

async function runOpen(what: Target, options: OpenOptions, command: Command): Promise<void> {
  const url =
    targetFrom(options).kind === 'local'
      ? await localAddress(what, options)
      : await awsAddress(what, options, command);
  const opened = !options.print && (await openInBrowser(url));
  if (options.json) printJson('address', { what, url, opened });
  else console.log(url);
  if (what === 'console')
    console.error(
      'A browser that has not opened this console yet needs the address that its command has printed.',
    );
}

function openable(url: string): string {
  if (mayBeOpened(url)) return url;
  throw new InvalidArgumentError('It is neither https nor of this machine.');
}

/** @throws UnreadableError when nothing answers there */
async function localAddress(what: Target, { url, consolePort }: OpenOptions): Promise<string> {
  const address =
    what === 'console'
      ? `http://127.0.0.1:${consolePort}/`
      : new URL(what === 'docs' ? '/docs' : '/', url).href;
  try {
    await fetch(address, { signal: AbortSignal.timeout(ANSWER_MS), redirect: 'manual' });
  } catch (cause) {
    throw new UnreadableError(`nothing answers at ${address}; start it with 'npm start'`, { cause });
  }
  return address;
}

/** The console of a stage has no address before its command runs, and its documents are served on this machine only. */
async function awsAddress(what: Target, options: OpenOptions, command: Command): Promise<string> {
  if (what === 'console')
    command.error(
      `error: the console of a stage is served by: ${fanfareCommand('console', { place: targetFrom(options), ...deploymentNameOf(options) })}`,
      { exitCode: 2 },
    );
  if (what === 'docs')
    command.error('error: the documents are served on this machine only: npm start', { exitCode: 2 });
  return withDeployment(options, async ({ deployment }) => {
    requireBus(deployment);
    if (deployment.apiUrl !== '') return deployment.apiUrl;
    throw new UnreadableError(
      `the API of ${deployment.stackName} is in another account; ask its owner for the address`,
    );
  });
}
