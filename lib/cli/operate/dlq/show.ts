import type { Command } from 'commander';
import { parseJson } from '../../../contracts/json/json.ts';
import type { DeadLetter } from '../../../ops/dead-letters/dead-letter.ts';
import { isWhole, lookThrough } from '../../../ops/dead-letters/look-through.ts';
import { shownDeadLetter } from '../../../ops/dead-letters/shown-dead-letter.ts';
import { UnreadableError } from '../../../ops/errors.ts';
import { formatTime } from '../../terminal/format-time.ts';
import { nonEmpty } from '../../terminal/parse-options.ts';
import { plainText } from '../../terminal/plain-text.ts';
import { printJson } from '../../terminal/print-json.ts';
import { untilStopped } from '../../terminal/until-stopped.ts';
import { describeLook } from './describe-look.ts';
import { deadLetterJson } from './json.ts';
import { ofQueue, type QueueOptions, withQueue } from './queue-options.ts';

type ShowOptions = QueueOptions & { readonly json: boolean };

/** Adds `fanfare dlq show`. */
export function addDlqShow(dlq: Command): void {
  ofQueue(dlq.command('show'))
    .argument('<message-id>', 'id of the message, as dlq list shows it', nonEmpty)
    .description('Shows one dead letter completely.')
    .option('--json', 'print it as JSON', false)
    .action(runShow);
}

async function runShow(name: string, messageId: string, { json, ...options }: ShowOptions): Promise<void> {
  const signal = untilStopped();
  await withQueue(name, options, async ({ clients }, queue) => {
    let found: DeadLetter | undefined;
    const look = await lookThrough(clients, queue, {
      signal,
      visit: async (received) => {
        found = received.find(({ deadLetter }) => deadLetter.messageId === messageId)?.deadLetter;
        return found ? 'enough' : 'next';
      },
    });
    if (found) {
      if (json) printJson('deadLetter', deadLetterJson(shownDeadLetter(found)));
      else console.log(describe(shownDeadLetter(found)));
      return;
    }
    const notFound = `message ${messageId} was not found in the ${queue.role} of ${name}: ${describeLook(look, queue)}`;
    throw isWhole(look) ? new RangeError(notFound) : new UnreadableError(notFound);
  });
}

function describe(deadLetter: DeadLetter): string {
  const { errorName, errorMessage, attempts, firstAt, lastAt, type, eventId, source, correlationId, replay } =
    deadLetter;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['message', deadLetter.messageId],
    ['reason', `${errorName}: ${errorMessage}`],
    ['attempts', attempts?.toString()],
    ['first', formatTime(firstAt)],
    ['last', formatTime(lastAt)],
    ['type', type],
    ['event', eventId && `${eventId} of ${source}`],
    ['correlation id', correlationId],
    ['replay', replay && `${replay.id}, ${replay.mode}`],
  ];
  const lines = facts.flatMap(([name, value]) => (value ? [`${name.padEnd(9)} ${plainText(value)}`] : []));
  return [...lines, '', bodyText(deadLetter.body)].join('\n');
}

/** The body as indented JSON, with control characters escaped. */
function bodyText(body: string): string {
  let text = body;
  try {
    text = JSON.stringify(parseJson(body), null, 2);
  } catch {
    // It is no JSON, or nested so deep that its indentation would need too much memory. It is shown unchanged.
  }
  return text.split('\n').map(plainText).join('\n');
}
