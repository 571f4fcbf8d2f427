import type { Command } from 'commander';
import { describeProblem } from '../../../ops/problem.ts';
import { type ReadSagas, readSagas, type SagaFilter } from '../../../ops/saga/read-sagas.ts';
import { sagaConsumerNamed, sagaConsumers, unknownConsumers } from '../../../ops/saga/saga-consumers.ts';
import { EXIT } from '../../terminal/exit-code.ts';
import { nonEmpty, seconds, wholeNumber } from '../../terminal/parse-options.ts';
import { plainText } from '../../terminal/plain-text.ts';
import { printJson } from '../../terminal/print-json.ts';
import { type Connection, type TargetOptions, withDeployment, withTarget } from '../target.ts';
import { describeSagas } from './describe-sagas.ts';

type ListOptions = TargetOptions & {
  readonly step?: string;
  readonly open: boolean;
  readonly olderThan?: number;
  readonly limit: number;
  readonly json: boolean;
};

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 10_000;

/** Adds `fanfare saga list`. */
export function addSagaList(saga: Command): void {
  withTarget(
    saga.command('list').argument('[consumer]', 'name of a saga, such as orders (default: all)', nonEmpty),
  )
    .description(
      'Lists how many sagas are in each step, and the sagas: first those that run, the oldest first; then those that have ended. ' +
        'It scans the tables of sagas.',
    )
    .option('--step <step>', 'only those in this step or at this end', nonEmpty)
    .option('--open', 'only those that have not ended', false)
    .option('--older-than <time>', 'only those that began at least 90s, 15m, 2h or 7d ago', seconds)
    .option('--limit <count>', 'at most this many', wholeNumber({ min: 1, max: MAX_LIMIT }), DEFAULT_LIMIT)
    .option('--json', 'print them as JSON', false)
    .action(runList);
}

async function runList(consumer: string | undefined, options: ListOptions): Promise<void> {
  const { step, open, olderThan: olderThanSeconds, limit, json, ...target } = options;
  const read = await withDeployment(target, (connection) =>
    readOf(connection, consumer, { step, open, olderThanSeconds }),
  );
  const { sagas, counts, unreadable, problems, isWhole } = read;
  const shown = sagas.slice(0, limit);
  if (json) printJson('sagas', { sagas: shown, total: sagas.length, counts, unreadable, isWhole }, problems);
  else {
    console.log(describeSagas(read, shown));
    for (const problem of problems) console.error(plainText(describeProblem(problem)));
  }
  if (problems.length + unreadable.length > 0) process.exitCode = EXIT.unknown;
}

async function readOf(
  { clients, deployment }: Connection,
  consumer: string | undefined,
  filter: SagaFilter,
): Promise<ReadSagas & { readonly consumers: number }> {
  const consumers =
    consumer === undefined ? sagaConsumers(deployment) : [sagaConsumerNamed(deployment, consumer)];
  const read = await readSagas(clients, consumers, filter);
  const unknown = consumer === undefined ? unknownConsumers(deployment) : [];
  return { ...read, problems: [...unknown, ...read.problems], consumers: consumers.length };
}
