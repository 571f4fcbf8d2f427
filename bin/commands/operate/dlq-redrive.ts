import type { Command } from 'commander';
import { redrive } from '../../../lib/ops/dead-letters/redrive.ts';
import { consumerNamed } from '../../../lib/ops/deployment.ts';
import { countMessages } from '../../../lib/ops/status.ts';
import { createProgress } from '../../terminal/progress.ts';
import { ofConsumer, withSelection } from './dlq.ts';
import { type PlaceOptions, untilInterrupted, withDeployment } from './place.ts';
import { type SelectionOptions, selectionOf } from './selection.ts';

type RedriveOptions = PlaceOptions &
  SelectionOptions & { readonly perSecond?: number; readonly json: boolean };

/** Adds `fanfare dlq redrive`. */
export function addDlqRedrive(dlq: Command): void {
  withSelection(ofConsumer(dlq.command('redrive')))
    .description(
      'Sends dead letters back to their queue. Ctrl-C stops it: what is not moved by then stays, and nothing is lost.',
    )
    .option('--per-second <count>', 'messages a second at most, 1 to 500', Number)
    .option('--json', 'print the result as JSON', false)
    .action(runRedrive);
}

async function runRedrive(name: string, { perSecond, json, ...options }: RedriveOptions): Promise<void> {
  const signal = untilInterrupted();
  const moved = await withDeployment(options, async ({ clients, deployment }) => {
    const consumer = consumerNamed(deployment, name);
    const { waiting, inFlight } = await countMessages(clients, consumer.deadLetterQueueUrl);
    const progress = createProgress(process.stderr, 'Redriving', waiting + inFlight);
    const count = await redrive(clients, consumer, {
      selection: selectionOf(options),
      perSecond,
      signal,
      onProgress: progress.update,
    });
    progress.update(count);
    if (process.stderr.isTTY) process.stderr.write('\n');
    return count;
  });
  const result = { moved, stopped: signal.aborted };
  console.log(
    json
      ? JSON.stringify(result)
      : `${moved} dead letters are back in the queue of ${name}${signal.aborted ? '; stopped' : ''}.`,
  );
  if (signal.aborted) process.exitCode = 130;
}
