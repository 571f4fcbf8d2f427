import type { Command } from 'commander';
import type { Envelope } from '../../../lib/contracts/envelope.ts';
import { consumerNamed, type Deployment } from '../../../lib/ops/deployment.ts';
import { readStatus } from '../../../lib/ops/status.ts';
import { tail } from '../../../lib/ops/tail.ts';
import { formatTime } from '../../terminal/format-time.ts';
import { plainText, shortened } from '../../terminal/plain-text.ts';
import { type Connection, type PlaceOptions, untilInterrupted, withDeployment, withPlace } from './place.ts';

type TailOptions = PlaceOptions & {
  readonly type?: string[];
  readonly consumer?: string;
  readonly json: boolean;
};

/** Adds `fanfare tail`. */
export function addTailCommand(program: Command): void {
  withPlace(program.command('tail'))
    .description(
      'Shows events as they pass, until Ctrl-C. It listens with a queue of its own, which it takes away again.',
    )
    .option('--type <type...>', 'only these types, with their versions')
    .option('--consumer <name>', 'only the types that this consumer takes')
    .option('--json', 'print an event a line, as JSON', false)
    .action(runTail);
}

async function runTail({ type, consumer, json, ...options }: TailOptions): Promise<void> {
  const signal = untilInterrupted();
  await withDeployment(options, async (connection) => {
    const types = consumer === undefined ? type : await typesOf(connection, consumer);
    const onEvent = (event: Envelope): void => console.log(json ? JSON.stringify(event) : line(event));
    if (!json) console.error('Listening; Ctrl-C ends it.');
    await tail(connection.clients, connection.deployment, { types, signal, onEvent });
  });
}

async function typesOf({ clients, deployment }: Connection, name: string): Promise<readonly string[]> {
  const only: Deployment = { ...deployment, consumers: [consumerNamed(deployment, name)] };
  const { consumers } = await readStatus(clients, only);
  return consumers.flatMap(({ types }) => types);
}

function line({ time, type, source, id, subject = '', data }: Envelope): string {
  const what = shortened(plainText(JSON.stringify(data) ?? ''), 80);
  return `${formatTime(Date.parse(time ?? ''))}  ${plainText(`${type}  ${source}  ${id}  ${subject}`).trimEnd()}  ${what}`;
}
