import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseJson } from '../contracts/json/json.ts';
import type { EventVersion } from '../contracts/versions/event-version.ts';
import { type BusClock, clockOf } from '../ops/local-clock.ts';
import { findProject } from '../project/find-project.ts';
import {
  createPublisher,
  type PublishedEvent,
  type Publisher,
} from '../publishing/client/create-publisher.ts';
import { InvalidEventError, PublishError } from '../publishing/client/errors.ts';
import { loadContracts } from './contracts/load-contracts.ts';
import { findVersion } from './find-version.ts';
import { followReceipt } from './follow-receipt.ts';
import { readData } from './read-data.ts';
import { nonEmpty, seconds } from './terminal/parse-options.ts';
import { printJson, printJsonError, printJsonLine } from './terminal/print-json.ts';

/** Longer than a healthy consumer takes, a first retry included. */
const WAIT_SECONDS = 30;

interface PublishOptions {
  readonly data: string;
  readonly source: string;
  readonly subject?: string;
  readonly id?: string;
  readonly partitionKey?: string;
  readonly tenant?: string;
  readonly at?: string;
  readonly in?: number;
  readonly url: string;
  readonly profile?: string;
  readonly region?: string;
  readonly token?: string;
  /** Seconds; true: the default. */
  readonly wait?: number | true;
  readonly json: boolean;
}

/** Adds `fanfare publish` to the command line. */
export function addPublishCommand(program: Command): void {
  program
    .command('publish')
    .description('Publishes an event: checked against its contract, signed when the API is on AWS.')
    .argument('<type>', 'such as shop.OrderPlaced (its newest version) or shop.OrderPlaced.v1')
    .requiredOption('--data <json>', 'the data as JSON; @file reads a file, - the standard input')
    .option('--source <uri>', 'what the event comes from', nonEmpty, '/fanfare/cli')
    .option('--subject <subject>', 'what it is about', nonEmpty)
    .option('--id <id>', 'with the source, identifies the event: the same again takes effect once', nonEmpty)
    .option('--partition-key <key>', 'on a FIFO bus, events with the same key stay in order', nonEmpty)
    .option('--tenant <name>', 'on a standard bus, events of one tenant do not delay others', nonEmpty)
    .option('--at <time>', 'deliver it then, such as 2026-12-31T12:00:00Z, at most 365 days ahead', nonEmpty)
    .addOption(
      new Option('--in <time>', 'deliver it after so long: 90s, 15m, 2h or 7d')
        .argParser(seconds)
        .conflicts('at'),
    )
    .addOption(
      new Option('--url <url>', 'the HTTP API')
        .env('FANFARE_URL')
        .default('http://127.0.0.1:3000')
        .argParser(nonEmpty),
    )
    .option('--profile <name>', 'AWS profile to sign with', nonEmpty)
    .option('--region <region>', 'AWS region to sign for (default: that of the URL)', nonEmpty)
    .addOption(
      new Option('--token <jwt>', 'for an API that takes tokens; not signed then')
        .env('FANFARE_TOKEN')
        .argParser(nonEmpty)
        .conflicts(['profile', 'region']),
    )
    .option(
      '--wait [seconds]',
      `follow the event until every consumer is done with it, at most this long (default: ${WAIT_SECONDS}); exits with 1 when one gives it up or is not done, with 3 when that cannot be read`,
      waitSeconds,
    )
    .option('--json', 'print the published event, and with --wait also its receipt, as JSON', false)
    .action(runPublish);
}

/** @throws InvalidArgumentError with a hint when it is the type of the event, which commander takes for the seconds */
function waitSeconds(text: string): number {
  if (/^\d/.test(text)) return seconds(text);
  throw new InvalidArgumentError(
    'Say seconds, or a time such as 90s or 2m, or nothing. Put the type of the event before --wait.',
  );
}

async function runPublish(type: string, options: PublishOptions, command: Command): Promise<void> {
  refuseHalfNamed(options, command);
  const { version, data, publisher, clock } = await prepare(type, options).catch((error: Error) =>
    command.error(`error: ${error.message}`, { exitCode: 2 }),
  );
  const { source, subject, id, partitionKey: partitionkey, tenant } = options;
  const at = timeOf(options, clock.now());
  refuseShortWait(options.wait, { at, now: clock.now() }, command);
  const attributes = { source, subject, id, partitionkey, tenant, ...(at !== undefined && { at }) };
  try {
    const published = await publisher.publish(version, data, attributes);
    announce(published, at, options);
    if (options.wait === undefined) return;
    const seconds = secondsOf(options.wait);
    process.exitCode = await followReceipt(publisher, published, { seconds, json: options.json });
  } catch (error) {
    const lines = explain(error);
    if (!lines) throw error;
    const { name } = error instanceof Error ? error : new Error();
    if (options.json) printJsonError({ name, message: lines.join('; ') });
    console.error(`fanfare: ${type} is not published to ${options.url}:\n  ${lines.join('\n  ')}`);
    process.exitCode = 1;
  }
}

/** Says that the event is published. To a program that waits in one line: the receipt follows. */
function announce(
  { id, source, type }: PublishedEvent,
  at: string | undefined,
  { json, wait }: PublishOptions,
): void {
  if (!json)
    console.log(`Published ${type} ${id} (${source})${at === undefined ? '' : `, to be delivered at ${at}`}`);
  else {
    const answer = { id, source, type, ...(at !== undefined && { deliverAt: at }) };
    if (wait === undefined) printJson('published', answer);
    else printJsonLine('published', answer);
  }
}

/** When the event is delivered; undefined when at once. */
function timeOf({ at, in: delay }: PublishOptions, now: number): string | undefined {
  return delay === undefined ? at : new Date(now + delay * 1_000).toISOString();
}

function secondsOf(wait: Exclude<PublishOptions['wait'], undefined>): number {
  return wait === true ? WAIT_SECONDS : wait;
}

/** No consumer can be done before the event has come. */
function refuseShortWait(
  wait: PublishOptions['wait'],
  { at, now }: { readonly at: string | undefined; readonly now: number },
  command: Command,
): void {
  if (wait === undefined || at === undefined) return;
  const seconds = secondsOf(wait);
  // A text that is no time is refused with the event.
  if (!(Date.parse(at) > now + seconds * 1_000)) return;
  command.error(
    `error: the event comes at ${at}, after the ${seconds} seconds of --wait; wait longer, or leave --wait out`,
    { exitCode: 2 },
  );
}

/** A command that names a profile or region is for AWS, and must not publish to this machine. */
function refuseHalfNamed({ profile, region }: PublishOptions, command: Command): void {
  if (command.getOptionValueSource('url') !== 'default') return;
  if (profile === undefined && region === undefined) return;
  command.error(
    'error: --profile and --region are of AWS; say which API with --url (the output ApiUrl of the bus)',
    {
      exitCode: 2,
    },
  );
}

/** Everything that the person may have typed wrong. */
async function prepare(
  type: string,
  { data, url, profile, region, token }: PublishOptions,
): Promise<{ version: EventVersion; data: unknown; publisher: Publisher; clock: BusClock }> {
  const version = findVersion(await loadContracts(findProject().events), type);
  const clock = await clockOf(url);
  const publisher = createPublisher({
    url,
    clock,
    region,
    ...(profile !== undefined && { credentials: defaultProvider({ profile }) }),
    ...(token !== undefined && { bearerToken: () => token }),
  });
  const json = await readData(data);
  try {
    return { version, data: parseJson(json), publisher, clock };
  } catch (cause) {
    throw new TypeError(`--data ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** The reasons, one a line. */
function explain(error: unknown): readonly string[] | undefined {
  if (error instanceof InvalidEventError) return error.problems.map(describe);
  if (!(error instanceof PublishError)) return undefined;
  return error.results.flatMap(({ event, outcome }) => {
    if (outcome.status === 'published') return [];
    if (outcome.problems) return outcome.problems.map(describe);
    return [
      `${outcome.code}: ${outcome.message}${outcome.retryable ? `; try again with --id ${event.id}` : ''}`,
    ];
  });
}

function describe({ pointer, detail }: { readonly pointer: string; readonly detail: string }): string {
  return `${pointer} ${detail}`.trim();
}
