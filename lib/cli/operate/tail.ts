import { type Command, Option } from 'commander';
import type { EventContract } from '../../contracts/define-event.ts';
import type { Envelope } from '../../contracts/envelope/envelope.ts';
import { nearestName } from '../../contracts/text/nearest-name.ts';
import { consumerNamed, requireBus } from '../../ops/deployment.ts';
import { UnreadableError } from '../../ops/errors.ts';
import { attempt, describeProblem } from '../../ops/problem.ts';
import { readFilter } from '../../ops/read-filter.ts';
import { tail } from '../../ops/tail.ts';
import { findProject } from '../../project/find-project.ts';
import { loadContracts } from '../contracts/load-contracts.ts';
import { formatTime } from '../terminal/format-time.ts';
import { nonEmpty, nonEmptyEach } from '../terminal/parse-options.ts';
import { plainText, shortened } from '../terminal/plain-text.ts';
import { printJsonLine } from '../terminal/print-json.ts';
import { endWellOnInterrupt, untilStopped } from '../terminal/until-stopped.ts';
import { type Connection, type TargetOptions, withDeployment, withTarget } from './target.ts';

type TailOptions = TargetOptions & {
  readonly type?: string[];
  readonly consumer?: string;
  readonly json: boolean;
};

/** Adds `fanfare tail`. */
export function addTailCommand(program: Command): void {
  withTarget(program.command('tail'))
    .description('Shows new events, until Ctrl-C. It uses a queue of its own, which it deletes at the end.')
    .option('--type <type...>', 'only these types, with their versions or without', nonEmptyEach)
    .addOption(
      new Option('--consumer <name>', 'only the types that this consumer takes')
        .argParser(nonEmpty)
        .conflicts('type'),
    )
    .option('--json', 'print an event a line, as JSON', false)
    .action(runTail);
}

async function runTail({ type, consumer, json, ...options }: TailOptions): Promise<void> {
  const signal = untilStopped();
  await withDeployment(options, async (connection) => {
    requireBus(connection.deployment);
    const types = consumer === undefined ? await typesNamed(type) : await typesOf(connection, consumer);
    const onEvent = (event: Envelope): void => {
      if (json) printJsonLine('event', event);
      else console.log(line(event));
    };
    if (!json) console.error('Listening; Ctrl-C ends it.');
    await tail(connection.clients, connection.deployment, { types, signal, onEvent });
  });
  endWellOnInterrupt();
}

/** Every type that passes when none is named. */
async function typesNamed(names: readonly string[] | undefined): Promise<readonly string[] | undefined> {
  if (names === undefined) return undefined;
  const contracts = await loadContracts(findProject().events);
  return names.flatMap((name) => versionsNamed(contracts, name));
}

/** All versions of an event, or the one that is named. What no contract here has may be another repository's: it is listened for, too. */
function versionsNamed(contracts: readonly EventContract[], name: string): readonly string[] {
  const contract = contracts.find(({ type }) => type === name);
  if (contract) return contract.versions.map(({ versionedType }) => versionedType);
  const known = contracts.flatMap(({ versions }) => versions.map(({ versionedType }) => versionedType));
  if (!known.includes(name)) {
    const nearest = nearestName(name, [...known, ...contracts.map(({ type }) => type)]);
    const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
    console.error(`No contract has the type '${plainText(name)}'${hint}`);
  }
  return [name];
}

/** @returns undefined when the consumer does not choose by type @throws UnreadableError when its subscription cannot be read */
async function typesOf(
  { clients, deployment }: Connection,
  name: string,
): Promise<readonly string[] | undefined> {
  const consumer = consumerNamed(deployment, name);
  const subscription = { resource: 'subscription', name: consumer.subscriptionArn };
  const { value, problems } = await attempt(subscription, readFilter(clients, consumer));
  if (value === null) {
    const reason = problems.map(describeProblem).join('; ');
    throw new UnreadableError(`what ${name} takes is not known: ${reason}; name the types with --type`);
  }
  return value.types.length === 0 ? undefined : value.types;
}

function line({ time, type, source, id, subject = '', data }: Envelope): string {
  const what = shortened(plainText(JSON.stringify(data) ?? ''), 80);
  return `${formatTime(Date.parse(time ?? ''))}  ${plainText(`${type}  ${source}  ${id}  ${subject}`).trimEnd()}  ${what}`;
}
