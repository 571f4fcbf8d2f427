import type { Command } from 'commander';
import { parseJson } from '../../../lib/contracts/json.ts';
import { type DeadLetter, selects } from '../../../lib/ops/dead-letters/dead-letter.ts';
import { holdLetters } from '../../../lib/ops/dead-letters/hold-letters.ts';
import { shownLetter } from '../../../lib/ops/dead-letters/shown-letter.ts';
import { consumerNamed } from '../../../lib/ops/deployment.ts';
import { formatTime } from '../../terminal/format-time.ts';
import { plainText, shortened } from '../../terminal/plain-text.ts';
import { ofConsumer, withSelection } from './dlq.ts';
import { type PlaceOptions, withDeployment } from './place.ts';
import { type SelectionOptions, selectionOf } from './selection.ts';

type ListOptions = PlaceOptions & SelectionOptions & { readonly json: boolean };

/** Adds `fanfare dlq list` and `show`. */
export function addDlqList(dlq: Command): void {
  withSelection(ofConsumer(dlq.command('list')))
    .description('Lists dead letters with their reasons. They stay where they are.')
    .option('--json', 'print a letter a line, as JSON', false)
    .action(runList);
  ofConsumer(dlq.command('show'))
    .argument('<message-id>', 'as the list shows it')
    .description('Shows one dead letter whole.')
    .option('--json', 'print it as JSON', false)
    .action(runShow);
}

/** Writes while it reads, so that ten thousand need no more memory than ten. */
async function runList(name: string, { json, ...options }: ListOptions): Promise<void> {
  const selection = selectionOf(options);
  let count = 0;
  await withDeployment(options, async ({ clients, deployment }) => {
    for await (const letters of holdLetters(clients, consumerNamed(deployment, name))) {
      for (const { letter } of letters) {
        if (!selects(selection, letter)) continue;
        count += 1;
        console.log(json ? JSON.stringify(shownLetter(letter)) : line(shownLetter(letter)));
      }
    }
  });
  if (!json) console.error(count === 0 ? `${name} has no such dead letters.` : `${count} dead letters.`);
}

async function runShow(name: string, messageId: string, { json, ...options }: ListOptions): Promise<void> {
  const letter = await withDeployment(options, async ({ clients, deployment }) => {
    for await (const letters of holdLetters(clients, consumerNamed(deployment, name))) {
      const found = letters.find(({ letter }) => letter.messageId === messageId);
      if (found) return shownLetter(found.letter);
    }
    throw new RangeError(`the dead-letter queue of ${name} has no message ${messageId}`);
  });
  console.log(json ? JSON.stringify(letter, null, 2) : describe(letter));
}

function line({ messageId, lastAt, type, errorName, errorMessage, attempts }: DeadLetter): string {
  const tries = attempts === undefined ? '' : ` (${attempts} attempts)`;
  const reason = shortened(plainText(`${errorName}: ${errorMessage}`), 100);
  return `${messageId}  ${formatTime(lastAt)}  ${plainText(type ?? 'no event')}  ${reason}${tries}`;
}

function describe(letter: DeadLetter): string {
  const { errorName, errorMessage, attempts, firstAt, lastAt, type, eventId, source, correlationId } = letter;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['message', letter.messageId],
    ['reason', `${errorName}: ${errorMessage}`],
    ['attempts', attempts?.toString()],
    ['first', formatTime(firstAt)],
    ['last', formatTime(lastAt)],
    ['type', type],
    ['event', eventId && `${eventId} of ${source}`],
    ['story', correlationId],
  ];
  const lines = facts.flatMap(([name, value]) => (value ? [`${name.padEnd(9)} ${plainText(value)}`] : []));
  return [...lines, '', bodyText(letter.body)].join('\n');
}

/** JSON, indented; each line of it is harmless. */
function bodyText(body: string): string {
  let text = body;
  try {
    text = JSON.stringify(parseJson(body), null, 2);
  } catch {
    // No JSON, or nested so deep that its indentation would fill the memory: shown as it lies in the queue.
  }
  return text.split('\n').map(plainText).join('\n');
}
