import type { Command } from 'commander';
import { parseJson } from '../../../contracts/json/json.ts';
import { describeProblems } from '../../../contracts/text/problem.ts';
import type { DeadLetter } from '../../../ops/dead-letters/dead-letter.ts';
import { dataOf, editDeadLetter } from '../../../ops/dead-letters/edit.ts';
import { fanfareCommand } from '../../../ops/fanfare-command.ts';
import { findProject } from '../../../project/find-project.ts';
import { loadContracts } from '../../contracts/load-contracts.ts';
import { findVersion } from '../../find-version.ts';
import { readData } from '../../read-data.ts';
import { EXIT } from '../../terminal/exit-code.ts';
import { nonEmpty } from '../../terminal/parse-options.ts';
import { plainText } from '../../terminal/plain-text.ts';
import { printJson } from '../../terminal/print-json.ts';
import { untilStopped } from '../../terminal/until-stopped.ts';
import { createDraft, type Draft } from './edit-text.ts';
import { ofQueue, type QueueOptions, whereaboutsOf, withQueue } from './queue-options.ts';
import { describeRefusals } from './redrive.ts';

type EditOptions = QueueOptions & {
  readonly data?: string;
  readonly editor?: string;
  readonly json: boolean;
};

/** Adds `fanfare dlq edit`. */
export function addDlqEdit(dlq: Command): void {
  ofQueue(dlq.command('edit'))
    .argument('<message-id>', 'id of the message, as dlq list shows it', nonEmpty)
    .description(
      'Edits the data of a dead letter, and sends it back to its queue with the same event id and source. If the data is unchanged, nothing is sent.',
    )
    .option(
      '--data <json>',
      'the new data; @FILE reads it from a file, - from standard input (default: opens an editor)',
    )
    .option('--editor <command>', 'editor (default: $VISUAL, then $EDITOR, then vi)', nonEmpty)
    .option('--json', 'print the result as JSON', false)
    .action(runEdit);
}

async function runEdit(
  name: string,
  messageId: string,
  { data, editor = preferredEditor(), json, ...options }: EditOptions,
): Promise<void> {
  const signal = untilStopped();
  const given = data === undefined ? undefined : await readData(data);
  let draft: Draft | undefined;
  let command = '';
  const edit = async (deadLetter: DeadLetter): Promise<unknown> => {
    const before = JSON.stringify(dataOf(deadLetter), null, 2) ?? '';
    if (given === undefined) draft = await createDraft(before, editor, signal);
    const edited = parseJson(given ?? (await draft?.edit()) ?? '');
    if (signal.aborted) throw new Error('stopped; nothing was changed');
    await requireContract(deadLetter, edited);
    return edited;
  };
  try {
    await withQueue(name, options, async (connection, queue) => {
      const flag = options.undelivered ? ' --undelivered' : '';
      command = fanfareCommand(`dlq edit ${name} ${messageId}${flag}`, whereaboutsOf(connection));
      const { deadLetter, sent, undeleted } = await editDeadLetter(connection.clients, queue, {
        messageId,
        edit,
        signal,
      });
      const { type, eventId } = deadLetter;
      if (json) printJson('edit', { messageId, type, eventId, sent });
      else console.log(sentence(name, plainText(`${type} ${eventId}`), sent));
      if (!undeleted) return;
      for (const one of describeRefusals('SQS sent but did not delete', [undeleted])) console.error(one);
      process.exitCode = EXIT.trouble;
    });
    await draft?.discard();
  } catch (error) {
    if (!draft) throw error;
    if (await draft.isChanged()) throw withDraft(draft, command, error);
    await draft.discard();
    throw error;
  }
}

function sentence(name: string, what: string, sent: boolean): string {
  return sent
    ? `${what} was sent back to the queue of ${name}, with the new data.`
    : `The data of ${what} is unchanged; nothing was sent.`;
}

/** An error that also says where the edited text is, so that nothing has to be typed again. */
function withDraft({ file }: Draft, command: string, error: unknown): Error {
  const hint = `your text is in ${file}; correct it there, then run: ${command} --data @${file}`;
  // A command that was stopped prints no error, so the hint is printed here.
  if (untilStopped().aborted) console.error(`fanfare: ${hint}`);
  return new Error(`${error instanceof Error ? error.message : String(error)}; ${hint}`, { cause: error });
}

/** The editor of the environment variables that other programs use too. */
function preferredEditor(): string {
  return process.env.VISUAL || process.env.EDITOR || 'vi';
}

/** @throws TypeError when the data breaks the contract: the event would fail again */
async function requireContract({ type }: DeadLetter, data: unknown): Promise<void> {
  const problems = findVersion(await loadContracts(findProject().events), type ?? '').check(data);
  if (problems.length > 0)
    throw new TypeError(`the data breaks the contract of ${type}: ${describeProblems(problems)}`);
}
