import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { type Command, Option } from 'commander';
import * as events from '../../events/index.ts';
import type { EventVersion } from '../../lib/contracts/event-version.ts';
import { parseJson } from '../../lib/contracts/json.ts';
import { createPublisher, type Publisher } from '../../lib/publisher/create-publisher.ts';
import { InvalidEvent, PublishFailure } from '../../lib/publisher/errors.ts';
import { findVersion } from './find-version.ts';

interface PublishOptions {
  readonly data: string;
  readonly source: string;
  readonly subject?: string;
  readonly id?: string;
  readonly partitionKey?: string;
  readonly url: string;
  readonly profile?: string;
  readonly region?: string;
  readonly token?: string;
  readonly json: boolean;
}

/** Adds `fanfare publish` to the command line. */
export function addPublishCommand(program: Command): void {
  program
    .command('publish')
    .description('Publishes an event: checked against its contract, signed when the API is on AWS.')
    .argument('<type>', 'such as shop.OrderPlaced (its newest version) or shop.OrderPlaced.v1')
    .requiredOption('--data <json>', 'the data as JSON; @file reads a file, - the standard input')
    .option('--source <uri>', 'what the event comes from', '/fanfare/cli')
    .option('--subject <subject>', 'what it is about')
    .option('--id <id>', 'with the source, identifies the event: the same again takes effect once')
    .option('--partition-key <key>', 'ordering and fairness')
    .addOption(new Option('--url <url>', 'the HTTP API').env('FANFARE_URL').default('http://127.0.0.1:3000'))
    .option('--profile <name>', 'AWS profile to sign with')
    .option('--region <region>', 'AWS region to sign for (default: that of the URL)')
    .addOption(
      new Option('--token <jwt>', 'for an API that takes tokens; not signed then').env('FANFARE_TOKEN'),
    )
    .option('--json', 'print the published event as JSON', false)
    .action(runPublish);
}

async function runPublish(type: string, options: PublishOptions, command: Command): Promise<void> {
  const { version, data, publisher } = await prepare(type, options).catch((error: Error) =>
    command.error(`error: ${error.message}`, { exitCode: 2 }),
  );
  const { source, subject, id, partitionKey: partitionkey } = options;
  try {
    const published = await publisher.publish(version, data, { source, subject, id, partitionkey });
    console.log(
      options.json ? JSON.stringify(published) : `Published ${published.type} ${published.id} (${source})`,
    );
  } catch (error) {
    const lines = explain(error);
    if (!lines) throw error;
    console.error(`fanfare: ${type} is not published to ${options.url}:\n  ${lines.join('\n  ')}`);
    process.exitCode = 1;
  }
}

/** Everything that the person may have typed wrong. */
async function prepare(
  type: string,
  { data, url, profile, region, token }: PublishOptions,
): Promise<{ version: EventVersion; data: unknown; publisher: Publisher }> {
  const version = findVersion(Object.values(events), type);
  const publisher = createPublisher({
    url,
    region,
    ...(profile !== undefined && { credentials: defaultProvider({ profile }) }),
    ...(token !== undefined && { bearerToken: () => token }),
  });
  const json = await readData(data);
  try {
    return { version, data: parseJson(json), publisher };
  } catch (cause) {
    throw new TypeError(`--data ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

async function readData(data: string): Promise<string> {
  const file = data === '-' ? process.stdin : data.startsWith('@') ? data.slice(1) : undefined;
  if (file === undefined) return data;
  const bytes = typeof file === 'string' ? await readFile(file) : await buffer(file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new TypeError(`--data ${data} is not UTF-8`, { cause });
  }
}

/** The reasons, one a line. */
function explain(error: unknown): readonly string[] | undefined {
  if (error instanceof InvalidEvent) return error.problems.map(describe);
  if (!(error instanceof PublishFailure)) return undefined;
  return error.fates.flatMap(({ event, outcome }) => {
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
