import { join, resolve } from 'node:path';
import { styleText } from 'node:util';
import type { Command } from 'commander';
import type { RunningConsole } from '../console/start-console.ts';
import type { EventContract } from '../contracts/define-event.ts';
import { requestExamples } from '../contracts/documents/examples.ts';
import { isBus } from '../local/join/bus-tags.ts';
import { announce } from '../local/join/running-buses.ts';
import type { LocalStack } from '../local/local-stack.ts';
import { startLocal } from '../local/start-local.ts';
import { synthesize } from '../local/synthesize.ts';
import { messageOf } from '../ops/problem.ts';
import { findProject } from '../project/find-project.ts';
import { loadContracts } from './contracts/load-contracts.ts';
import { publishFirstEvents, readFirstEvents } from './first-events.ts';
import { type JoinOptions, joinsBus, runJoined } from './join.ts';
import { openLocalConsole } from './open-local-console.ts';
import { deploymentNameOf } from './operate/target.ts';
import { EXIT } from './terminal/exit-code.ts';
import { plainText } from './terminal/plain-text.ts';
import { untilStopped } from './terminal/until-stopped.ts';
import { ASSEMBLY, watchSources } from './watch/watch-sources.ts';
import { watchIntakes } from './watch-intakes.ts';

export interface StartOptions extends JoinOptions {
  readonly apiPort: number;
  readonly dynamodbPort: number;
  readonly consolePort: number;
  readonly data?: string;
  readonly events?: string;
}

/** Values of secrets on this machine; git ignores the folder. */
const SECRETS = '.fanfare/secrets.json';

/** `fanfare start`: runs the app on this machine until Ctrl-C. */
export async function runStart(options: StartOptions, command: Command): Promise<void> {
  const project = findProject();
  const firstEvents = options.events === undefined ? undefined : await readFirstEvents(options.events);
  const assemblyDirectory = join(project.root, ASSEMBLY);
  say('Synthesizing the stacks ...');
  const warnings = await synthesize({ ...project, outputDirectory: assemblyDirectory });
  for (const warning of warnings) say(styleText('yellow', `Warning: ${plainText(warning)}`));
  const joins = joinsBus(assemblyDirectory, options);
  refuseOtherOptions(command, joins);
  if (joins) {
    return runJoined({ project, assemblyDirectory }, { options, say });
  }
  const dataDirectory = options.data === undefined ? undefined : resolve(options.data);
  if (options.watch && dataDirectory === project.root) {
    const why = 'each deployment writes there';
    command.error(`error: with --watch, --data must be another folder than the project: ${why}`, {
      exitCode: EXIT.usage,
    });
  }
  const contracts = await loadContracts(project.events);
  const local = await startLocal({
    assemblyDirectory,
    ports: { api: options.apiPort, aws: options.awsPort, dynamodb: options.dynamodbPort },
    dataDirectory,
    secretsFile: join(project.root, SECRETS),
    verbose: options.verbose,
    log: say,
  });
  const stopped = untilStopped();
  let pages: RunningConsole | undefined;
  const ending = new AbortController();
  let takeBack = (): void => undefined;
  let endIntakes = async (): Promise<void> => undefined;
  try {
    takeBack = announceBus(local);
    if (firstEvents) await publishFirstEvents(local.apiUrl, firstEvents, { say, signal: ending.signal });
    pages = await openLocalConsole(local, { contracts, port: options.consolePort });
    say(welcome(local, { consoleUrl: pages.signInUrl, contracts }));
    endIntakes = watchIntakes(local, { deployment: deploymentNameOf({}), say });
    if (options.watch) watchSources(local, { project, say, dataDirectory });
    await new Promise<void>((resolve) => stopped.addEventListener('abort', () => resolve(), { once: true }));
    say('Stopping: letting running handlers finish ...');
  } finally {
    takeBack();
    ending.abort();
    await endIntakes();
    await pages?.stop();
    await local.stop();
  }
  process.exit(EXIT.ok);
}

/** Options of an app that joins a bus, and of one that has a bus: with the other kind they would have no effect. */
const ONLY_TO_JOIN = ['account', 'removeOnStop'];
const ONLY_WITH_BUS = ['apiPort', 'dynamodbPort', 'consolePort', 'data', 'events'];

/** Ends the command when an option was typed that is for the other kind of app. */
function refuseOtherOptions(command: Command, joins: boolean): void {
  const typed = (joins ? ONLY_WITH_BUS : ONLY_TO_JOIN).filter(
    (name) => command.getOptionValueSource(name) === 'cli',
  );
  if (typed.length === 0) return;
  const flags = command.options.filter((option) => typed.includes(option.attributeName()));
  const names = flags.map(({ long }) => long).join(' and ');
  const why = joins
    ? 'the app of the bus, and this app joins one'
    : 'an app that joins a bus, and this one has its own';
  command.error(`error: ${names} is for ${why}`, { exitCode: EXIT.usage });
}

/** Lets other apps of this user find the bus. @returns how to take that back */
function announceBus({ stacks, awsEndpoint, joinToken: token }: LocalStack): () => void {
  const deployment = stacks.find(({ tags }) => isBus(tags))?.tags['fanfare:deployment'];
  if (deployment === undefined) return () => undefined;
  try {
    return announce({ deployment, processId: process.pid, awsEndpoint, token });
  } catch (error) {
    // Only other apps need it; this one runs all the same.
    say(`No other app can join, for its address could not be written: ${messageOf(error)}`);
    return () => undefined;
  }
}

function say(line: string): void {
  console.error(line);
}

function welcome(
  local: LocalStack,
  { consoleUrl, contracts }: { readonly consoleUrl: string; readonly contracts: readonly EventContract[] },
): string {
  const strong = (text: string): string => styleText('bold', text, { stream: process.stderr });
  return [
    '',
    strong('Fanfare is running.'),
    `  Console (works once)     ${consoleUrl}`,
    `  HTTP API                 ${local.apiUrl}`,
    `  Its documents            ${local.apiUrl}/docs and ${local.apiUrl}/docs/bus`,
    `  SNS, SQS, S3, SES        ${local.awsEndpoint}`,
    `  DynamoDB                 ${local.dynamodbEndpoint}`,
    `  Mail that was sent       ${local.awsEndpoint}/_fanfare/mail`,
    `  Alarms                   ${local.awsEndpoint}/_fanfare/alarms`,
    ...publishAnExample(local, contracts, strong),
    '',
    'Ctrl-C stops it.',
  ].join('\n');
}

/** How to publish the first event that anybody may publish. */
function publishAnExample(
  { apiUrl, stacks }: LocalStack,
  contracts: readonly EventContract[],
  strong: (text: string) => string,
): readonly string[] {
  const contract = contracts.find(({ internal }) => !internal);
  if (!contract) return [];
  const fifo = stacks.some(
    ({ tags, outputs }) => tags['fanfare:role'] === 'bus' && outputs.TopicArn?.endsWith('.fifo'),
  );
  const { structured } = requestExamples([{ version: contract, description: contract.description }], fifo);
  const event = structured[contract.versionedType]?.value;
  if (event === undefined) return [];
  const body = JSON.stringify(event).replaceAll("'", "'\\''");
  return [
    '',
    strong(`Publish ${contract.versionedType}:`),
    `  curl -i ${apiUrl}/events -H 'content-type: application/cloudevents+json' -d '${body}'`,
  ];
}
