import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { type Command, Option } from 'commander';
import * as events from '../../../events/index.ts';
import { openConsole } from '../../../lib/console/open-console.ts';
import { createPublisher, type Publisher } from '../../../lib/publisher/create-publisher.ts';
import { type Connection, type PlaceOptions, untilInterrupted, withDeployment, withPlace } from './place.ts';

type ConsoleOptions = PlaceOptions & { readonly port: string; readonly allowRedrive: boolean };

/** Adds `fanfare console`. */
export function addConsoleCommand(program: Command): void {
  withPlace(program.command('console'))
    .description(
      'Opens the console of a deployment on this machine, until Ctrl-C. On AWS it only looks, unless it is allowed more.',
    )
    .addOption(
      new Option('--port <port>', 'of the page; 0 takes a free one')
        .env('FANFARE_CONSOLE_PORT')
        .default('3001'),
    )
    .option('--allow-redrive', 'on AWS too: publish, redrive, mend and purge', false)
    .action(runConsole);
}

async function runConsole({ port, allowRedrive, ...options }: ConsoleOptions): Promise<void> {
  const signal = untilInterrupted();
  await withDeployment(options, async (connection) => {
    const { place } = connection;
    const running = await openConsole(
      {
        ...connection,
        contracts: Object.values(events),
        publisher: publisherOf(connection),
        readOnly: place.kind === 'aws' && !allowRedrive,
      },
      Number(port),
    );
    console.error(
      `The console of ${connection.deployment.stackName} is at ${running.signInUrl}\nThis address works once, in one browser. Ctrl-C closes it.`,
    );
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    await running.stop();
  });
}

/** On this machine the topic itself is written to: the port of the HTTP API is not known here. */
function publisherOf({ place, clients, deployment }: Connection): Publisher {
  if (place.kind === 'local') return createPublisher({ topicArn: deployment.topicArn, sns: clients.sns });
  const { profile } = place;
  return createPublisher({
    url: deployment.apiUrl,
    ...(profile !== undefined && { credentials: defaultProvider({ profile }) }),
  });
}
