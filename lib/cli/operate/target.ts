import { type Command, Option } from 'commander';
import { createOpsClients, type OpsClients, type Target } from '../../ops/clients.ts';
import { type Deployment, readDeployment } from '../../ops/deployment.ts';
import { UnreadableError } from '../../ops/errors.ts';
import type { DeploymentName } from '../../ops/find-stacks.ts';
import { findContext } from '../../project/find-project.ts';
import { type ContextOptions, readContext } from '../context.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { nonEmpty, portNumber } from '../terminal/parse-options.ts';

/** What every command that looks at a deployment can be told. */
export interface TargetOptions {
  readonly app?: string;
  readonly stage?: string;
  readonly profile?: string;
  readonly region?: string;
  readonly awsPort: number;
  readonly dynamodbPort: number;
}

/** A deployment, and what to talk to it with. */
export interface Connection {
  readonly place: Target;
  readonly clients: OpsClients;
  readonly deployment: Deployment;
}

/** What is synthesized when no stage is named. */
const DEFAULT_STAGE = 'dev';

/** What `-c` names, where a command takes it: the app and the stage may be among it. */
type Named = TargetOptions & Partial<ContextOptions>;

/** Adds the options that say which deployment is meant. What names two, or half of one, is refused before the command begins. */
export function withTarget(command: Command): Command {
  return withApp(withPorts(command))
    .hook('preAction', (_, asked) => refuseUnclear(asked))
    .option(
      '--stage <name>',
      'a stage on AWS; without it, --profile and --region, what runs on this machine',
      nonEmpty,
    )
    .option('--profile <name>', 'AWS profile', nonEmpty)
    .option('--region <region>', 'AWS region', nonEmpty);
}

/** Adds the option that says which app is meant, where there are several. */
export function withApp(command: Command): Command {
  return command.option(
    '--app <name>',
    'the app (default: "app" in the context of cdk.json; without one, the only app that has the stage)',
    nonEmpty,
  );
}

/** Adds the options that say where on this machine it is. */
export function withPorts(command: Command): Command {
  return command
    .addOption(
      new Option('--aws-port <port>', 'of SNS and SQS on this machine')
        .env('FANFARE_AWS_PORT')
        .default(4566)
        .argParser(portNumber),
    )
    .addOption(
      new Option('--dynamodb-port <port>', 'of DynamoDB on this machine')
        .env('FANFARE_DYNAMODB_PORT')
        .default(8000)
        .argParser(portNumber),
    );
}

function refuseUnclear(command: Command): void {
  const options: Named = command.opts();
  const { profile, region } = options;
  const refuse = (reason: string): void => command.error(`error: ${reason}`, { exitCode: EXIT.usage });
  for (const name of ['app', 'stage'] as const) {
    const [typed, said] = [options[name], named(options, name)];
    if (typed !== undefined && typed !== said)
      refuse(`--${name} is ${typed}, but -c ${name} is ${said}; say one`);
  }
  const stage = named(options, 'stage');
  if (stage === undefined && (profile !== undefined || region !== undefined)) {
    refuse('--profile and --region are of AWS, where several stages may be; name one with --stage');
  }
  const ports = ['awsPort', 'dynamodbPort'].filter((name) => command.getOptionValueSource(name) === 'cli');
  if (stage !== undefined && ports.length > 0) {
    refuse(`--stage ${stage} is on AWS, and --aws-port and --dynamodb-port are of this machine; say one`);
  }
}

/** The app or the stage that is named, by an option or as a setting; of two different ones that of the setting. */
function named(options: Partial<Named>, name: 'app' | 'stage'): string | undefined {
  return readContext({ context: options.context ?? [] })[name] ?? options[name];
}

/** The deployment that is meant: the one that is named, or that of the project this is called in. */
export function deploymentNameOf(options: Partial<Named>): DeploymentName {
  const context = findContext();
  const ofProject = (name: 'app' | 'stage'): string | undefined => {
    const value = context[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    app: named(options, 'app') ?? ofProject('app'),
    stage: named(options, 'stage') ?? ofProject('stage') ?? DEFAULT_STAGE,
  };
}

export function targetFrom(options: Named): Target {
  const { profile, region, awsPort, dynamodbPort } = options;
  if (named(options, 'stage') !== undefined) return { kind: 'aws', profile, region };
  return {
    kind: 'local',
    awsEndpoint: `http://127.0.0.1:${awsPort}`,
    dynamodbEndpoint: `http://127.0.0.1:${dynamodbPort}`,
  };
}

/**
 * Finds the deployment that is meant, does something with it, and ends the connections.
 *
 * @throws UnreadableError that says how to start one when nothing runs on this machine
 */
export async function withDeployment<T>(
  options: Named,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  return withClients(options, async ({ place, clients }) => {
    const deployment = await readDeployment(clients, deploymentNameOf(options));
    return work({ place, clients, deployment });
  });
}

/**
 * Does something with what talks to the place that is meant, and ends the connections.
 *
 * @throws UnreadableError that says how to start one when nothing runs on this machine
 */
export async function withClients<T>(
  options: Named,
  work: (connection: Omit<Connection, 'deployment'>) => Promise<T>,
): Promise<T> {
  const place = targetFrom(options);
  const clients = createOpsClients(place);
  try {
    return await work({ place, clients });
  } catch (cause) {
    if (place.kind !== 'local' || !isRefused(cause)) throw cause;
    throw new UnreadableError(
      `nothing runs at ${place.awsEndpoint}; start it with 'npm start', or name a --stage on AWS`,
      { cause },
    );
  } finally {
    clients.close();
  }
}

function isRefused(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && error.code === 'ECONNREFUSED') || isRefused(error.cause);
}
