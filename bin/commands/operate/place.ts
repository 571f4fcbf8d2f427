import { type Command, Option } from 'commander';
import { createOpsClients, type OpsClients, type Place } from '../../../lib/ops/clients.ts';
import { type Deployment, readDeployment } from '../../../lib/ops/deployment.ts';

/** What every command that looks at a deployment can be told. */
export interface PlaceOptions {
  readonly stage?: string;
  readonly profile?: string;
  readonly region?: string;
  readonly awsPort: string;
  readonly dynamodbPort: string;
}

/** A deployment, and what to talk to it with. */
export interface Connection {
  readonly place: Place;
  readonly clients: OpsClients;
  readonly deployment: Deployment;
}

const LOCAL_STAGE = 'dev';

/** Adds the options that say which deployment is meant. */
export function withPlace(command: Command): Command {
  return command
    .option('--stage <name>', 'a stage on AWS; without it, --profile and --region, what runs on this machine')
    .option('--profile <name>', 'AWS profile')
    .option('--region <region>', 'AWS region')
    .addOption(
      new Option('--aws-port <port>', 'of SNS and SQS on this machine')
        .env('FANFARE_AWS_PORT')
        .default('4566'),
    )
    .addOption(
      new Option('--dynamodb-port <port>', 'of DynamoDB on this machine')
        .env('FANFARE_DYNAMODB_PORT')
        .default('8000'),
    );
}

export function placeOf({ stage, profile, region, awsPort, dynamodbPort }: PlaceOptions): Place {
  if (stage !== undefined || profile !== undefined || region !== undefined) {
    return { kind: 'aws', profile, region };
  }
  return {
    kind: 'local',
    awsEndpoint: `http://127.0.0.1:${awsPort}`,
    dynamodbEndpoint: `http://127.0.0.1:${dynamodbPort}`,
  };
}

/**
 * Finds the deployment that is meant, does something with it, and ends the connections.
 *
 * @throws Error that says how to start one when nothing runs on this machine
 */
export async function withDeployment<T>(
  options: PlaceOptions,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const place = placeOf(options);
  const clients = createOpsClients(place);
  try {
    const deployment = await readDeployment(clients, options.stage ?? LOCAL_STAGE).catch((cause: Error) => {
      if (place.kind === 'local' && 'code' in cause && cause.code === 'ECONNREFUSED') {
        throw new Error(
          `nothing runs at ${place.awsEndpoint}; start it with 'npm start', or name a --stage on AWS`,
          { cause },
        );
      }
      throw cause;
    });
    return await work({ place, clients, deployment });
  } finally {
    clients.close();
  }
}

/** Fires when the person presses Ctrl-C; the second time ends the process at once. */
export function untilInterrupted(): AbortSignal {
  const abort = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      process.once(name, () => process.exit(130));
      abort.abort();
    });
  }
  return abort.signal;
}
