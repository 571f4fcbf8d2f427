import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { type Command, Option } from 'commander';
import { openConsole } from '../../console/open-console.ts';
import { requireBus } from '../../ops/deployment.ts';
import { findProject } from '../../project/find-project.ts';
import { createPublisher, type Publisher } from '../../publishing/client/create-publisher.ts';
import { loadContracts } from '../contracts/load-contracts.ts';
import { portNumber } from '../terminal/parse-options.ts';
import { endWellOnInterrupt, untilStopped } from '../terminal/until-stopped.ts';
import { type Connection, type TargetOptions, withDeployment, withTarget } from './target.ts';

type ConsoleOptions = TargetOptions & { readonly port: number; readonly allowRedrive: boolean };

/** Adds `fanfare console`. */
export function addConsoleCommand(program: Command): void {
  withTarget(program.command('console'))
    .description(
      'Opens the console of a deployment on this machine, until Ctrl-C. On AWS it only looks, unless it is allowed more.',
    )
    .addOption(
      new Option('--port <port>', 'of the page; 0 takes a free one')
        .env('FANFARE_CONSOLE_PORT')
        .default(3001)
        .argParser(portNumber),
    )
    .option(
      '--allow-redrive',
      'on AWS: allow to publish, redrive, edit, purge, replay, pause and resume',
      false,
    )
    .action(runConsole);
}

async function runConsole({ port, allowRedrive, ...options }: ConsoleOptions): Promise<void> {
  const signal = untilStopped();
  await withDeployment(options, async (connection) => {
    requireBus(connection.deployment);
    const { place } = connection;
    const running = await openConsole(
      {
        ...connection,
        contracts: await loadContracts(findProject().events),
        publisher: publisherOf(connection),
        readOnly: place.kind === 'aws' && !allowRedrive,
      },
      port,
    );
    console.error(
      `The console of ${connection.deployment.stackName} is at ${running.signInUrl}\nThis address works once, in one browser. Ctrl-C closes it.`,
    );
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    await running.stop();
  });
  endWellOnInterrupt();
}

/** On this machine the topic itself is written to: the port of the HTTP API is not known here. That of a bus in another account is not known at all. */
function publisherOf({ place, clients, deployment }: Connection): Publisher {
  const { topicArn, apiUrl } = deployment;
  if (place.kind === 'local' || apiUrl === '') return createPublisher({ topicArn, sns: clients.sns });
  const { profile } = place;
  return createPublisher({
    url: apiUrl,
    ...(profile !== undefined && { credentials: defaultProvider({ profile }) }),
  });
}
