import { resolve } from 'node:path';
import * as z from 'zod';
import { describeProblems } from '../../contracts/text/problem.ts';
import type { DeadLetter } from '../../ops/dead-letters/dead-letter.ts';
import { deadLetterQueueOf } from '../../ops/dead-letters/dead-letter-queue.ts';
import { editDeadLetter } from '../../ops/dead-letters/edit.ts';
import { lookThrough } from '../../ops/dead-letters/look-through.ts';
import { purge } from '../../ops/dead-letters/purge.ts';
import { purgeFileName } from '../../ops/dead-letters/purge-file.ts';
import { redrive } from '../../ops/dead-letters/redrive.ts';
import { shownDeadLetter } from '../../ops/dead-letters/shown-dead-letter.ts';
import { consumerNamed } from '../../ops/deployment.ts';
import { type Action, ActionError, change, query } from '../action.ts';
import type { ConsoleContext } from '../console-context.ts';
import { checked } from './checked.ts';

/** Maximum number of dead letters on the page. The command line lists all. */
const MAX_SHOWN = 200;
const PATH = '/api/dead-letters/:consumer';

const redriveBody = z.object({ errorName: z.string().optional() });
/** The letters that were shown: nobody has agreed to delete what has come since. */
const purgeBody = z.object({ messageIds: z.array(z.string()).min(1) });
const editBody = z.object({ messageId: z.string(), data: z.unknown() });

/** Actions that list dead letters; unless the console is read-only, also those that redrive, edit and purge them. */
export function deadLetterActions(deployed: ConsoleContext): readonly Action[] {
  const { clients, deployment } = deployed;
  const queueOf = ({ consumer = '' }: Readonly<Record<string, string>>) =>
    deadLetterQueueOf(consumerNamed(deployment, consumer));
  const list = query(PATH, async (parameters, _, signal) => {
    const deadLetters: DeadLetter[] = [];
    const look = await lookThrough(clients, queueOf(parameters), {
      signal,
      visit: async (received) => {
        deadLetters.push(...received.map(({ deadLetter }) => shownDeadLetter(deadLetter)));
        return deadLetters.length >= MAX_SHOWN ? 'enough' : 'next';
      },
    });
    return { deadLetters, more: look.total > look.seen, look };
  });
  if (deployed.readOnly) return [list];
  return [
    list,
    change(`${PATH}/redrive`, async (parameters, body, signal) => {
      const { moved, left, refused } = await redrive(clients, queueOf(parameters), {
        selection: checked(redriveBody, body),
        where: { place: deployed.place, stage: deployment.stage },
        signal,
      });
      return { moved, left, refused };
    }),
    change(`${PATH}/edit`, async (parameters, body, signal) => {
      const { messageId, data } = checked(editBody, body);
      const edit = (deadLetter: DeadLetter): unknown => validated(deployed, deadLetter, data);
      const { deadLetter, sent } = await editDeadLetter(clients, queueOf(parameters), {
        messageId,
        edit,
        signal,
      });
      return { ...shownDeadLetter(deadLetter), sent };
    }),
    change(`${PATH}/purge`, async (parameters, body, signal) => {
      const queue = queueOf(parameters);
      const selection = checked(purgeBody, body);
      const options = { selection, file: resolve(purgeFileName(queue.consumer.label)), signal };
      const { purged, file, missing, refused } = await purge(clients, queue, options);
      return { purged, file, missing: missing.length, refused: refused.length };
    }),
  ];
}

/** The data, if it fits the contract. @throws ActionError when it does not: the event would fail again */
function validated({ contracts }: ConsoleContext, deadLetter: DeadLetter, data: unknown): unknown {
  const version = contracts
    .flatMap(({ versions }) => versions)
    .find(({ versionedType }) => versionedType === deadLetter.type);
  const problems = version?.check(data) ?? [];
  if (problems.length > 0)
    throw new ActionError(400, `the data breaks the contract: ${describeProblems(problems)}`);
  return data;
}
