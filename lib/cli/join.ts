import { join } from 'node:path';
import { styleText } from 'node:util';
import { deploymentOfBus } from '../contracts/bus/deployment-of-bus.ts';
import { type AssemblyStack, readAssembly } from '../local/assembly/read-assembly.ts';
import { OWN_ACCOUNT } from '../local/engines/accounts.ts';
import { isBus } from '../local/join/bus-tags.ts';
import { joinBus } from '../local/join/join-bus.ts';
import { findRunningBuses, type RunningBus } from '../local/join/running-buses.ts';
import type { Project } from '../project/find-project.ts';
import { EXIT } from './terminal/exit-code.ts';
import { untilStopped } from './terminal/until-stopped.ts';
import { watchSources } from './watch/watch-sources.ts';

export interface JoinOptions {
  /** Which deployment: `shop-dev`. True: the one that its consumers listen to. */
  readonly join?: string | true;
  /** @default - that of its stacks, or that of the bus */
  readonly account?: string;
  readonly removeOnStop: boolean;
  readonly verbose: boolean;
  readonly watch: boolean;
  readonly awsPort: number;
}

/** Whether an app joins a bus that runs already: it is told to, or has no bus of its own. */
export function joinsBus(assemblyDirectory: string, { join: named }: Pick<JoinOptions, 'join'>): boolean {
  const tags = readAssembly(assemblyDirectory).map((stack) => stack.tags);
  return named !== undefined || (tags.some((one) => one['fanfare:bus'] !== undefined) && !tags.some(isBus));
}

/**
 * Lets an app join a bus that runs on this machine, until Ctrl-C or until the bus stops.
 *
 * @throws Error that says which bus is missing and how to start it
 */
export async function runJoined(
  { project, assemblyDirectory }: { readonly project: Project; readonly assemblyDirectory: string },
  { options, say }: { readonly options: JoinOptions; readonly say: (line: string) => void },
): Promise<void> {
  const stacks = readAssembly(assemblyDirectory);
  const bus = chooseBus(stacks, findRunningBuses(), options);
  const account = options.account ?? accountOf(stacks);
  say(`Joining ${bus.deployment} ...`);
  const joined = await joinBus(
    bus,
    {
      assemblyDirectory,
      secretsFile: join(project.root, '.fanfare/secrets.json'),
      account,
      verbose: options.verbose,
      remove: options.removeOnStop,
    },
    say,
  );
  const stopped = untilStopped();
  const left = Promise.withResolvers<void>();
  const leave = (): void => {
    say('Leaving: letting running handlers finish ...');
    joined.leave().then(left.resolve, left.reject);
  };
  stopped.addEventListener('abort', leave, { once: true });
  say(welcome(joined.name, { bus, account, stacks, options }));
  const stopWatching = options.watch ? watchSources(joined, { project, say }) : undefined;
  await joined.ended;
  stopWatching?.();
  if (stopped.aborted) {
    await left.promise;
    process.exit(EXIT.ok);
  }
  throw new Error(`${bus.deployment} has stopped, so ${joined.name} is not running any more`);
}

/** @throws Error when none runs, or several do */
function chooseBus(
  stacks: readonly AssemblyStack[],
  running: readonly RunningBus[],
  { join: named, awsPort }: Pick<JoinOptions, 'join' | 'awsPort'>,
): RunningBus {
  const wanted = [...new Set(stacks.flatMap(({ tags }) => tags['fanfare:bus'] ?? []))];
  const fits = ({ deployment }: RunningBus): boolean =>
    typeof named === 'string'
      ? deployment === named
      : wanted.some((busName) => deploymentOfBus(busName) === deployment);
  const found = running.filter(fits);
  const [first] = found;
  const chosen =
    found.length > 1 ? found.find(({ awsEndpoint }) => awsEndpoint.endsWith(`:${awsPort}`)) : first;
  if (chosen) return chosen;
  const meant = typeof named === 'string' ? named : wanted.join(', ');
  const others = running.map(({ deployment, awsEndpoint }) => `${deployment} at ${awsEndpoint}`);
  throw new Error(
    `${meant} does not run on this machine${others.length > 0 ? `, only ${others.join(', ')}` : ''}; ` +
      'start it in its own folder with: npx fanfare start (of several, --aws-port says which)',
  );
}

/** The account that the stacks are deployed to, when they say one. */
function accountOf(stacks: readonly AssemblyStack[]): string {
  return stacks.find(({ account }) => account !== undefined)?.account ?? OWN_ACCOUNT;
}

function welcome(
  name: string,
  {
    bus,
    account,
    stacks,
    options,
  }: {
    readonly bus: RunningBus;
    readonly account: string;
    readonly stacks: readonly AssemblyStack[];
    readonly options: JoinOptions;
  },
): string {
  const consumers = stacks.flatMap(({ tags }) => tags['fanfare:consumer'] ?? []);
  return [
    '',
    styleText('bold', `${name} has joined ${bus.deployment}.`, { stream: process.stderr }),
    `  Account                  ${account}`,
    `  Consumers                ${consumers.join(', ')}`,
    `  SNS, SQS, S3, SES        ${bus.awsEndpoint}`,
    `  Its console and HTTP API are in the terminal of ${bus.deployment}.`,
    '',
    options.removeOnStop
      ? 'Ctrl-C leaves it, and removes the queues and tables of this app.'
      : 'Ctrl-C leaves it. The queues of this app go on filling until it comes back.',
  ].join('\n');
}
