import { type Command, Option } from 'commander';
import * as events from '../../../events/index.ts';
import { parseJson } from '../../../lib/contracts/json.ts';
import { describeProblems } from '../../../lib/contracts/problem.ts';
import type { DeadLetter } from '../../../lib/ops/dead-letters/dead-letter.ts';
import { editLetter, withData } from '../../../lib/ops/dead-letters/edit.ts';
import { consumerNamed } from '../../../lib/ops/deployment.ts';
import { findVersion } from '../find-version.ts';
import { ofConsumer } from './dlq.ts';
import { editText } from './edit-text.ts';
import { type PlaceOptions, withDeployment } from './place.ts';

type EditOptions = PlaceOptions & { readonly data?: string; readonly editor?: string };

/** Adds `fanfare dlq edit`. */
export function addDlqEdit(dlq: Command): void {
  ofConsumer(dlq.command('edit'))
    .argument('<message-id>', 'as the list shows it')
    .description(
      'Mends the data of a dead letter, and sends it back to its queue under its own id and source.',
    )
    .option('--data <json>', 'the new data (default: opens an editor)')
    .addOption(new Option('--editor <command>', 'what to edit with').env('EDITOR').default('vi'))
    .action(runEdit);
}

async function runEdit(
  name: string,
  messageId: string,
  { data, editor = 'vi', ...options }: EditOptions,
): Promise<void> {
  const mend = async (letter: DeadLetter): Promise<string> => {
    const mended = parseJson(data ?? (await editText(dataOf(letter), editor)));
    refuseBroken(letter, mended);
    return withData(letter, mended);
  };
  const letter = await withDeployment(options, ({ clients, deployment }) =>
    editLetter(clients, consumerNamed(deployment, name), { messageId, mend }),
  );
  console.log(`${letter.type} ${letter.eventId} is back in the queue of ${name}, with its new data.`);
}

function dataOf(letter: DeadLetter): string {
  // Refuses what is no event, in words.
  withData(letter, undefined);
  const { data }: { readonly data?: unknown } = JSON.parse(letter.body);
  return JSON.stringify(data, null, 2) ?? '';
}

/** What breaks the contract would only die again. */
function refuseBroken({ type }: DeadLetter, data: unknown): void {
  const problems = findVersion(Object.values(events), type ?? '').check(data);
  if (problems.length > 0)
    throw new TypeError(`the data breaks the contract of ${type}: ${describeProblems(problems)}`);
}
