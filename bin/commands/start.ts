import { watch } from 'node:fs';
import { resolve } from 'node:path';
import { styleText } from 'node:util';
import type { RunningConsole } from '../../lib/console/start-console.ts';
import type { LocalStack } from '../../lib/local/local-stack.ts';
import { startLocal } from '../../lib/local/start-local.ts';
import { openLocalConsole } from './open-local-console.ts';
import { publishOpeningStock } from './opening-stock.ts';
import { synthesize } from './synthesize.ts';

export interface StartOptions {
  readonly apiPort: number;
  readonly awsPort: number;
  readonly dynamodbPort: number;
  readonly consolePort: number;
  readonly data?: string;
  readonly watch: boolean;
  readonly verbose: boolean;
}

const ASSEMBLY = '.fanfare/assembly';
const WATCHED = ['bin', 'events', 'lambdas', 'lib'];
/** Editors write a file in several steps; one synthesis should see them all. */
const SETTLE_MILLISECONDS = 150;

/** `fanfare start`: runs the app on this machine until Ctrl-C. */
export async function runStart(options: StartOptions): Promise<void> {
  say('Synthesizing the stacks ...');
  await synthesize(resolve(ASSEMBLY));
  const local = await startLocal({
    assemblyDirectory: resolve(ASSEMBLY),
    ports: { api: options.apiPort, aws: options.awsPort, dynamodb: options.dynamodbPort },
    dataDirectory: options.data === undefined ? undefined : resolve(options.data),
    verbose: options.verbose,
    log: say,
  });
  let pages: RunningConsole | undefined;
  const ending = new AbortController();
  try {
    await publishOpeningStock(local.apiUrl, say, ending.signal);
    pages = await openLocalConsole(local, options.consolePort);
    say(welcome(local, pages.signInUrl));
    if (options.watch) watchSources(local);
    await untilInterrupted();
    say('Stopping: letting running handlers finish ...');
  } finally {
    ending.abort();
    await pages?.stop();
    await local.stop();
  }
  process.exit(0);
}

function say(line: string): void {
  console.error(line);
}

function welcome(local: LocalStack, consoleUrl: string): string {
  const strong = (text: string): string => styleText('bold', text, { stream: process.stderr });
  const order =
    '{"specversion":"1.0","type":"shop.OrderPlaced.v1","source":"/shop/checkout","data":{"orderId":"order-1","customerId":"customer-1","email":"ada@example.com","currency":"EUR","totalMinor":1990,"lines":[{"sku":"espresso-beans","quantity":1}]}}';
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
    '',
    strong('Place an order:'),
    `  curl -i ${local.apiUrl}/events -H 'content-type: application/cloudevents+json' -d '${order}'`,
    '',
    'Ctrl-C stops it.',
  ].join('\n');
}

function watchSources(local: LocalStack): void {
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(() => swap(local));
    }, SETTLE_MILLISECONDS);
  };
  for (const folder of WATCHED) watch(folder, { recursive: true }, changed);
  say(`Watching ${WATCHED.join(', ')}: a changed function is rebundled and swapped.`);
}

async function swap(local: LocalStack): Promise<void> {
  try {
    await synthesize(resolve(ASSEMBLY));
    const swapped = await local.reload(resolve(ASSEMBLY));
    say(swapped.length === 0 ? 'Nothing that is deployed has changed.' : `Swapped ${swapped.join(', ')}.`);
  } catch (error) {
    // A source in the middle of an edit must not end the session: what ran before goes on.
    say(styleText('red', error instanceof Error ? error.message : String(error), { stream: process.stderr }));
  }
}

function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(130));
        resolve();
      });
    }
  });
}
