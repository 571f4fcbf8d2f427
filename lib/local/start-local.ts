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
import { LocalStack, type LocalStackParts } from './local-stack.ts';
import { MailBox } from './mail.ts';
import { lockData } from './state/data-lock.ts';
import { keepRegion, requireRegion } from './state/kept-region.ts';

const DEFAULT_REGION = 'us-east-1';

type Close = () => unknown;

/**
 * Runs a synthesized app on this machine: the resources of its templates, with the app's own bundles.
 *
 * @throws Error when a port is taken, an engine does not start, or a template has something that the local runner does not know. Nothing stays open
 * @throws Error when the data directory has the data of another region
 * @throws DataInUseError when another runner uses the data directory
 */
export async function startLocal(options: LocalOptions): Promise<LocalStack> {
  const opened: Close[] = [];
  try {
    const parts = await openParts(options, opened);
    const local = await startStack(new LocalStack({ ...parts, close: () => closeAll(opened) }));
    if (options.dataDirectory !== undefined) keepRegion(options.dataDirectory, local.region);
    return local;
  } catch (error) {
    // Why it does not start is to be said, not why something could not be closed after that.
    await closeAll(opened).catch(() => undefined);
    throw error;
  }
}

/** @param opened gets what closes each part that is open */
async function openParts(options: LocalOptions, opened: Close[]): Promise<Omit<LocalStackParts, 'close'>> {
  const { assemblyDirectory, dataDirectory, ports } = options;
  const region =
    readAssembly(assemblyDirectory).find((stack) => stack.region !== undefined)?.region ?? DEFAULT_REGION;
  const under = (name: string) => (dataDirectory === undefined ? undefined : join(dataDirectory, name));
  if (dataDirectory !== undefined) {
    opened.push(lockData(dataDirectory));
    requireRegion(dataDirectory, region);
  }
  const chosen = await choosePorts(ports);
  const mailBox = new MailBox(under('mail'), options.log);
  const messaging = await openMessages(region, under('messaging'));
  opened.push(() => messaging.app.close());
  const dynamodb = await startTables({
    port: chosen.dynamodb,
    dataDirectory: under('dynamodb'),
    log: options.log,
  });
  opened.push(() => dynamodb.stop());
  return {
    options,
    region,
    ports: chosen,
    messaging,
    dynamodb,
    mailBox,
    schedulesDirectory: under('scheduler'),
    guestsFile: under('guests/guests.json'),
  };
}

async function startStack(local: LocalStack): Promise<LocalStack> {
  try {
    await local.start();
    return local;
  } catch (error) {
    // As in `startLocal`, the first error is the one to be said. What is still open is closed there.
    await local.stop().catch(() => undefined);
    throw error;
  }
}

/** Closes the last first, and the others also when one fails. What is closed is not closed again. */
async function closeAll(opened: Close[]): Promise<void> {
  const close = opened.pop();
  if (!close) return;
  try {
    await close();
  } finally {
    await closeAll(opened);
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

async function startTables(options: SupervisedDynamoDBOptions): Promise<SupervisedDynamoDB> {
  try {
    return await startSupervisedDynamoDB(options);
  } catch (cause) {
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
