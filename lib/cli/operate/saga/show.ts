import type { Command } from 'commander';
import { readSaga } from '../../../ops/saga/read-sagas.ts';
import { sagaConsumerNamed } from '../../../ops/saga/saga-consumers.ts';
import { nonEmpty } from '../../terminal/parse-options.ts';
import { printJson } from '../../terminal/print-json.ts';
import { type TargetOptions, withDeployment, withTarget } from '../target.ts';
import { describeSaga } from './describe-saga.ts';

type ShowOptions = TargetOptions & { readonly json: boolean };

/** Adds `fanfare saga show`. */
export function addSagaShow(saga: Command): void {
  withTarget(
    saga
      .command('show')
      .argument('<consumer>', 'name of a saga, such as orders', nonEmpty)
      .argument('<id>', 'key of one, as saga list shows it', nonEmpty),
  )
    .description(
      'Shows the steps of a saga over time, its time-outs, what would undo what it has done, and its data.',
    )
    .option('--json', 'print it as JSON', false)
    .action(runShow);
}

async function runShow(consumer: string, id: string, { json, ...options }: ShowOptions): Promise<void> {
  const saga = await withDeployment(options, ({ clients, deployment }) =>
    readSaga(clients, sagaConsumerNamed(deployment, consumer), id),
  );
  if (json) printJson('saga', saga);
  else console.log(describeSaga(saga, Date.now()));
}
