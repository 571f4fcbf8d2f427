import { basename, relative, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { APP_NAME_RULE, isAppName, MAX_NAME_LENGTH } from '../../project/app-name.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { printJson } from '../terminal/print-json.ts';
import { contentOf, writeProject } from './write-project.ts';

interface InitOptions {
  readonly name?: string;
  readonly json: boolean;
}

/** Names of what is in the way; more of them would not help. */
const SHOWN = 5;

/** Adds `fanfare init`. */
export function addInitCommand(program: Command): void {
  describeInit(program.command('init'));
}

/** Makes a command write a new app. */
export function describeInit(command: Command): void {
  command
    .description('Writes a small app of its own into a new or empty folder: an event, a consumer, a test.')
    .argument('<folder>', 'where to, such as library')
    .option('--name <name>', `what the app is called: ${APP_NAME_RULE} (default: after the folder)`, appName)
    .option('--json', 'print what was written as JSON', false)
    .action(runInit);
}

function runInit(folder: string, { name, json }: InitOptions, command: Command): void {
  const directory = resolve(folder);
  const app = name ?? nameAfter(directory);
  if (app === undefined) {
    command.error(
      `error: ${basename(directory)} makes no name for an app; say one with --name: ${APP_NAME_RULE}`,
      {
        exitCode: EXIT.usage,
      },
    );
  }
  const content = contentOf(directory);
  if (content.length > 0) {
    const more = content.length > SHOWN ? ` and ${content.length - SHOWN} more` : '';
    throw new Error(
      `${directory} is not empty: it has ${content.slice(0, SHOWN).join(', ')}${more}; name a folder that is not there yet`,
    );
  }
  const files = writeProject(directory, app);
  if (json) printJson('project', { directory, app, files });
  else console.log(describe(directory, app, files.length));
}

/** The letters and digits of a folder's name, or undefined when they make no name of an app. */
function nameAfter(directory: string): string | undefined {
  const name = basename(directory)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .slice(0, MAX_NAME_LENGTH);
  return isAppName(name) ? name : undefined;
}

function appName(text: string): string {
  if (isAppName(text)) return text;
  throw new InvalidArgumentError(`Use ${APP_NAME_RULE}.`);
}

function describe(directory: string, app: string, files: number): string {
  const path = relative(process.cwd(), directory);
  const go = path === '' ? '' : `cd ${path.startsWith('..') ? directory : path} && `;
  return [
    `The app '${app}' is in ${directory}: ${files} files.`,
    '',
    `  ${go}npm install`,
    '  npm start         runs it on this machine, and prints a curl for its first event',
    '  npm test',
    '',
    'Its README.md says how to add an event and a consumer.',
  ].join('\n');
}
