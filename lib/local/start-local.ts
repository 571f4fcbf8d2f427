import { join } from 'node:path';
import { readAssembly } from './assembly/read-assembly.ts';
import { createMessagingEngine, type MessagingEngine } from './engines/fauxqs.ts';
import { reservePort } from './engines/reserve-port.ts';
import { completeSettableAttributes } from './engines/settable-attributes.ts';
import {
  type SupervisedDynamoDB,
  type SupervisedDynamoDBOptions,
  startSupervisedDynamoDB,
} from './engines/supervised-dynamodb.ts';
import type { LocalOptions, LocalPorts } from './local-options.ts';
import { LocalStack } from './local-stack.ts';
import { MailBox } from './mail.ts';

const DEFAULT_REGION = 'us-east-1';

/**
 * Runs a synthesized app on this machine: the resources of its templates, with the app's own bundles.
 *
 * @throws Error when a port is taken, an engine does not start, or a template has something that the local runner does not know
 */
export async function startLocal(options: LocalOptions): Promise<LocalStack> {
  const { assemblyDirectory, dataDirectory, ports } = options;
  const region =
    readAssembly(assemblyDirectory).find((stack) => stack.region !== undefined)?.region ?? DEFAULT_REGION;
  const under = (name: string) => (dataDirectory === undefined ? undefined : join(dataDirectory, name));
  const chosen = await choosePorts(ports);
  const mailBox = new MailBox(under('mail'), options.log);
  const messaging = await openMessages(region, under('messaging'));
  const dynamodb = await startTables(messaging, {
    port: chosen.dynamodb,
    dataDirectory: under('dynamodb'),
    log: options.log,
  });
  const local = new LocalStack({
    options,
    region,
    ports: chosen,
    messaging,
    dynamodb,
    mailBox,
    schedulesDirectory: under('scheduler'),
    guestsFile: under('guests/guests.json'),
  });
  try {
    await local.start();
    return local;
  } catch (error) {
    await local.stop();
    throw error;
  }
}

async function openMessages(region: string, directory: string | undefined): Promise<MessagingEngine> {
  await completeSettableAttributes();
  try {
    return await createMessagingEngine(region, directory);
  } catch (cause) {
    if (directory === undefined) throw cause;
    throw unreadable('queues and topics', directory, cause);
  }
}

async function startTables(
  messaging: MessagingEngine,
  options: SupervisedDynamoDBOptions,
): Promise<SupervisedDynamoDB> {
  try {
    return await startSupervisedDynamoDB(options);
  } catch (cause) {
    await messaging.app.close();
    throw options.dataDirectory === undefined ? cause : unreadable('tables', options.dataDirectory, cause);
  }
}

function unreadable(what: string, directory: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(
    `the ${what} in ${directory} cannot be opened: ${reason}; start with another data directory, or move this one elsewhere`,
    { cause },
  );
}

async function choosePorts(ports: LocalPorts): Promise<LocalPorts> {
  const api = await reservePort(ports.api, {
    what: 'HTTP API',
    flag: '--api-port',
    variable: 'FANFARE_API_PORT',
  });
  const aws = await reservePort(ports.aws, {
    what: 'SNS, SQS, S3 and SES endpoint',
    flag: '--aws-port',
    variable: 'FANFARE_AWS_PORT',
  });
  const dynamodb = await reservePort(ports.dynamodb, {
    what: 'DynamoDB endpoint',
    flag: '--dynamodb-port',
    variable: 'FANFARE_DYNAMODB_PORT',
  });
  return { api, aws, dynamodb };
}
